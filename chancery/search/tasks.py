"""Keeping the index: after each act, what it touched is indexed anew."""

from __future__ import annotations

from django.db import transaction

from chancery.trail import refs
from chancery.trail.errors import Unknown
from chancery.trail.models import Record

from .models import Indexed
from .queries import fold


def follow(records: list[Record]) -> None:
    """Index what these acts touched."""
    touched = {ref for record in records for ref in (record.subject, record.result) if ref}
    with transaction.atomic():
        for ref in sorted(touched):
            _index(ref)


def _index(ref: str) -> None:
    try:
        row = refs.get(ref)
    except Unknown:
        return
    for language, (title, words) in row.searchable().items():
        Indexed.objects.update_or_create(
            ref=ref,
            language=language,
            defaults={
                "title": title[:300],
                "words": fold(f"{row.key} {title} {words}"),
                "audience": row.audience,
                "session": getattr(row, "session_id", None) or "",
            },
        )
