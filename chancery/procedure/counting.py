"""Counting: from ballots to an answer, step by step, with exact numbers.

Sources: IMO rule 31 (present and voting, present), the EU Council's pages on qualified majority (blocking
minority, deemed attainment), ITU nos. 414-416 (abstention cap, unverified), the W3C Process Document
(turnout tiers). The order of the stages is the order of evaluation of the rules of decide().
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from chancery.procedure.outcomes import Owed, Verdict
from chancery.procedure.parameters.deciding import Majority, SecondVoteTie, Test, TurnoutTier
from chancery.procedure.questions import SIX_VALUES
from chancery.procedure.steps import Ground, Number, Step, at_least, at_most, share_of

ROLLS = ("members", "entitled", "participating")
TIE_STATUS = {
    "rejected": "rejected",
    "chair_casting": "chair_determines",
    "further_discussion": "further_discussion",
    "lot": "pending",
}


@dataclass(frozen=True)
class Count:
    """What was cast, as it stood at the result.

    `values`: the value of each member on the roll, None for a secret count, which knows heads only.
    `rolls`: members, entitled, participating, each as the codes on it; `weights` by name of the set.
    """

    at: datetime
    heads: Mapping[str, int]
    rolls: Mapping[str, frozenset[str]]
    values: Mapping[str, str] | None = None
    weights: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    added_up: dict[str, Mapping[str, Number]] = field(default_factory=dict, compare=False, repr=False)

    def measured(self, measure: str) -> Mapping[str, Number]:
        """How much stands behind each value and each roll, in heads or in a weight; added up once."""
        if measure not in self.added_up:
            self.added_up[measure] = self._measured(measure)
        return self.added_up[measure]

    def _measured(self, measure: str) -> Mapping[str, Number]:
        if measure == "heads":
            return {**self.heads, **{roll: len(self.rolls[roll]) for roll in ROLLS}}
        if self.values is None:
            raise ValueError("a secret count has no weights")
        return self._weighed(self.weights[measure.removeprefix("weight:")], self.values)

    def _weighed(self, weights: Mapping[str, Fraction], values: Mapping[str, str]) -> Mapping[str, Number]:
        """Sums over a common denominator: integers while adding, one fraction at the end."""
        whole = math.lcm(*(weight.denominator for weight in weights.values()))
        shares = {member: weight.numerator * (whole // weight.denominator) for member, weight in weights.items()}
        sums = dict.fromkeys(SIX_VALUES, 0)
        for member, value in values.items():
            sums[value] += shares[member]
        for roll in ROLLS:
            sums[roll] = sum(shares[member] for member in self.rolls[roll])
        return {name: Fraction(total, whole) for name, total in sums.items()}


@dataclass(frozen=True)
class Case:
    """A count to be judged by a majority; `again`: the question was put before; `on_the_way`: not the whole."""

    name: str
    rule: Majority
    count: Count
    again: bool = False
    on_the_way: bool = False
    moment: str = "result"

    def counted(self, base: str) -> tuple[str, ...]:
        """The values, or the roll, that make up a base under the rules on abstention and invalid ballots."""
        if base in ROLLS:
            return (base,)
        values = ["for", "against"]
        if base != "present_voting" or self.rule.abstention == "against":
            values.append("abstain")
        if base == "present" and self.rule.abstention == "absent_ok":
            values.remove("abstain")
        if base == "present" or self.rule.invalid == "against":
            values.append("invalid")
        return (*values, "present_not_participating") if base == "present" else tuple(values)

    def base_value(self, measure: str, base: str) -> Number:
        """The size of a base in a measure."""
        measured = self.count.measured(measure)
        return sum((measured[name] for name in self.counted(base)), start=Fraction(0) if measure != "heads" else 0)

    def ground(self, test: Test) -> Ground:
        """What a test stands on in this case."""
        value = self.base_value(test.measure, test.base)
        return Ground(test.measure, test.base, value, self.counted(test.base))

    def opposition(self, measure: str) -> Number:
        """What counts as opposed in a measure: against, and what the rules treat as against."""
        measured = self.count.measured(measure)
        opposed = measured["against"]
        if self.rule.abstention == "against":
            opposed += measured["abstain"]
        if self.rule.invalid == "against":
            opposed += measured["invalid"]
        return opposed

    def heads(self, part: str, base: str, base_value: int, *counted: str) -> tuple[str, str, Ground]:
        """The beginning of a step in heads: its name, its moment and its ground."""
        return f"{self.name}.{part}", self.moment, Ground("heads", base, base_value, counted)


def judge(case: Case) -> Verdict:
    """The answer of a majority to a count: the first stage that settles it ends it; all steps are kept."""
    steps: list[Step] = []
    for stage in _STAGES:
        found, status = stage(case)
        steps += found
        if status is not None:
            return _answer(case, status, steps)
    return _answer(case, "adopted", steps)


def _answer(case: Case, status: str, steps: list[Step]) -> Verdict:
    status, owed = (status, _owed(case, status)) if status != "tie" else _tie_answer(case)
    return Verdict(status, case.count.at, case.count.heads, tuple(steps), owed)


Found = tuple[list[Step], str | None]


def _veto(case: Case) -> Found:
    members = [code for code in case.rule.veto_members if code in case.count.rolls["members"]]
    if not members or case.count.values is None:
        return [], None
    vetoes = sum(case.count.values[code] == "against" for code in members)
    step = at_most(*case.heads("veto", "veto_members", len(members), "against"), 0, vetoes)
    return [step], None if step.met else "rejected"


def _abstention_blocks(case: Case) -> Found:
    if case.rule.abstention != "blocks":
        return [], None
    members = len(case.count.rolls["members"])
    step = at_most(*case.heads("abstention", "members", members, "abstain"), 0, case.count.heads["abstain"])
    return [step], None if step.met else "rejected"


def _cap(case: Case) -> Found:
    """Too many abstentions postpone the question once; when it is put again they are not counted."""
    rule = case.rule.abstention_cap
    if rule is None or case.again:
        return [], None
    cast = _cast(case)
    most = math.floor(rule.f * cast)
    step = at_most(
        *case.heads("abstention_cap", "cast_incl_abstain", cast, "abstain"), most, case.count.heads["abstain"]
    )
    step = step._replace(threshold=rule.f)
    return [step], None if step.met else "postponed"


_CAST = ("for", "against", "abstain")


def _cast(case: Case) -> int:
    return sum(case.count.heads[value] for value in _CAST)


def _min_votes(case: Case) -> Found:
    share = case.rule.min_votes
    if share is None:
        return [], None
    step = share_of(
        *case.heads("min_votes", "members", len(case.count.rolls["members"]), *_CAST), (share, False), _cast(case)
    )
    return [step], None if step.met else "rejected"


def _turnout(case: Case) -> Found:
    """The tier of this turnout: it fails, or asks more than so many times the votes against."""
    if not case.rule.turnout_tiers:
        return [], None
    members, cast = len(case.count.rolls["members"]), _cast(case)
    turnout = Fraction(cast, members) if members else Fraction(0)
    tier = next(tier for tier in case.rule.turnout_tiers if _is_within(turnout, tier))
    if tier.for_over_against is None:
        share = (tier.up_to or Fraction(1), tier.inclusive)
        return [share_of(*case.heads("turnout", "members", members, *_CAST), share, cast)], "rejected"
    got, against = case.count.heads["for"], case.count.heads["against"]
    need = math.floor(tier.for_over_against * against) + 1
    step = at_least(*case.heads("turnout_tiers", "against", against, "for"), need, got)
    step = step._replace(threshold=tier.for_over_against, strict=True)
    return [step], None if step.met else "rejected"


def _is_within(turnout: Fraction, tier: TurnoutTier) -> bool:
    return tier.up_to is None or turnout < tier.up_to or (tier.inclusive and turnout == tier.up_to)


def _tests(case: Case) -> Found:
    """Tests, then the blocking minority, then the tie: each looks at what the one before found."""
    if not case.rule.tests:
        return [], None
    steps = [_step(case, test) for test in case.rule.tests]
    minima = [_supporters(case, test) for test in case.rule.tests if test.min_supporters is not None]
    met = [step.met for step in steps]
    blocked, blocking_steps = _blocking(case)
    if case.rule.blocking and not blocked and case.rule.blocking.else_adopted:
        met = [done or step.measure != "heads" for done, step in zip(met, steps, strict=True)]
    passed = (all(met) if case.rule.combine == "all" else any(met)) and all(step.met for step in minima)
    status = None if passed and not blocked else "rejected"
    if status and not blocked and all(step.met for step in minima) and _is_tied(case, met):
        status = "tie"
    return [*steps, *minima, *blocking_steps], status


def _step(case: Case, test: Test) -> Step:
    ground = case.ground(test)
    got = case.count.measured(test.measure)["for"]
    return share_of(case.name, case.moment, ground, (test.threshold, test.strict), got)


def _supporters(case: Case, test: Test) -> Step:
    got = case.count.heads["for"]
    return at_least(*case.heads("min_supporters", "for", got, "for"), test.min_supporters or 0, got)


def _blocking(case: Case) -> tuple[bool, list[Step]]:
    """Heads and share of the counted non-supporters; the matter is blocked when both steps are met."""
    rule = case.rule.blocking
    if rule is None:
        return False, []
    test = case.rule.tests[-1]
    counted = tuple(name for name in case.counted(test.base) if name != "for")
    everybody = int(case.base_value("heads", test.base))
    heads = everybody - case.count.heads["for"]
    whole = case.ground(test)._replace(counted=counted)
    share = whole.base_value - case.count.measured(test.measure)["for"]
    steps = [
        at_least(*case.heads("blocking", test.base, everybody, *counted), rule.min_members, heads),
        share_of(f"{case.name}.blocking", case.moment, whole, (rule.weight, True), share),
    ]
    return all(step.met for step in steps), steps


def _is_tied(case: Case, met: list[bool]) -> bool:
    """Whether nothing but equal support and opposition stood in the way."""
    failed = [test for test, done in zip(case.rule.tests, met, strict=True) if not done]
    return bool(failed) and all(_is_equal(case, test) for test in failed)


def _is_equal(case: Case, test: Test) -> bool:
    support = case.count.measured(test.measure)["for"]
    return (
        test.threshold == Fraction(1, 2) and test.strict and support != 0 and support == case.opposition(test.measure)
    )


def _tie_answer(case: Case) -> tuple[str, Owed | None]:
    """What a tie means: on the way to the whole, and whatever the rule, it rejects what was moved."""
    rule = case.rule.tie
    if case.on_the_way:
        return "rejected", None
    if isinstance(rule, SecondVoteTie):
        if not case.again:
            before = case.count.at + timedelta(hours=rule.second_vote.within)
            return "second_vote_due", Owed("second_vote", {"at": "subsequent_meeting", "before": before})
        rule = rule.second_vote.then
    status = TIE_STATUS[rule]
    return status, Owed("lot", {"between": ["adopted", "rejected"]}) if rule == "lot" else _owed(case, status)


def _owed(case: Case, status: str) -> Owed | None:
    if status == "further_discussion":
        return Owed("debate")
    if status == "postponed":
        return Owed("second_vote", {"at": "later_meeting", "abstentions": "not_counted"})
    return None


_STAGES: tuple[Callable[[Case], Found], ...] = (_veto, _abstention_blocks, _cap, _min_votes, _turnout, _tests)
