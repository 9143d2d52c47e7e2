"""The journal of a day: what was done in each meeting, act by act, as far as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chancery.council.models import Person
from chancery.meetings.models import Session
from chancery.trail.models import Record
from chancery.trail.refs import Ref

from .. import access
from .calendar import Sitting, sittings


@dataclass(frozen=True)
class Part:
    """A meeting of the day with its acts, or the acts outside meetings."""

    sitting: Sitting | None
    acts: list[Record]


@dataclass(frozen=True)
class Journal:
    day: date
    parts: list[Part]
    tomorrow: list[Sitting]


def journal(session: Session, day: date, person: Person, at: datetime) -> Journal:
    """The journal of one day of a session, in the time of its place."""
    start = datetime.combine(day, time(), ZoneInfo(session.zone))
    end = start + timedelta(days=1)
    near = [one for one in sittings(start, end + timedelta(days=1)) if one.meeting.session_id == session.key]
    today = [one for one in near if one.start < end]
    visible = access.visible_acts(person, at).filter(session=session.key, outcome="done")
    acts = list(visible.filter(at__gte=start, at__lt=end).order_by("id"))
    parts = [Part(one, [act for act in acts if _during(act, one, today)]) for one in today]
    placed = {act.id for part in parts for act in part.acts}
    rest = [act for act in acts if act.id not in placed]
    return Journal(day, [*parts, *([Part(None, rest)] if rest else [])], [one for one in near if one.start >= end])


def _during(act: Record, sitting: Sitting, today: list[Sitting]) -> bool:
    """Whether an act belongs to a meeting: it names it, or was done while the council sat and names no other."""
    named = [one for one in today if Ref(str(one.meeting.ref)) in (act.subject, act.result)]
    if named:
        return sitting in named
    return sitting.meeting.body_id is None and sitting.start <= act.at <= sitting.end
