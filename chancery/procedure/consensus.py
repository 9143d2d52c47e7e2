"""Consensus: no stated objection of an entitled member when the chair asks, or no more than the rules allow.

Sources: OSCE Rules of Procedure IV.1(A) (no objection); OSCE Parliamentary Assembly emergency rules (minus one).
"Does not stand in the way" is adoption with a statement; silence of an absent member is no objection.
"""

from __future__ import annotations

from datetime import timedelta

from chancery.procedure import quorum
from chancery.procedure.outcomes import Owed, Verdict
from chancery.procedure.proceedings import Handler, Proceedings, pending
from chancery.procedure.questions import Event, OutOfOrder
from chancery.procedure.steps import Ground, Step, at_most


def object_to(proceedings: Proceedings, event: Event) -> None:
    """`objection`: an accredited delegate's act, before the result."""
    proceedings.check_open(event)
    member = proceedings.roll.check_may_act(event)
    proceedings.objections.setdefault(member, event)


def result(proceedings: Proceedings, event: Event) -> Verdict:
    """The answer at `result.announced`; objected to it is rejected, with the fallback the rules name."""
    rules, roll = proceedings.rules, proceedings.roll
    check = _quorum(proceedings, event)
    entitled = len(roll.holding("vote", event.at))
    most, got = rules.methods.consensus_minus, len(proceedings.objections)
    ground = Ground("heads", "entitled", entitled, ("objection",))
    step = at_most("methods.consensus_minus", "result", ground, most, got)
    if check is not None and not check.met:
        return Verdict("void_no_quorum", event.at, working=(check, step), next=Owed("debate"))
    steps = (check, step) if check else (step,)
    if got:
        proceedings.effects.append({"do": "objectors", "members": list(proceedings.objections)})
    if step.met:
        return Verdict("adopted", event.at, working=steps)
    return Verdict("rejected", event.at, working=steps, next=_fallback(proceedings))


def _quorum(proceedings: Proceedings, event: Event) -> Step | None:
    """A consensus has one moment, its result; the room is looked at then if the rules look at it in a vote."""
    rules = proceedings.rules.quorum
    challenged = len(proceedings.challengers) >= quorum.challenges_needed(rules, len(proceedings.roll.members))
    moments = {"vote_start", "vote_end", *(("on_challenge",) if challenged else ())}
    if not moments & set(rules.check_at) or (rules.presumed_unless_challenged and not challenged):
        return None
    return quorum.check(rules, "decide", proceedings.roll, quorum.Look(event.at, "result"))


def _fallback(proceedings: Proceedings) -> Owed | None:
    """A vote, where the set names it after consensus; else there is none."""
    if proceedings.rules.methods.default[:2] != ("consensus", "vote"):
        return None
    return Owed("ballot", {"method": "vote"})


def confirm(proceedings: Proceedings, event: Event) -> None:
    """`confirmation.given`: a capital answers yes or no, until the term has ended."""
    if event.for_ not in proceedings.capitals:
        raise OutOfOrder("statements.ad_referendum", f"{event.for_} is none of the capitals that must confirm.")
    if proceedings.closed:
        raise OutOfOrder("order", "The term for confirmation is over.")
    if proceedings.answer is None:
        raise OutOfOrder("order", "Nothing is adopted yet that could be confirmed.")
    _end_if_due(proceedings, event)
    if proceedings.closed:
        raise OutOfOrder("statements.ad_referendum", "The answer came after the term had ended.")
    proceedings.confirmations[event.for_] = event
    if event.data["value"] == "no":
        proceedings.settle(_confirmed(proceedings, "rejected", event))
    elif all(capital in proceedings.confirmations for capital in proceedings.capitals):
        proceedings.settle(_confirmed(proceedings, "adopted", event))


def end_term(proceedings: Proceedings, event: Event) -> None:
    """`clock`: the term for confirmation has ended; what no answer means is the rule's."""
    if proceedings.answer is not None and not proceedings.closed:
        _end_if_due(proceedings, event)


def _end_if_due(proceedings: Proceedings, event: Event) -> None:
    answer = proceedings.answer
    if answer is None or answer.next is None or "until" not in answer.next.with_:
        return
    until, silence_means = answer.next.with_["until"], answer.next.with_["silence_means"]
    if event.at >= until:
        status = "adopted" if silence_means == "consent" else "rejected"
        proceedings.settle(Verdict(status, until, answer.tallies, answer.working))


def _confirmed(proceedings: Proceedings, status: str, event: Event) -> Verdict:
    assert proceedings.answer is not None
    return Verdict(status, event.at, proceedings.answer.tallies, proceedings.answer.working)


def subject_to_confirmation(proceedings: Proceedings, adopted: Verdict, event: Event) -> Verdict:
    """Adopted ad referendum, or in the absence of members that must confirm: pending until all have answered.

    Named capitals have the term of `statements.ad_referendum`; absent members, whose silence is no consent, that
    of `statements.absent_confirm` (Arctic Council 1998, 45 days, unverified).
    """
    proceedings.capitals, days, silence_means = _who_must_confirm(proceedings, event)
    missing = [capital for capital in proceedings.capitals if capital not in proceedings.confirmations]
    if not missing:
        return adopted
    term = {} if days is None else {"until": event.at + timedelta(days=days), "silence_means": silence_means}
    owed = Owed("confirmation", {"capitals": missing, **term})
    return Verdict("pending", None, adopted.tallies, adopted.working, owed)


def _who_must_confirm(proceedings: Proceedings, event: Event) -> tuple[tuple[str, ...], int | None, str]:
    """The capitals, the days of their term, and what silence means at its end."""
    rules, roll, method = proceedings.rules.statements, proceedings.roll, proceedings.question.method
    if method == "ad_referendum" and rules.ad_referendum is not None:
        return proceedings.question.capitals, rules.ad_referendum.days, rules.ad_referendum.silence_means
    if method == "ad_referendum":
        return proceedings.question.capitals, None, ""
    if method != "consensus" or rules.absent_confirm is None:
        return (), None, ""
    absent = (code for code in roll.members if code not in roll.channels and roll.has("vote", code, event.at))
    return tuple(absent), rules.absent_confirm, "objection"


def unfinished(proceedings: Proceedings) -> Verdict:
    """The chair has not asked yet."""
    return pending("announce", about="whole")


HANDLERS: dict[str, Handler] = {"objection": object_to, "confirmation.given": confirm}
