"""The collector: every official act that has no entry yet is entered. A crash costs nothing; it runs again."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from chancery import canon
from chancery.council.models import Council
from chancery.ledger import Refused, note, tree
from chancery.trail import door, faults, refs
from chancery.trail.models import Record

from .leaves import leaf_of
from .models import Entry, Pending
from .sequencer import Sequencer

log = logging.getLogger(__name__)


def is_founded() -> bool:
    return (Path(settings.DATA_DIR) / "register").is_dir()


def found_if_absent(witnesses: str = "quorum none\n") -> None:
    """Found the register under the council's origin, once; `witnesses` are lines of its policy."""
    if not is_founded():
        Sequencer.found(Path(settings.DATA_DIR), Council.objects.get().origin, witnesses).close()


def asks_witnesses() -> bool:
    """Whether the policy names witnesses: then only the worker, which alone calls out, signs heads."""
    return b"\nwitness " in b"\n" + (Path(settings.DATA_DIR) / "register" / "policy").read_bytes()


def ensure_register() -> None:
    """Found the register if it is absent, then enter what is not entered yet."""
    found_if_absent()
    collect()


def follow(records: list[Record]) -> None:
    """After a commit: enter what became official. A failure waits for the next round and is logged."""
    if not is_founded() or asks_witnesses() or not any(record.official for record in records):
        return
    try:
        collect()
    except (Refused, OSError):
        log.exception("the collector failed; it tries again within a minute")


def collect() -> int:
    """Enter everything official that has no entry yet. Gives how many entries were born."""
    with Collector() as collector:
        return collector.collect()


class Collector:
    """One sequencer for as long as it is held: witnesses that answered once need not be asked again to sign."""

    def __init__(self) -> None:
        self._sequencer = Sequencer(Path(settings.DATA_DIR), faults.reach)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sequencer.close()

    def collect(self) -> int:
        """Queue, catch up, append, catch up: each step may be the first after a crash."""
        sequencer = self._sequencer
        with sequencer.exclusive():
            _queue(sequencer.receipt_signer)
            born = _catch_up(sequencer)
            if waiting := list(Pending.objects.filter(rejected="")):
                sequencer.append([bytes(row.leaf) for row in waiting])
                faults.reach("appended")
                born += _catch_up(sequencer)
            return born

    def ask(self) -> None:
        """Ask the witnesses that are due; a witness that contradicts us is an alarm, not a loop."""
        for heard in self._sequencer.ask_witnesses():
            if heard.standing.is_fatal:
                log.error("ALARM: witness %s %s %s", heard.witness, heard.standing.value, heard.detail)

    def round(self) -> None:
        """What the worker does: ask, enter, ask about the new head."""
        self.ask()
        if self.collect():
            self.ask()


def _queue(receipt: note.Signer) -> None:
    """A leaf for each official act that has none; what is embargoed waits until it is public."""
    entered, queued = Entry.objects.filter(record=OuterRef("pk")), Pending.objects.filter(record=OuterRef("pk"))
    missing = (
        Record.objects.filter(outcome="done").exclude(official="").exclude(Exists(entered)).exclude(Exists(queued))
    )
    council = Council.objects.first()
    for record in missing.order_by("id").iterator():
        if council is None or _is_early(record):
            continue
        try:
            leaf, digest = leaf_of(record, council, receipt)
            Pending.objects.create(record=record, leaf=leaf, digest=digest)
        except Refused as error:
            Pending.objects.create(
                record=record, leaf=b"", digest=canon.sha256(str(record.id).encode()), rejected=str(error)[:300]
            )


def _is_early(record: Record) -> bool:
    """A release enters after it is public; until then nothing of it stands anywhere the public could read."""
    if not record.act.startswith("release."):
        return False
    until = refs.get(record.subject).public_from  # type: ignore[attr-defined]  # the subject is a press item
    return until is not None and until > now()


def now() -> datetime:
    """This instant; in a rehearsal that of the last act, so that an invented session reads the same any day."""
    council = Council.objects.first()
    if council and council.rehearsal and (last := Record.objects.order_by("-id").first()):
        return last.at
    return door.now()


def _catch_up(sequencer: Sequencer) -> int:
    """Give birth to the entries of leaves that stand in the log and are not indexed yet."""
    known, size = Entry.objects.count(), sequencer.head().size
    born = 0
    with transaction.atomic():
        for index, leaf in enumerate(sequencer.entries(known, size), known):
            digest = canon.sha256(note.parse(leaf).text)
            waiting = Pending.objects.get(digest=digest)
            leaf_hash = tree.leaf_hash(leaf).hex()
            Entry.objects.create(index=index, record_id=waiting.record_id, leaf_hash=leaf_hash, digest=digest)
            waiting.delete()
            faults.reach("indexed")
            born += 1
    return born
