"""Notice and deadlines: calendar and working days in the zone of the venue, hours between instants.

Days are local dates of the zone that the rules name, else that of the venue; a day of 23 or 25 hours is a day.
`n` days before a date are counted back from it, so that calendar notice is the difference of the two dates; of
working days only those on which the secretariat works and that are no holidays are counted (design). Hours are
differences of instants. A deadline ends with its local day: what arrives at `due_at` or after it is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from chancery.procedure.parameters.convening import Sessions
from chancery.procedure.rulesets import RuleSet

Kind = Literal["regular", "special", "emergency"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Check:
    """Whether a rule is satisfied: the parameter, what it needs, what there is, and a sentence why."""

    ok: bool
    rule: str
    need: int | None
    got: int | None
    because: str


def notice_satisfied(rules: RuleSet, kind: Kind, sent_at: datetime, opens_at: datetime, zone: str) -> Check:
    """Whether the notice of a session was sent long enough before its opening."""
    periods, rule = rules.sessions.notice_days, f"sessions.notice_days.{kind}"
    if kind == "emergency" and periods.emergency_hours is not None:
        hours = int((opens_at - sent_at).total_seconds() // 3600)
        return _check("sessions.notice_days.emergency_hours", periods.emergency_hours, hours, "hours")
    need = getattr(periods, kind)
    got = days_between(rules.sessions, sent_at, opens_at, zone)
    if need is None:
        return Check(True, rule, None, got, f"The rules ask for no notice of a {kind} session.")
    return _check(rule, need, got, f"{rules.sessions.day_count} days")


def may_shorten(rules: Sessions, members: int, consents: int, objections: int) -> Check:
    """Whether so many consents, or so few objections, shorten the notice (W3C: nobody objects)."""
    rule = "sessions.notice_shortening"
    if rules.notice_shortening is None:
        return Check(False, rule, None, None, "These rules do not shorten a notice.")
    if rules.notice_shortening == "no_objection":
        return Check(objections == 0, rule, 0, objections, f"{objections} members object; none may.")
    need = members if rules.notice_shortening == "unanimous" else members // 2 + 1
    return Check(consents >= need, rule, need, consents, f"{consents} members consent; {need} must.")


def _check(rule: str, need: int, got: int, unit: str) -> Check:
    ok = got >= need
    return Check(ok, rule, need, got, f"{got} {unit} of notice; the rules ask for {need}.")


def days_between(rules: Sessions, earlier: datetime, later: datetime, zone: str) -> int:
    """Days of the rule's kind from one instant's local date to the other's, the last one counted, the first not.

    Negative where `later` lies before.
    """
    first, last = local_date(rules, earlier, zone), local_date(rules, later, zone)
    if rules.day_count == "calendar":
        return (last - first).days
    if last < first:
        return -days_between(rules, later, earlier, zone)
    return sum(is_working_day(rules, first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def days_before(rules: Sessions, opens_at: datetime, days: int, zone: str) -> date:
    """The last local date that lies so many days of the rule's kind before the opening."""
    day = local_date(rules, opens_at, zone)
    while days > 0:
        days -= rules.day_count == "calendar" or is_working_day(rules, day)
        day -= timedelta(days=1)
    return day


def due_at(rules: Sessions, opens_at: datetime, days: int, zone: str) -> datetime:
    """The instant at which something due so many days before the opening is late: the end of that local day."""
    day = days_before(rules, opens_at, days, zone) + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(rules.clock_zone or zone))


def is_working_day(rules: Sessions, day: date) -> bool:
    """Whether the secretariat works on this day."""
    return WEEKDAYS[day.weekday()] in rules.working_days and day not in rules.holiday_calendar


def local_date(rules: Sessions, instant: datetime, zone: str) -> date:
    """The local date of an instant, in the zone of the rules, else of the venue."""
    return instant.astimezone(ZoneInfo(rules.clock_zone or zone)).date()


def term_ends(start: date, years: int) -> date:
    """The day on which a term of years ends; one that began on a leap day ends on 28 February (design)."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)
