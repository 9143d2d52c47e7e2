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

from chancery.procedure.outcomes import Answer, Number, Owed, Step
from chancery.procedure.parameters.deciding import Majority, SecondVoteTie, Test, TurnoutTier
from chancery.procedure.questions import SIX_VALUES

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

    def measured(self, measure: str) -> Mapping[str, Number]:
        """How much stands behind each value and each roll, in heads or in a weight."""
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

    def opposition(self, measure: str) -> Number:
        """What counts as opposed in a measure: against, and what the rules treat as against."""
        measured = self.count.measured(measure)
        opposed = measured["against"]
        if self.rule.abstention == "against":
            opposed += measured["abstain"]
        if self.rule.invalid == "against":
            opposed += measured["invalid"]
        return opposed

    def limit(self, part: str, counted: tuple[str, ...], base: str, numbers: tuple[int, int, int]) -> Step:
        """A step that limits something: numbers are base_value, the most allowed, and what was got."""
        base_value, most, got = numbers
        return Step(f"{self.name}.{part}", self.moment, "heads", base, base_value, counted, None, False, most, got, got <= most)  # fmt: skip

    def reach(self, part: str, counted: tuple[str, ...], base: str, numbers: tuple[int, int, int]) -> Step:
        """A step that must be reached: numbers are base_value, need, got."""
        base_value, need, got = numbers
        return Step(f"{self.name}.{part}", self.moment, "heads", base, base_value, counted, None, False, need, got, got >= need)  # fmt: skip


def need_of(threshold: Fraction, base: Number, *, strict: bool) -> Number:
    """The least number of heads; for weights the line itself, unrounded.

    ceil(threshold * base), or floor(threshold * base) + 1 where more than the threshold is asked.
    """
    line = threshold * base
    if isinstance(base, Fraction):
        return line
    return math.floor(line) + 1 if strict else math.ceil(line)


def is_met(got: Number, need: Number, base: Number, *, strict: bool) -> bool:
    """Whether support reaches the need; over base 0 never."""
    if base == 0:
        return False
    return got > need if strict and isinstance(base, Fraction) else got >= need


def judge(case: Case) -> Answer:
    """The answer of a majority to a count: the first stage that settles it ends it; all steps are kept."""
    steps: list[Step] = []
    for stage in _STAGES:
        found, status = stage(case)
        steps += found
        if status is not None:
            return _answer(case, status, steps)
    return _answer(case, "adopted", steps)


def _answer(case: Case, status: str, steps: list[Step]) -> Answer:
    status, owed = (status, _owed(case, status)) if status != "tie" else _tie_answer(case)
    return Answer(status, case.count.at, case.count.heads, tuple(steps), owed)


Verdict = tuple[list[Step], str | None]


def _veto(case: Case) -> Verdict:
    members = [code for code in case.rule.veto_members if code in case.count.rolls["members"]]
    if not members or case.count.values is None:
        return [], None
    vetoes = sum(case.count.values[code] == "against" for code in members)
    step = case.limit("veto", ("against",), "veto_members", (len(members), 0, vetoes))
    return [step], None if step.met else "rejected"


def _abstention_blocks(case: Case) -> Verdict:
    if case.rule.abstention != "blocks":
        return [], None
    got = case.count.heads["abstain"]
    step = case.limit("abstention", ("abstain",), "members", (len(case.count.rolls["members"]), 0, got))
    return [step], None if step.met else "rejected"


def _cap(case: Case) -> Verdict:
    rule = case.rule.abstention_cap
    if rule is None or case.again:
        return [], None
    heads = case.count.heads
    cast = heads["for"] + heads["against"] + heads["abstain"]
    most, got = math.floor(rule.f * cast), heads["abstain"]
    name = f"{case.name}.abstention_cap"
    step = Step(name, case.moment, "heads", "cast_incl_abstain", cast, ("abstain",), rule.f, False, most, got, got <= most)  # fmt: skip
    return [step], None if step.met else "postponed"


