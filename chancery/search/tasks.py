"""Keeping the index: it follows the trail record by record, and what a crash left out is taken up next time."""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction

from chancery.trail import door, refs
from chancery.trail.errors import Unknown
from chancery.trail.models import Mention, Record

from . import reading
from .models import Indexed, Reached
from .words import fold, terms

log = logging.getLogger(__name__)


def follow(records: list[Record]) -> None:
    """After a commit: index what the acts touched. The act stands whatever happens here."""
    try:
        catch_up()
    except DatabaseError:
        log.exception("the index waits for the next round")


def catch_up() -> int:
    """Index whatever the acts since the last round mention, as it stands now. Gives how many objects."""
    with transaction.atomic():
        reached, _ = Reached.objects.select_for_update().get_or_create(pk=1)
        newest = door.last_id()
        if newest == reached.record:
            return 0
        mentioned = Mention.objects.filter(record__gt=reached.record, record__lte=newest)
        touched = sorted(set(mentioned.values_list("ref", flat=True)))
        for ref in touched:
            _index(ref)
        reached.record = newest
        reached.save(update_fields=["record"])
        return len(touched)


def rebuild() -> int:
    """Throw the index away and make it again from the record."""
    with transaction.atomic():
        Indexed.objects.all().delete()
        Reached.objects.update_or_create(pk=1, defaults={"record": 0})
        return catch_up()


def _index(ref: str) -> None:
    try:
        row = refs.get(ref)
    except (Unknown, KeyError):
        Indexed.objects.filter(ref=ref).delete()
        return
    found = reading.texts(row)
    Indexed.objects.filter(ref=ref).exclude(language__in=found).delete()
    audience, public_from = reading.audience(row), reading.public_from(row)
    for language, (title, words) in found.items():
        Indexed.objects.update_or_create(
            ref=ref,
            language=language,
            defaults={
                "kind": row.ref_kind,
                "symbol": fold(row.key),
                "session": getattr(row, "session_id", None) or "",
                "body": reading.body_of(row),
                "title": title[:300],
                "text": words,
                "title_terms": terms(f"{row.key} {title}"),
                "terms": terms(words),
                "audience": audience,
                "public_from": public_from,
            },
        )
