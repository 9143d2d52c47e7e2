"""Mutants of the presets: one threshold, base, abstention rule or other value changed at a time.

Run as a program it prints each mutant and the case that catches it. A mutant is equivalent where no ballots could
tell it from the preset, and is listed with the reason.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from chancery import canon
from chancery.procedure import RuleSet, RuleSetFaults, decide, preset, presets
from chancery.procedure.counting import ROLLS
from chancery.procedure.documents import Inputs, read_inputs
from chancery.procedure.tests.procedure_cases import Written, cases, differences, document_of, rules_document

BASES = ("present_voting", "present", "cast_incl_abstain", "members", "entitled", "participating")
QUORUM_BASES = ("members", "accredited", "entitled", "participating")
TIES = ("rejected", "chair_casting", "further_discussion")
ECHOES = ("threshold", "base", "strict", "counted")
"""Keys of a step that only repeat the rule: a mutant must be caught by what it does, not by what it says."""


@dataclass(frozen=True)
class Mutant:
    """A preset with one value changed."""

    preset: str
    path: tuple[str | int, ...]
    value: Any
    equivalent: str = ""

    @property
    def name(self) -> str:
        return f"{self.preset} {'.'.join(map(str, self.path))} -> {self.value!r}"

    def document(self) -> dict[str, Any]:
        changed = copy.deepcopy(dict(preset(self.preset).document))
        place: Any = changed
        for key in self.path[:-1]:
            place = place[key]
        place[self.path[-1]] = self.value
        return changed


def mutants() -> list[Mutant]:
    return [mutant for name in presets() for mutant in _mutants_of(name, preset(name).document)]


def _mutants_of(name: str, rules: Mapping[str, Any]) -> Iterator[Mutant]:
    for majority, stated in rules.get("majority", {}).items():
        yield from _of_majority(name, ("majority", majority), stated)
    yield from _of_quorum(name, rules.get("quorum", {}))
    yield from _of_silence(name, rules.get("silence", {}))
    if "methods" in rules:
        yield Mutant(name, ("methods", "consensus_minus"), 1)


def _of_majority(name: str, path: tuple[str | int, ...], stated: Mapping[str, Any]) -> Iterator[Mutant]:
    for index, test in enumerate(stated.get("tests", ())):
        yield from _of_test(name, (*path, "tests", index), test)
    yield from _of_abstention(name, path, stated)
    yield from _of_tie(name, path, stated)
    for index, tier in enumerate(stated.get("turnout_tiers", ())):
        yield from _of_tier(name, (*path, "turnout_tiers", index), tier)
    if "blocking" in stated:
        yield from _of_blocking(name, (*path, "blocking"), stated["blocking"])
    if stated.get("absent") == "blocks":
        yield Mutant(name, (*path, "absent"), "ignored")
    if stated.get("affiliation_merge"):
        yield Mutant(name, (*path, "affiliation_merge"), False)


def _of_test(name: str, path: tuple[str | int, ...], test: Mapping[str, Any]) -> Iterator[Mutant]:
    for threshold in _neighbours(test["threshold"]):
        yield Mutant(name, (*path, "threshold"), threshold)
    if test["threshold"] != "1/1":
        yield Mutant(name, (*path, "strict"), not test["strict"])
    yield from (Mutant(name, (*path, "base"), base) for base in BASES if base != test["base"])


def _neighbours(threshold: str) -> list[str]:
    """A lower and a higher share, half way down to nothing and half way up to all."""
    share = canon.fraction(threshold)
    higher = [canon.fraction_text((share + 1) / 2)] if share < 1 else []
    return [canon.fraction_text(share * Fraction(3, 4)), *higher]


def _of_abstention(name: str, path: tuple[str | int, ...], stated: Mapping[str, Any]) -> Iterator[Mutant]:
    if "abstention" not in stated:
        return
    bases = {test["base"] for test in stated["tests"]}
    for value in ("ignored", "against", "blocks", "absent_ok"):
        if value == stated["abstention"]:
            continue
        reason = ""
        if value == "absent_ok" and "present" not in bases and stated["abstention"] == "ignored":
            reason = "`absent_ok` lowers only the base `present`"
        elif value != "blocks" and bases <= set(ROLLS):
            reason = "the base is a roll, which abstaining never changes"
        yield Mutant(name, (*path, "abstention"), value, reason)


def _of_tie(name: str, path: tuple[str | int, ...], stated: Mapping[str, Any]) -> Iterator[Mutant]:
    if "tie" not in stated:
        return
    strict_half = any(test["threshold"] == "1/2" and test["strict"] for test in stated["tests"])
    reason = "" if strict_half else "a tie exists only in a strict test of one half"
    yield from (Mutant(name, (*path, "tie"), tie, reason) for tie in TIES if tie != stated["tie"])


def _of_tier(name: str, path: tuple[str | int, ...], tier: Mapping[str, Any]) -> Iterator[Mutant]:
    if "for_over_against" in tier:
        yield Mutant(name, (*path, "for_over_against"), f"{int(tier['for_over_against']) + 1}")
        yield Mutant(name, (*path, "for_over_against"), f"{2 * int(tier['for_over_against']) - 1}/2")
    if "up_to" in tier:
        yield Mutant(name, (*path, "inclusive"), not tier["inclusive"])


def _of_blocking(name: str, path: tuple[str | int, ...], blocking: Mapping[str, Any]) -> Iterator[Mutant]:
    more = blocking["min_members"] + 1
    yield Mutant(name, (*path, "min_members"), more)
    if blocking["min_members"] > 1:
        yield Mutant(name, (*path, "min_members"), blocking["min_members"] - 1)
    yield from (Mutant(name, (*path, "weight"), weight) for weight in _neighbours(blocking["weight"]))
    lonely = "one test of heads, which no deeming meets" if blocking["min_members"] == 1 else ""
    yield Mutant(name, (*path, "else_adopted"), not blocking["else_adopted"], lonely)


def _of_quorum(name: str, quorum: Mapping[str, Any]) -> Iterator[Mutant]:
    for purpose in ("decide", "debate"):
        if purpose in quorum:
            for share in _neighbours(quorum[purpose]["f"]):
                yield Mutant(name, ("quorum", purpose, "f"), share)
            yield Mutant(name, ("quorum", purpose, "strict"), not quorum[purpose].get("strict", False))
    if "base" in quorum:
        yield from (Mutant(name, ("quorum", "base"), base) for base in QUORUM_BASES if base != quorum["base"])
    if "check_at" in quorum:
        other = ["vote_start"] if "vote_end" in quorum["check_at"] else ["vote_start", "vote_end"]
        yield Mutant(name, ("quorum", "check_at"), other)
        yield Mutant(name, ("quorum", "check_at"), ["vote_end"])


def _of_silence(name: str, silence: Mapping[str, Any]) -> Iterator[Mutant]:
    if not silence:
        return
    if "min_hours" in silence:
        yield Mutant(name, ("silence", "min_hours"), silence["min_hours"] - 1)
        yield Mutant(name, ("silence", "min_hours"), silence["min_hours"] + 1)
    else:
        yield Mutant(name, ("silence", "min_hours"), 72)
    yield Mutant(name, ("silence", "breakers"), 2)
    yield Mutant(name, ("silence", "amendment_breaks"), False)
    yield Mutant(name, ("silence", "publish"), "at_once" if silence["publish"] == "next_meeting" else "next_meeting")
    outage = silence.get("outage", {})
    yield from (Mutant(name, ("silence", "outage", key), outage[key] + 1) for key in outage if key != "watch")
    if outage:
        # A longer watch moves nothing: what ended more than `extend` hours before the expiry never reaches it.
        yield Mutant(name, ("silence", "outage", "watch"), 0)


def caught_by(mutant: Mutant, written: list[Written]) -> str | None:
    """The first case of its preset that does not come out as expected under the mutant."""
    try:
        rules = RuleSet.from_document(mutant.document())
    except RuleSetFaults as fault:
        return f"refused: {fault}"
    own = (case for case in written if case.content.get("rules") == mutant.preset)
    return next((case.name for case in own if _comes_out_otherwise(case, mutant, rules)), None)


def _comes_out_otherwise(case: Written, mutant: Mutant, rules: RuleSet) -> bool:
    if "changes" in case.content:
        rules = RuleSet.from_document(rules_document(case.content, mutant.document()))
    given = _inputs(case.name)
    outcome = canon.as_json(decide(rules, given.question, given.electorate, given.events).as_json())
    return bool(differences(_without_echoes(case.content["expect"]), outcome))


@cache
def _inputs(name: str) -> Inputs:
    """The question, electorate and events of a case, which no mutant changes."""
    return read_inputs(document_of(next(case for case in cases() if case.name == name)))


def _without_echoes(expected: Any) -> Any:
    if isinstance(expected, Mapping):
        return {key: _without_echoes(value) for key, value in expected.items() if key not in ECHOES}
    return [_without_echoes(item) for item in expected] if isinstance(expected, list) else expected


def verdict(mutant: Mutant, known: list[Written]) -> str:
    """What became of a mutant, for the printed list."""
    if mutant.equivalent:
        return f"equivalent: {mutant.equivalent}"
    return caught_by(mutant, known) or "NOT CAUGHT"


if __name__ == "__main__":
    known = cases()
    for one in mutants():
        print(f"{one.name}\n    {verdict(one, known)}")
