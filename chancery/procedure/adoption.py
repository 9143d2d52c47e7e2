"""decide(): what became of a question put, with its working. A pure function of plain values.

Events are taken in their order; one that the rules refuse is left out and listed. The first thing that settles
the matter ends it; what comes later has no effect. The chair may decide otherwise with a reason: both answers
are kept, but an override never turns a lost count into adoption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.procedure import consensus, elections, motions, proposals, silence, voting
from chancery.procedure.outcomes import ChairsOverride, Outcome, Refusal, RuleRef, Verdict
from chancery.procedure.proceedings import Handler, Proceedings
from chancery.procedure.questions import Electorate, Event, OutOfOrder, QuestionTerms
from chancery.procedure.rulesets import RuleSet
from chancery.procedure.steps import Step


class NotAdopted(Exception):
    """The question was not adopted; the message says what became of it."""


def decide(ruleset: RuleSet, question: QuestionTerms, electorate: Electorate, events: Sequence[Event]) -> Outcome:
    """The outcome of a question put to an electorate, after these events, under these rules.

    Deterministic, never changes its arguments. Order of evaluation: entitlement of each voter at the instant
    of the ballot; opening guards; ballots and proxies; quorum; veto, blocks; caps, minima, tiers; tests;
    blocking minority; tie; effects.
    """
    proceedings = Proceedings(ruleset, question, electorate)
    for event in events:
        try:
            take(proceedings, event)
        except OutOfOrder as refused:
            refusal = Refusal(event.seq, refused.rule, refused.because, refused.instead)
            proceedings.refused.append(refusal)
    return _outcome(proceedings)


def take(proceedings: Proceedings, event: Event) -> None:
    """Let one event move the proceedings. Raises OutOfOrder."""
    _HANDLERS[event.kind](proceedings, event)


def is_adopted(outcome: Outcome) -> bool:
    """Whether the question stands adopted, the chair's override included."""
    return (outcome.override.status if outcome.override else outcome.status) == "adopted"


def require_adopted(outcome: Outcome) -> None:
    """Raises NotAdopted unless the question stands adopted."""
    if not is_adopted(outcome):
        status = outcome.override.status if outcome.override else outcome.status
        raise NotAdopted(f"the question is {status.replace('_', ' ')}, not adopted")


@dataclass(frozen=True)
class SecondVoteWindow:
    """Whether a meeting falls between a tie and the end of the window for the second vote."""

    ok: bool
    before: datetime
    because: str


def second_vote_window(outcome: Outcome, meetings: Sequence[datetime]) -> SecondVoteWindow:
    """Whether one of the planned meetings opens in time for the second vote (UN GA rule 95, unverified).

    Raises ValueError for an outcome that owes no second vote within a time.
    """
    if outcome.next is None or "before" not in outcome.next.with_ or outcome.decided_at is None:
        raise ValueError("no second vote is due within a time")
    before: datetime = outcome.next.with_["before"]
    ok = any(outcome.decided_at < opens <= before for opens in meetings)
    return SecondVoteWindow(ok, before, "A meeting falls in the window." if ok else "No meeting falls in the window.")


def _announce(proceedings: Proceedings, event: Event) -> None:
    """`result.announced`: of the vote announced last, or of the whole where no vote was taken."""
    about, vote = event.data["about"], proceedings.current
    if vote is None:
        _announce_whole(proceedings, event, about)
        return
    if about != vote.about:
        raise OutOfOrder("order", f"The vote that is open is the one on {vote.about}.")
    proceedings.current = None
    vote.answer = voting.result(proceedings, vote, event)
    if about == "whole" or about.startswith("round/"):
        _settle_whole(proceedings, vote.answer, event)
    else:
        motions.after_result(proceedings, about, vote.answer)
        proposals.after_result(proceedings, about, vote.answer)


def _announce_whole(proceedings: Proceedings, event: Event, about: str) -> None:
    method = proceedings.question.method
    if method == "silence" and proceedings.closed:
        silence.announced(proceedings)
        return
    proceedings.check_open(event)
    if about != "whole" or method in ("vote", "motion", "silence"):
        raise OutOfOrder("order", "No vote is open whose result could be announced.")
    if method == "election":
        proceedings.settle(elections.acclaim(proceedings, event))
    elif proceedings.answer is None:
        _settle_whole(proceedings, consensus.result(proceedings, event), event)


def _settle_whole(proceedings: Proceedings, answer: Verdict, event: Event) -> None:
    """Close the question, save where the answer leaves something to be done under it."""
    if answer.status == "adopted":
        answer = consensus.subject_to_confirmation(proceedings, answer, event)
    if answer.status == "adopted":
        proposals.renumber(proceedings)
    proceedings.answer = answer
    proceedings.closed = answer.status not in ("pending", "next_round")


def _clock(proceedings: Proceedings, event: Event) -> None:
    """`clock`: a term has ended."""
    silence.expire(proceedings, event)
    consensus.end_term(proceedings, event)


