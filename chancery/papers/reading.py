"""What readers did with papers: read marks, openings of restricted ones. Not acts: they are not exported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from chancery.council.models import Person
from chancery.trail.errors import Refused

from . import access
from .models import Opening, Paper, PaperVersion, ReadMark

KEPT_AFTER_CLOSING = timedelta(days=2 * 365)
"""How long the log of openings is kept after the session was closed and went to the archive."""


def mark_read(person: Person, versions: Iterable[PaperVersion], at: datetime) -> None:
    """Remember that the person read these versions; what was read already keeps its first instant."""
    marks = [ReadMark(person=person, version=version, read_at=at) for version in versions]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)


def opened(person: Person | None, versions: Iterable[PaperVersion], at: datetime) -> None:
    """Call this wherever bytes of papers are given out: it marks them read, and logs the restricted ones."""
    if person is None or person._state.adding:  # a stranger, or the operator, whose access is an act of its own
        return
    given = list(versions)
    mark_read(person, given, at)
    restricted = [version for version in given if version.paper.restricted]
    if restricted:
        Opening.objects.bulk_create(Opening(person=person, version=version, opened_at=at) for version in restricted)


def readers(paper: Paper, reader: Person, at: datetime) -> list[Opening]:
    """Who opened which version of a paper when, newest first, at most 500. Refused to all but the secretariat."""
    if not access.may_read_log(reader, at):
        raise Refused("roles", "only the secretariat reads who opened a restricted paper")
    return list(Opening.objects.filter(version__paper=paper).select_related("person", "version")[:500])


def forget_openings(at: datetime) -> int:
    """Delete openings whose time is over; how many went."""
    before = at - KEPT_AFTER_CLOSING
    over = Q(version__paper__session__closed_at__lt=before)
    alone = Q(version__paper__session=None, opened_at__lt=before)
    return Opening.objects.filter(over | alone).delete()[0]
