"""What the register holds of an act, for pages."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from chancery.trail.models import Record

from .models import Entry as Entry
from .sequencer import Sequencer


def entry_of(act: str, result: str) -> Entry | None:
    """The entry of the act that brought `result` about."""
    return Entry.objects.filter(record__act=act, record__result=result).select_related("record").first()


def entries_of(acts: dict[str, str]) -> dict[str, Entry]:
    """The entries of acts by what each brought about, from act name by result; in one query."""
    about = Entry.objects.filter(record__result__in=acts, record__act__in=acts.values()).select_related("record")
    return {entry.record.result: entry for entry in about if acts[entry.record.result] == entry.record.act}


def entries_about(ref: str) -> list[Entry]:
    """The entries whose act names `ref` as its subject or result, in order."""
    about = Record.objects.filter(subject=ref) | Record.objects.filter(result=ref)
    return list(Entry.objects.filter(record__in=about.values("pk")).select_related("record"))


def latest(most: int) -> list[Entry]:
    """The newest entries, newest first."""
    return list(Entry.objects.select_related("record").order_by("-index")[:most])


def entry(index: int) -> Entry | None:
    return Entry.objects.select_related("record").filter(pk=index).first()


def leaf_text(index: int) -> str:
    """The leaf of an entry as it stands in the log."""
    sequencer = Sequencer(Path(settings.DATA_DIR))
    try:
        return next(iter(sequencer.entries(index, index + 1))).decode(errors="replace")
    finally:
        sequencer.close()