def _override(proceedings: Proceedings, event: Event) -> None:
    """`override`: the chair decides otherwise and says why. A lost count is never adopted."""
    status, reason = event.data["status"], event.data.get("reason", "")
    if not reason.strip():
        raise OutOfOrder("override", "An override needs a reason.", "State the reason.")
    if event.by != "chair":
        raise OutOfOrder("roles", "Only the chair overrides.")
    answer = _answer(proceedings)
    if status == "adopted" and answer.status != "adopted" and not _count_is_won(proceedings, answer):
        raise OutOfOrder(
            "override", f"The question is {answer.status}; an override never turns a lost count into adoption."
        )
    proceedings.override = ChairsOverride(status, reason, event.by, event.at)


def _count_is_won(proceedings: Proceedings, answer: Verdict) -> bool:
    """Whether only a ruling on procedure, the quorum, stood between a won count and adoption."""
    vote = proceedings.latest("whole")
    if answer.status != "void_no_quorum" or vote is None:
        return False
    return voting.without_quorum(proceedings, vote, answer).status == "adopted"


def _hear_statement(proceedings: Proceedings, event: Event) -> None:
    """`statement.filed`: beside the decision, never in the count. "Not interested" (CIS, unverified) binds not."""
    if event.data["kind"] == "not_interested" and event.for_ is not None:
        proceedings.effects.append({"do": "not_bound", "member": event.for_})


def _moves_roll(name: str) -> Handler:
    def handler(proceedings: Proceedings, event: Event) -> None:
        getattr(proceedings.roll, name)(event)

    return handler


def _give_proxy(proceedings: Proceedings, event: Event) -> None:
    proceedings.check_open(event)
    _, rule = proceedings.test_for("round/1" if proceedings.question.method == "election" else "whole")
    proceedings.roll.give_proxy(event, rule.proxy)


def _object(proceedings: Proceedings, event: Event) -> None:
    """`objection`: breaks a running silence, else stands against consensus or acclamation."""
    if proceedings.question.method == "silence":
        silence.break_(proceedings, event)
    else:
        consensus.object_to(proceedings, event)


def _announce_vote(proceedings: Proceedings, event: Event) -> None:
    if proceedings.current is None and not proceedings.closed:
        proposals.expect_order(proceedings, event)
    voting.announce(proceedings, event)


_HANDLERS: Mapping[str, Handler] = {
    **voting.HANDLERS,
    **consensus.HANDLERS,
    **proposals.HANDLERS,
    **motions.HANDLERS,
    **silence.HANDLERS,
    **elections.HANDLERS,
    "vote.announced": _announce_vote,
    "result.announced": _announce,
    "objection": _object,
    "clock": _clock,
    "override": _override,
    "statement.filed": _hear_statement,
    "presence.in": _moves_roll("enter"),
    "presence.out": _moves_roll("leave"),
    "rights.changed": _moves_roll("change_right"),
    "proxy.given": _give_proxy,
}


def _answer(proceedings: Proceedings) -> Verdict:
    """The answer as it stands now."""
    if proceedings.answer is not None and proceedings.current is None:
        return _with_missing_capitals(proceedings, proceedings.answer)
    method = proceedings.question.method
    if method == "silence":
        return silence.unfinished(proceedings)
    if method == "election" and proceedings.current is None:
        return elections.unfinished(proceedings)
    if method in ("consensus", "ad_referendum") and not proceedings.votes:
        return consensus.unfinished(proceedings)
    return voting.unfinished(proceedings)


def _with_missing_capitals(proceedings: Proceedings, answer: Verdict) -> Verdict:
    if answer.next is None or answer.next.do != "confirmation":
        return answer
    missing = [name for name in proceedings.capitals if name not in proceedings.confirmations]
    return answer._replace(next=answer.next._replace(with_={**answer.next.with_, "capitals": missing}))


def _outcome(proceedings: Proceedings) -> Outcome:
    answer, parts = _answer(proceedings), proceedings.parts()
    applied = [*(step for part in parts for step in part.answer.working), *answer.working]
    return Outcome(
        status=answer.status,
        decided_at=answer.decided_at,
        tallies=answer.tallies,
        parts=parts,
        elected=tuple(proceedings.election.elected),
        next=answer.next,
        working=answer.working,
        rules=_rules_applied(proceedings.rules, applied),
        effects=tuple(proceedings.effects),
        warnings=tuple(proceedings.warnings),
        refused=tuple(proceedings.refused),
        override=proceedings.override,
    )


def _rules_applied(rules: RuleSet, steps: Sequence[Step]) -> tuple[RuleRef, ...]:
    """Each parameter once, in the order of the working."""
    return tuple(_rule_ref(rules, parameter) for parameter in dict.fromkeys(step.test for step in steps))


def _rule_ref(rules: RuleSet, parameter: str) -> RuleRef:
    source = rules.source_of(parameter)
    if source is None:
        return RuleRef(parameter, rules.name, rules.version, None, verified=False)
    return RuleRef(parameter, rules.name, rules.version, source.source, source.verified)
