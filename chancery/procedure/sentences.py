"""An outcome in words: what the chair announces, then why. English; reads only the standard JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

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
MOTIONS = ("debate.appeal", "proposals.reconsideration")
"""Majorities that decide a motion, not a text."""
MOMENTS = {
    "vote_start": "at the opening of the vote",
    "vote_end": "at the end of the vote",
    "on_challenge": "at the challenge",
}
PLACES = {"part": "Paragraph", "amendment": "Amendment", "motion": "Motion", "round": "Round"}
DUE = {
    "second_vote": "The chair puts the question again",
    "ballot": "The chair calls a ballot",
    "restricted_ballot": "The chair calls a restricted ballot",
    "lot": "A lot is drawn",
    "confirmation": "The named capitals confirm",
    "announce": "The chair announces",
    "debate": "The debate may continue",
}


EFFECTS = {
    "objectors": "Objected: {members}.",
    "late": "Late, without effect: {member}, received {received}.",
    "extended": "The silence now ends at {expiry}; all members are told.",
    "not_retained": "{part} was not retained.",
    "renumber": "Renumbered: {parts}.",
    "not_put": "{amendment} was not put: the adoption of {implied_by} implies its rejection.",
    "fallen": "The motion {motion} falls with the adoption of {by}.",
    "not_bound": "{member} is not bound.",
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
    tests = [step["test"] for step in outcome["working"]]
    deciding = [step for step in outcome["working"] if step["test"].startswith(("majority.", *MOTIONS))]
    said = [_objections(step["got"]) for step in outcome["working"] if step["test"] == "methods.consensus_minus"]
    if outcome["elected"]:
        said.append(f"Elected: {', '.join(outcome['elected'])}.")
    elif any(outcome["tallies"].values()) and tests and outcome["status"] not in ("next_round", "elected"):
        said.append(_counts(outcome["tallies"]))
    if deciding and outcome["status"] in ("adopted", "rejected"):
        said += [line for line in (_line(step) for step in deciding[:1]) if line]
    return [*said, _verdict(outcome["status"], tests)]


def _verdict(status: str, tests: list[str]) -> str:
    """The last sentence: a motion is carried, a silence has not been broken, a decision is adopted."""
    if any(test in MOTIONS for test in tests) and status in ("adopted", "rejected"):
        return "The motion is carried." if status == "adopted" else "The motion is not carried."
    if "silence.breakers" in tests and status == "adopted":
        return "The silence has not been broken. The text is adopted."
    return VERDICTS[status]


def _counts(tallies: Mapping[str, int]) -> str:
    """For instance: Six members have voted for, two against, one has abstained."""
    for_, against, abstain = tallies["for"], tallies["against"], tallies["abstain"]
    first = f"{number(for_).capitalize()} {_members(for_)} voted for, {number(against)} against"
    abstained = f", {number(abstain)} {'has' if abstain == 1 else 'have'} abstained" if abstain else ""
    spoiled = f", {number(tallies['invalid'])} cast an invalid ballot" if tallies["invalid"] else ""
    return f"{first}{abstained}{spoiled}."


def _objections(count: int) -> str:
    if count == 0:
        return "There is no objection."
    return f"{number(count).capitalize()} {'member has' if count == 1 else 'members have'} objected."


def _members(count: int) -> str:
    return "member has" if count == 1 else "members have"


def number(value: int) -> str:
    """A number in words up to twelve, then in digits."""
    return WORDS[value] if 0 <= value < len(WORDS) else str(value)


def _line(step: Mapping[str, Any]) -> str:
    """For instance: Two thirds of the eight members present and voting are six."""
    if step["measure"] != "heads" or step["threshold"] is None or step["base"] not in BASES:
        return ""
    count, base = step["base_value"], BASES[step["base"]]
    noun = base if base.endswith("members") else f"members {base}"
    of = f"{number(count)} {noun.replace('members', 'member') if count == 1 else noun}"
    if step["strict"]:
        return f"More than {share(step['threshold'])} of the {of} is needed: {number(step['need'])}."
    return f"At least {share(step['threshold'])} of the {of} is needed: {number(step['need'])}."


def share(text: str) -> str:
    """A fraction in words where they are common, else as written."""
    common = {"1/2": "half", "1/3": "one third", "2/3": "two thirds", "3/4": "three quarters", "1/1": "all"}
    return common.get(text, text)


def step_sentence(step: Mapping[str, Any]) -> str:
    """One step of the working: test, need and what it is a share of, what was got, whether met."""
    weight = step["measure"].removeprefix("weight:") if step["measure"].startswith("weight:") else ""
    most = step["test"].rpartition(".")[2] in LIMITS
    need = "at most" if most else "needed more than" if weight and step["strict"] else "needed"
    name = f"{test_name(step['test'])}, by {weight}" if weight else test_name(step["test"])
    got = f"got {_amount(step['got'])}: {'met' if step['met'] else 'not met'}"
    return f"{name}, {_moment(step['at'])}: {need} {_amount(step['need'])}{_share_of(step, weight)}, {got}."


def _share_of(step: Mapping[str, Any], weight: str) -> str:
    """For instance: (more than 1/2 of 8 present and voting); nothing where the rule gives a number."""
    if not step["threshold"]:
        return ""
    base = BASES.get(step["base"], step["base"].replace("_", " "))
    more = "more than " if step["strict"] else ""
    if step["threshold"].endswith("/1") and step["base"] == "against":
        return f" ({more}{step['threshold'].removesuffix('/1')} times the {_amount(step['base_value'])} {base})"
    if weight:
        return f" ({more}{step['threshold']} of the {weight} of {base}: {_amount(step['base_value'])})"
    return f" ({more}{step['threshold']} of {_amount(step['base_value'])} {base})"


def test_name(test: str) -> str:
    """The name of a test for people."""
    if test in TESTS:
        return TESTS[test]
    group, _, name = test.partition(".")
    name, _, part = name.partition(".")
    words = f"Majority “{name.replace('_', ' ')}”" if group == "majority" else f"{group} {name}"
    return f"{words}, {part.replace('_', ' ')}" if part else words


def _moment(at: str) -> str:
    """When the step was taken; in an election also for whom."""
    if at.startswith("round/"):
        _, number_, name = at.split("/", 2)
        return f"round {number_}, {name}"
    return MOMENTS.get(at, f"at the {at}")


def _amount(value: int | str) -> str:
    """Heads as they are; weights as an exact fraction with its rounded percentage or number beside it."""
    if isinstance(value, int):
        return str(value)
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    near = f"{_rounded(exact * 100)} %" if exact <= 1 else _rounded(exact)
    return f"{value} (about {near})"


def _rounded(value: Fraction) -> str:
    """Two places, half up, without a float."""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _part(part: Mapping[str, Any]) -> str:
    """For instance: Amendment A1: 12-18-3, rejected."""
    kind, _, name = part["about"].partition("/")
    heads = part["tallies"]
    count = f"{heads['for']}-{heads['against']}-{heads['abstain']}, " if heads and kind != "round" else ""
    return (
        f"{PLACES.get(kind, kind.capitalize())}{f' {name}' if name else ''}: {count}{part['status'].replace('_', ' ')}."
    )


def _rules(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    named = [rule for rule in rules if rule["source"]]
    said = (f"Rule: {rule['source']} ({'verified' if rule['verified'] else 'not verified'})." for rule in named)
    return list(dict.fromkeys(said))


def _notices(outcome: Mapping[str, Any]) -> list[str]:
    said = [_effect(effect) for effect in outcome["effects"]]
    said += [f"Note: {warning['because']}" for warning in outcome["warnings"]]
    said += [_refusal(item) for item in outcome["refused"]]
    if due := outcome["next"]:
        said.append(f"Next: {DUE[due['do']]}{_particulars(due['with'])}.")
    if override := outcome["override"]:
        status = override["status"].replace("_", " ")
        said.append(f"The chair decided otherwise: {status}. Reason: {override['reason']}")
    return said


def _refusal(item: Mapping[str, Any]) -> str:
    """A refused event with its rule and reason, and what is open instead where that is not said already."""
    said = f"Refused: event {item['seq']} ({_words(item['rule'])}). {item['because']}"
    instead = item["instead"] or ""
    return f"{said} {instead}" if instead and not instead[0].isdigit() else said


def _words(parameter: str) -> str:
    """A parameter for people: `silence.min_hours` reads "silence, min hours"."""
    return parameter.replace(".", ", ").replace("_", " ")


def _effect(effect: Mapping[str, Any]) -> str:
    """One effect: the sentence of its kind with its particulars filled in."""
    filled = {key: _listed(value) for key, value in effect.items()}
    return EFFECTS[effect["do"]].format(**filled)


def _particulars(particulars: Mapping[str, Any]) -> str:
    listed = "; ".join(f"{key.replace('_', ' ')}: {_listed(value)}" for key, value in sorted(particulars.items()))
    return f" ({listed})" if listed else ""


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} → {_listed(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value).replace("_", " ") if isinstance(value, str) and not value[:1].isdigit() else str(value)