def _min_votes(case: Case) -> Verdict:
    share = case.rule.min_votes
    if share is None:
        return [], None
    members, cast = len(case.count.rolls["members"]), _cast(case)
    need = math.ceil(share * members)
    step = Step(f"{case.name}.min_votes", case.moment, "heads", "members", members, _CAST, share, False, need, cast, cast >= need)  # fmt: skip
    return [step], None if step.met else "rejected"


_CAST = ("for", "against", "abstain")


def _cast(case: Case) -> int:
    return sum(case.count.heads[value] for value in _CAST)


def _turnout(case: Case) -> Verdict:
    if not case.rule.turnout_tiers:
        return [], None
    members, cast = len(case.count.rolls["members"]), _cast(case)
    turnout = Fraction(cast, members) if members else Fraction(0)
    tier = next(tier for tier in case.rule.turnout_tiers if _is_within(turnout, tier))
    if tier.fails or tier.for_over_against is None:
        share = tier.up_to or Fraction(1)
        need = need_of(share, members, strict=tier.inclusive)
        step = Step(f"{case.name}.turnout", case.moment, "heads", "members", members, _CAST, share, tier.inclusive, need, cast, False)  # fmt: skip
        return [step], "rejected"
    got, against = case.count.heads["for"], case.count.heads["against"]
    need = math.floor(tier.for_over_against * against) + 1
    step = Step(f"{case.name}.turnout_tiers", case.moment, "heads", "against", against, ("for",), tier.for_over_against, True, need, got, got >= need)  # fmt: skip
    return [step], None if step.met else "rejected"


def _is_within(turnout: Fraction, tier: TurnoutTier) -> bool:
    return tier.up_to is None or turnout < tier.up_to or (tier.inclusive and turnout == tier.up_to)


def _tests(case: Case) -> Verdict:
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
    base = case.base_value(test.measure, test.base)
    got = case.count.measured(test.measure)["for"]
    need = need_of(test.threshold, base, strict=test.strict)
    met = is_met(got, need, base, strict=test.strict)
    return Step(case.name, case.moment, test.measure, test.base, base, case.counted(test.base), test.threshold, test.strict, need, got, met)  # fmt: skip


def _supporters(case: Case, test: Test) -> Step:
    got = case.count.heads["for"]
    return case.reach("min_supporters", ("for",), "for", (got, test.min_supporters or 0, got))


def _blocking(case: Case) -> tuple[bool, list[Step]]:
    """Heads and share of the counted non-supporters; the matter is blocked when both steps are met."""
    rule = case.rule.blocking
    if rule is None:
        return False, []
    test = case.rule.tests[-1]
    counted = tuple(name for name in case.counted(test.base) if name != "for")
    everybody = case.base_value("heads", test.base)
    heads = everybody - case.count.heads["for"]
    whole = case.base_value(test.measure, test.base)
    share = whole - case.count.measured(test.measure)["for"]
    line = need_of(rule.weight, whole, strict=True)
    name = f"{case.name}.blocking"
    steps = [
        Step(name, case.moment, "heads", test.base, everybody, counted, None, False, rule.min_members, heads, heads >= rule.min_members),  # fmt: skip
        Step(name, case.moment, test.measure, test.base, whole, counted, rule.weight, True, line, share, is_met(share, line, whole, strict=True)),  # fmt: skip
    ]
    return all(step.met for step in steps), steps


def _is_tied(case: Case, met: list[bool]) -> bool:
    """Whether nothing but equal support and opposition stood in the way."""
    failed = [test for test, done in zip(case.rule.tests, met, strict=True) if not done]
    return bool(failed) and all(_is_equal(case, test) for test in failed)


def _is_equal(case: Case, test: Test) -> bool:
    support = case.count.measured(test.measure)["for"]
    return test.threshold == Fraction(1, 2) and test.strict and support != 0 and support == case.opposition(test.measure)


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


_STAGES: tuple[Callable[[Case], Verdict], ...] = (_veto, _abstention_blocks, _cap, _min_votes, _turnout, _tests)
