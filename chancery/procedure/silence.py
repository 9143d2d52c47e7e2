"""Silence: a text is adopted at an exact instant unless a member breaks the silence before it.

Sources: OSCE Rules of Procedure MC.DOC/1/06, annex 1(A); UN General Assembly decision 74/544 (at least 72 hours).
A duration is a difference of instants, so a night in which clocks change makes a day of 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from chancery import canon
from chancery.procedure.outcomes import Owed, Verdict
from chancery.procedure.parameters.deciding import SilenceRules
from chancery.procedure.proceedings import Handler, Proceedings, RunningSilence, pending
from chancery.procedure.questions import Event, OutOfOrder
from chancery.procedure.steps import Ground, Number, Step, at_least, at_most


@dataclass(frozen=True)
class Length:
    """Whether a period of silence is long enough, and the earliest lawful expiry."""

    ok: bool
    got: Number
    need: int | None
    earliest: datetime
    because: str


def length_is_lawful(rules: SilenceRules, proposed_at: datetime, expiry: datetime, zone: str) -> Length:
    """The length in hours between the instants against the minimum; never against wall-clock times.

    `earliest` is the next expiry that the rules allow, and `because` names it in the venue's zone.
    """
    got = hours_between(proposed_at, expiry)
    earliest = proposed_at + timedelta(hours=rules.min_hours or 0)
    while earliest.astimezone(ZoneInfo(zone)).date().isoformat() in rules.quiet_days:
        earliest += timedelta(days=1)
    quiet = expiry.astimezone(ZoneInfo(zone)).date().isoformat() in rules.quiet_days
    local = earliest.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    if got <= 0:
        return Length(False, got, rules.min_hours, earliest, "The expiry does not lie after the proposal.")
    if got < (rules.min_hours or 0):
        because = f"{got} hours lie between the instants; the rules ask for {rules.min_hours}. Next: {local} {zone}."
        return Length(False, got, rules.min_hours, earliest, because)
    if quiet:
        return Length(False, got, rules.min_hours, earliest, f"No silence ends on a quiet day. Next: {local} {zone}.")
    return Length(True, got, rules.min_hours, earliest, f"{got} hours lie between the instants.")


def hours_between(start: datetime, end: datetime) -> Number:
    """Hours between two instants: an integer, or a fraction where minutes are over."""
    hours = Fraction(int((end - start).total_seconds()), 3600)
    return hours.numerator if hours.denominator == 1 else hours


def moved_expiry(rules: SilenceRules, expiry: datetime, outages: Iterable[tuple[datetime, datetime]]) -> datetime:
    """The expiry after outages: one of at least `gap` minutes that touches the last `watch` hours moves it.

    It moves to the later of itself and the end of the outage + `extend` hours (design).
    """
    rule = rules.outage
    if rule is None:
        return expiry
    for start, end in sorted(outages):
        long_enough = end - start >= timedelta(minutes=rule.gap)
        touches = start < expiry and end > expiry - timedelta(hours=rule.watch)
        if long_enough and touches:
            expiry = max(expiry, end + timedelta(hours=rule.extend))
    return expiry


def propose(proceedings: Proceedings, event: Event) -> None:
    """`silence.proposed`: the chair, with an exact expiry, not shorter than the minimum."""
    proceedings.check_open(event)
    rules = _rules(proceedings)
    if proceedings.silence is not None:
        raise OutOfOrder("order", "A silence is running; a restart is a new question.")
    expiry = event.data["expiry"]
    length = length_is_lawful(rules, event.at, expiry, proceedings.electorate.zone)
    if not length.ok:
        raise OutOfOrder("silence.min_hours", length.because, canon.instant_text(length.earliest))
    proceedings.silence = RunningSilence(event.at, expiry, expiry)


def extend(proceedings: Proceedings, event: Event) -> None:
    """`silence.extended`: by the proposer, before the expiry, as often as the rules allow."""
    rules, silence = _rules(proceedings), _running(proceedings, event)
    if rules.extension == "no":
        raise OutOfOrder("silence.extension", "These rules do not extend a silence.")
    if rules.max_extensions is not None and silence.extensions >= rules.max_extensions:
        raise OutOfOrder("silence.max_extensions", f"It was extended {silence.extensions} times already.")
    if event.by != "chair":
        raise OutOfOrder("roles", "Only the chair, who proposed it, extends a silence.")
    if event.data["expiry"] <= silence.expiry:
        raise OutOfOrder("silence.extension", "The new expiry does not lie after the old one.")
    silence.expiry, silence.extensions = event.data["expiry"], silence.extensions + 1


def break_(proceedings: Proceedings, event: Event) -> None:
    """`silence.objection`, `silence.amendment`, and a spoken `objection` in the meeting.

    Received before the expiry it breaks the silence; at it or after it is recorded as late, without effect.
    """
    rules = _rules(proceedings)
    if proceedings.silence is None:
        raise OutOfOrder("order", "No silence is running.")
    member = proceedings.roll.check_may_act(event)
    if event.kind == "silence.amendment" and not rules.amendment_breaks:
        raise OutOfOrder(
            "silence.amendment_breaks", "An amendment does not break this silence.", "Object, or propose anew."
        )
    silence = proceedings.silence
    if event.at >= silence.expiry:
        _note_late(proceedings, event, member)
    elif not proceedings.closed:
        _count_breaker(proceedings, silence, event, member)


def _count_breaker(proceedings: Proceedings, silence: RunningSilence, event: Event, member: str) -> None:
    silence.breakers.setdefault(member, event)
    if len(silence.breakers) == breakers_needed(_rules(proceedings)):
        proceedings.settle(_broken(proceedings, event))


def breakers_needed(rules: SilenceRules) -> int:
    """How many members break a silence."""
    return rules.breakers if isinstance(rules.breakers, int) else 1


def note_outage(proceedings: Proceedings, event: Event) -> None:
    """`outage`: a gap in the heartbeat of the server may move the expiry; all are told."""
    if proceedings.silence is None or proceedings.closed:
        return
    silence = proceedings.silence
    moved = moved_expiry(_rules(proceedings), silence.expiry, [(event.data["from"], event.data["to"])])
    if moved != silence.expiry:
        silence.expiry = moved
        proceedings.effects.append({"do": "extended", "expiry": moved, "told": "all_members"})
        _hear_again(proceedings, silence)


def _hear_again(proceedings: Proceedings, silence: RunningSilence) -> None:
    """What came by another channel during the outage was late only for the old expiry."""
    late, silence.late = silence.late, []
    proceedings.effects = [effect for effect in proceedings.effects if effect["do"] != "late"]
    for event in late:
        break_(proceedings, event)


def expire(proceedings: Proceedings, event: Event) -> None:
    """`clock`: unbroken at the expiry, the text is adopted at that instant, whenever the clock is read."""
    silence = proceedings.silence
    if silence is None or proceedings.closed or event.at < silence.expiry:
        return
    rules = _rules(proceedings)
    owed = Owed("announce", {"at": "next_meeting" if rules.publish == "next_meeting" else "once"})
    proceedings.settle(Verdict("adopted", silence.expiry, working=_working(proceedings), next=owed))


def announced(proceedings: Proceedings) -> None:
    """The chair announced the end of the silence: nothing more is owed."""
    answer = proceedings.answer
    if answer is not None:
        proceedings.answer = Verdict(answer.status, answer.decided_at, answer.tallies, answer.working)


def unfinished(proceedings: Proceedings) -> Verdict:
    """No silence is running, or it still runs."""
    if proceedings.silence is None:
        return pending("announce", silence="proposal")
    return Verdict(
        "pending", working=_working(proceedings), next=Owed("announce", {"after": proceedings.silence.expiry})
    )


def _broken(proceedings: Proceedings, event: Event) -> Verdict:
    owed = Owed("announce", {"to": "all_members", "how": "in_writing", "at": "once"})
    return Verdict("broken", event.at, working=_working(proceedings), next=owed)


def _working(proceedings: Proceedings) -> tuple[Step, ...]:
    rules, silence = _rules(proceedings), proceedings.silence
    assert silence is not None
    most, broke = breakers_needed(rules) - 1, len(silence.breakers)
    ground = Ground("heads", "members", len(proceedings.roll.members), ("objection", "amendment"))
    breakers = at_most("silence.breakers", "expiry", ground, most, broke)
    if rules.min_hours is None:
        return (breakers,)
    hours = hours_between(silence.proposed_at, silence.proposed_expiry)
    length = Ground("hours", "instants", hours, ("hours",))
    return (at_least("silence.min_hours", "proposal", length, rules.min_hours, hours), breakers)


def _note_late(proceedings: Proceedings, event: Event, member: str) -> None:
    assert proceedings.silence is not None
    proceedings.silence.late.append(event)
    proceedings.effects.append({"do": "late", "seq": event.seq, "member": member, "received": event.at})


def _rules(proceedings: Proceedings) -> SilenceRules:
    return proceedings.rules.silence or SilenceRules()


def _running(proceedings: Proceedings, event: Event) -> RunningSilence:
    silence = proceedings.silence
    if silence is None or proceedings.closed or event.at >= silence.expiry:
        raise OutOfOrder("silence.extension", "No silence is running at this instant.")
    return silence


HANDLERS: dict[str, Handler] = {
    "silence.proposed": propose,
    "silence.extended": extend,
    "silence.objection": break_,
    "silence.amendment": break_,
    "outage": note_outage,
}
