"""An outcome in words: what the chair announces, then why. English; reads only the standard JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from chancery import canon

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
VERDICTS = {
    "adopted": "The decision is adopted.",
    "rejected": "The decision is not adopted.",
    "void_no_quorum": "There is no quorum: the vote is void, and the matter stays open.",
    "not_opened": "The vote cannot be opened.",
    "postponed": "The question is postponed.",
    "second_vote_due": "The votes are equally divided. A second vote will be taken.",
    "further_discussion": "The votes are equally divided. The discussion continues.",
    "chair_determines": "The votes are equally divided. It is for the chair to determine.",
    "broken": "The silence has been broken. The text is not adopted.",
    "not_put": "It is not put to the vote.",
    "withdrawn": "The text is withdrawn.",
    "elected": "The election is complete.",
    "next_round": "A further ballot will be held.",
    "pending": "The question is open.",
}
BASES = {
    "present_voting": "present and voting",
    "present": "present",
    "cast_incl_abstain": "casting a ballot, abstentions included",
    "members": "members",
    "entitled": "members entitled to vote",
    "accredited": "accredited members",
    "participating": "participating members",
}
LIMITS = {"consensus_minus", "veto", "abstention", "abstention_cap", "breakers", "absent"}
"""Steps whose `need` is the most that `got` may be."""
TESTS = {
    "quorum.decide": "Quorum to decide",
    "quorum.debate": "Quorum to debate",
    "methods.consensus_minus": "Objections to consensus",
    "silence.min_hours": "Length of the silence in hours",
    "silence.breakers": "Members that broke the silence",
    "papers.debate_wait": "Hours since distribution",
    "papers.issue_when": "Official languages issued",
    "debate.appeal": "Majority to overrule the ruling",
    "proposals.reconsideration": "Majority to reconsider",
}
DUE = {
    "second_vote": "The chair puts the question again",
    "ballot": "The chair calls a ballot",
    "restricted_ballot": "The chair calls a ballot restricted to the names that remain",
    "lot": "A lot is drawn",
    "confirmation": "The named capitals confirm",
    "announce": "The chair announces",
    "debate": "The debate may continue",
}


def working_sentences(outcome: Mapping[str, Any]) -> list[str]:
    """The outcome (standard JSON) in sentences: the announcement first, then each step, rule and notice."""
    return [
        *announcement(outcome),
        *(_part(part) for part in outcome["parts"]),
        *(step_sentence(step) for step in outcome["working"]),
        *_rules(outcome["rules"]),
        *_notices(outcome),
    ]


def announcement(outcome: Mapping[str, Any]) -> list[str]:
    """What the chair says: the counts in words, the line that had to be reached, the verdict."""
    said = [_counts(outcome["tallies"])] if any(outcome["tallies"].values()) and outcome["working"] else []
    deciding = [step for step in outcome["working"] if step["test"].startswith("majority.")]
    if deciding and outcome["status"] in ("adopted", "rejected"):
        said += [line for line in (_line(step) for step in deciding[:1]) if line]
    if outcome["elected"]:
        said.append(f"Elected: {', '.join(outcome['elected'])}.")
    return [*said, VERDICTS[outcome["status"]]]


def _counts(tallies: Mapping[str, int]) -> str:
    """For instance: Six members have voted for, two against, one has abstained."""
    for_, against, abstain = tallies["for"], tallies["against"], tallies["abstain"]
    first = f"{number(for_).capitalize()} {_members(for_)} voted for, {number(against)} against"
    abstained = f", {number(abstain)} {'has' if abstain == 1 else 'have'} abstained" if abstain else ""
    spoiled = f", {number(tallies['invalid'])} cast an invalid ballot" if tallies["invalid"] else ""
    return f"{first}{abstained}{spoiled}."


def _members(count: int) -> str:
    return "member has" if count == 1 else "members have"


def number(value: int) -> str:
    """A number in words up to twelve, then in digits."""
    return WORDS[value] if 0 <= value < len(WORDS) else str(value)


def _line(step: Mapping[str, Any]) -> str:
    """For instance: Two thirds of the eight members present and voting are six."""
    if step["measure"] != "heads" or step["threshold"] is None or step["base"] not in BASES:
        return ""
    base = BASES[step["base"]]
    of = f"{number(step['base_value'])} {base if base.endswith('members') else 'members ' + base}"
    if step["strict"]:
        return f"More than {share(step['threshold'])} of the {of} is needed: {number(step['need'])}."
    return f"At least {share(step['threshold'])} of the {of} is needed: {number(step['need'])}."


def share(text: str) -> str:
    """A fraction in words where they are common, else as written."""
    common = {"1/2": "half", "1/3": "one third", "2/3": "two thirds", "3/4": "three quarters", "1/1": "all"}
    return common.get(text, text)


def step_sentence(step: Mapping[str, Any]) -> str:
    """One step of the working: test, base, threshold, need, got, whether met."""
    most = step["test"].rpartition(".")[2] in LIMITS
    need = f"{'at most' if most else 'needed'} {_amount(step['need'])}"
    if step["strict"] and step["measure"].startswith("weight:"):
        need = f"needed more than {_amount(step['need'])}"
    base = BASES.get(step["base"], step["base"].replace("_", " "))
    of = f" ({step['threshold']} of {_amount(step['base_value'])} {base})" if step["threshold"] else ""
    weight = f", by {step['measure'].removeprefix('weight:')}" if step["measure"].startswith("weight:") else ""
    met = "met" if step["met"] else "not met"
    return f"{test_name(step['test'])}{weight}, {_moment(step['at'])}: {need}{of}, got {_amount(step['got'])}: {met}."


def test_name(test: str) -> str:
    """The name of a test for people."""
    if test in TESTS:
        return TESTS[test]
    group, _, name = test.partition(".")
    name, _, part = name.partition(".")
    words = f"Majority “{name.replace('_', ' ')}”" if group == "majority" else f"{group} {name}"
    return f"{words}, {part.replace('_', ' ')}" if part else words


def _moment(at: str) -> str:
    moments = {
        "vote_start": "at the opening of the vote",
        "vote_end": "at the end of the vote",
        "on_challenge": "at the challenge",
    }
    return moments.get(at, f"at the {at}")


def _amount(value: int | str) -> str:
    """Heads as they are; weights as an exact fraction with its rounded percentage or number beside it."""
    if isinstance(value, int):
        return str(value)
    exact = canon.fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    near = f"{_rounded(exact * 100)} %" if exact <= 1 else _rounded(exact)
    return f"{value} (about {near})"


def _rounded(value: Fraction) -> str:
    """Two places, half up, without a float."""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _part(part: Mapping[str, Any]) -> str:
    heads = part["tallies"]
    count = f" {heads['for']}-{heads['against']}-{heads['abstain']}" if heads else ""
    return f"{part['about']}:{count} {part['status'].replace('_', ' ')}."


def _rules(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        f"Rule: {rule['source']} ({'verified' if rule['verified'] else 'not verified'})."
        for rule in rules
        if rule["source"]
    ]


def _notices(outcome: Mapping[str, Any]) -> list[str]:
    said = [f"{_effect(effect)}." for effect in outcome["effects"]]
    said += [f"Note: {warning['because']}" for warning in outcome["warnings"]]
    said += [
        f"Refused: event {item['seq']}, by {_words(item['rule'])}. {item['because']}" for item in outcome["refused"]
    ]
    if due := outcome["next"]:
        said.append(f"Next: {DUE[due['do']]}{_particulars(due['with'])}.")
    if override := outcome["override"]:
        status = override["status"].replace("_", " ")
        said.append(f"The chair decided otherwise: {status}. Reason: {override['reason']}")
    return said


def _words(parameter: str) -> str:
    """A parameter for people: `silence.min_hours` reads "silence, min hours"."""
    return parameter.replace(".", ", ").replace("_", " ")


def _effect(effect: Mapping[str, Any]) -> str:
    rest = ", ".join(f"{key} {_listed(value)}" for key, value in effect.items() if key != "do")
    return f"Effect: {effect['do'].replace('_', ' ')} ({rest})"


def _particulars(particulars: Mapping[str, Any]) -> str:
    listed = "; ".join(f"{key.replace('_', ' ')}: {_listed(value)}" for key, value in sorted(particulars.items()))
    return f" ({listed})" if listed else ""


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} → {_listed(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value).replace("_", " ") if isinstance(value, str) and not value[:1].isdigit() else str(value)
