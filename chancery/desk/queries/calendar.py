"""The calendar of all bodies: what sits on which day, where, and what clashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from chancery.meetings.models import Interval, Meeting, Session

# A planned meeting whose end nobody named is taken to last half a day.
HALF_A_DAY = timedelta(hours=3)


@dataclass(frozen=True)
class Sitting:
    """A meeting on the calendar: planned, or held from its opening to its close."""

    meeting: Meeting
    start: datetime
    end: datetime

    @property
    def zone(self) -> str:
        return self.meeting.session.zone


@dataclass(frozen=True)
class Day:
    day: date
    sessions: list[Session]
    sittings: list[Sitting]
    clashes: list[str]


def month(year: int, number: int) -> list[Day]:
    """The days of a month on which something sits, in order."""
    first = date(year, number, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    reach = (_midnight(first) - timedelta(days=1), _midnight(last) + timedelta(days=2))
    sessions = list(Session.objects.filter(opens_at__lt=reach[1], closes_at__gt=reach[0]).exclude(state="cancelled"))
    by_day: dict[date, list[Sitting]] = defaultdict(list)
    for sitting in sittings(*reach):
        by_day[sitting.start.astimezone(ZoneInfo(sitting.zone)).date()].append(sitting)
    days = sorted({*by_day, *(day for session in sessions for day in _days(session))})
    return [_day(day, sessions, by_day[day]) for day in days if first <= day <= last]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _days(session: Session) -> list[date]:
    zone = ZoneInfo(session.zone)
    first, last = session.opens_at.astimezone(zone).date(), session.closes_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day(day: date, sessions: list[Session], sat: list[Sitting]) -> Day:
    return Day(day, [session for session in sessions if day in _days(session)], sat, clashes(sat))


def sittings(start: datetime, end: datetime) -> list[Sitting]:
    """All meetings that sit between two instants, planned or held, in order of their beginning."""
    held: dict[str, list[Interval]] = defaultdict(list)
    for span in Interval.objects.filter(from_at__gte=start, from_at__lt=end).order_by("from_at"):
        held[span.meeting_id].append(span)
    rows = Meeting.objects.select_related("session", "body").exclude(session__state="cancelled")
    found = [_held(row, held[row.pk]) for row in rows.filter(pk__in=list(held))]
    planned = rows.filter(state="planned", opens_at__gte=start, opens_at__lt=end)
    found += [Sitting(row, row.opens_at, row.closes_at or row.opens_at + HALF_A_DAY) for row in planned if row.opens_at]
    return sorted(found, key=lambda sitting: (sitting.start, sitting.meeting.key))


def _held(meeting: Meeting, spans: list[Interval]) -> Sitting:
    last = spans[-1].to_at or spans[-1].from_at + HALF_A_DAY
    return Sitting(meeting, spans[0].from_at, last)


def clashes(sat: Iterable[Sitting]) -> list[str]:
    """What cannot both be, in words: one room twice, or the council and a body of its members at once."""
    found = []
    for one, other in combinations(sat, 2):
        if one.start < other.end and other.start < one.end and (words := _clash(one.meeting, other.meeting)):
            found.append(words)
    return found


def _clash(one: Meeting, other: Meeting) -> str:
    if one.room and one.room == other.room:
        words = gettext("Room {room} is taken twice: meetings {one} and {other}.")
        return words.format(room=one.room, one=one.key, other=other.key)
    if (one.body_id is None) != (other.body_id is None):
        return gettext("Meetings {one} and {other} sit at the same time; members sit in both.").format(
            one=one.key, other=other.key
        )
    return ""
