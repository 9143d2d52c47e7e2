"""How a result is shown: the sentence, the strip of members, the squares, and the working rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from chancery.council.models import Member, in_language
from chancery.meetings import access as meetings
from chancery.procedure import rulesets

from . import queries
from .models import QuestionPut, Result

_ICONS = {
    "for": "v-for",
    "accept": "v-accept",
    "abstain": "v-abstain",
    "against": "v-against",
    "absent": "v-none",
    "none": "v-none",
}
_GLYPHS = {"for": "M{a} 45l5 5 9-11", "against": "M{b} 38l12 12M{c} 38l-12 12", "abstain": "M{d} 44.5h13"}


def cell(member: Member, value: str, word: str, language: str) -> dict[str, str]:
    """One cell of a strip of members."""
    return {
        "code": member.key,
        "name": in_language(member.name, language),
        "v": value,
        "word": word,
        "icon": _ICONS[value],
    }


def strip(question: QuestionPut, members: list[Member], language: str) -> list[dict[str, str]]:
    """How each member stood: its ballot, or for consensus whether it joined or objected."""
    if question.method == "vote":
        cast = queries.values(question)
        return [_voted(member, cast.get(member.key, _uncalled(question)), language) for member in members]
    objected = {objection.member_id for objection in question.objections.all()}
    adopted = question.state == "closed"
    return [_stood(member, member.key in objected, adopted, language) for member in members]


def _uncalled(question: QuestionPut) -> str:
    """What a member without a ballot is: absent once the outcome is declared, before that not called yet."""
    return "none" if question.state == "put" else "absent"


def _voted(member: Member, value: str, language: str) -> dict[str, str]:
    word = {
        "for": gettext("for"),
        "against": gettext("against"),
        "abstain": gettext("abstains"),
        "invalid": gettext("invalid"),
        "present_not_participating": gettext("takes no part"),
        "absent": gettext("absent"),
        "none": gettext("not yet"),
    }[value]
    shown = value if value in ("for", "against", "abstain", "none") else "absent"
    return cell(member, shown, word, language)


def _stood(member: Member, objected: bool, closed: bool, language: str) -> dict[str, str]:
    if objected:
        return cell(member, "against", gettext("objects"), language)
    return cell(member, "for" if closed else "none", gettext("joined") if closed else gettext("open"), language)


@dataclass(frozen=True)
class Line:
    """One test of the working, with the rule it applies."""

    name: str
    rule: str
    status: str
    text: str
    base: str
    threshold: str
    need: str
    got: str
    met: bool
    word: str
    short: str


def working(result: Result) -> list[Line]:
    """The tests in the order in which they were applied."""
    rules = meetings.rules_for(result.session_id)
    return [_line(step, rules) for step in result.outcome["working"]]


def _line(step: dict[str, Any], rules: rulesets.RuleSet) -> Line:
    source = rules.source_of(step["test"])
    missing = "" if step["met"] or not isinstance(step["need"], int) else str(step["need"] - step["got"])
    exactly = step["met"] and step["need"] == step["got"]
    word = gettext("met, exactly") if exactly else gettext("met") if step["met"] else gettext("not met")
    return Line(
        name=test_name(step["test"]),
        rule=source.rule if source else "",
        status=source.status if source else "unverified",
        text=source.text if source else "",
        base=base_name(step["base"], step["base_value"]),
        threshold=("> " if step["strict"] else "") + str(step["threshold"]),
        need=str(step["need"]),
        got=str(step["got"]),
        met=step["met"],
        word=word,
        short=gettext("{n} short").format(n=missing) if missing else "",
    )


def test_name(test: str) -> str:
    """The test of a working in words."""
    group, _, name = test.partition(".")
    return {
        "quorum": gettext("Quorum"),
        "majority": gettext("Majority"),
        "consensus": gettext("Consensus"),
        "methods": gettext("Consensus"),
    }.get(group, test) + (f" ({gettext(name)})" if group == "quorum" and name else "")


def base_name(base: str, value: Any) -> str:
    """The base of a test in words: "8 present and voting"."""
    names = {
        "present_voting": gettext("present and voting"),
        "cast_incl_abstain": gettext("ballots cast, abstentions counted"),
        "present": gettext("present"),
        "members": gettext("members"),
        "accredited": gettext("accredited"),
        "entitled": gettext("entitled to vote"),
        "participating": gettext("taking part"),
    }
    return f"{value} {names.get(base, base)}"


def headline(result: Result) -> str:
    """What was decided, in one or two sentences that anybody can say aloud."""
    if result.question.method == "consensus":
        return _consensus_words(result)
    t = result.tallies
    counts = gettext("{for} voted for, {against} against, {abstain} abstained.").format_map(t)
    majority = next((s for s in reversed(result.outcome["working"]) if s["test"].startswith("majority.")), None)
    if majority is None:
        return counts
    needed = gettext("The rule asks for {threshold} of the {base} that voted for or against: {need}.").format(
        threshold=share(majority["threshold"], strict=majority["strict"]),
        base=majority["base_value"],
        need=majority["need"],
    )
    return f"{counts} {needed}"


def _consensus_words(result: Result) -> str:
    objections = result.question.objections.count()
    if not objections:
        return gettext("The chair asked whether any member objected. None did.")
    return ngettext("{n} member objected.", "{n} members objected.", objections).format(n=objections)


def share(threshold: str, *, strict: bool) -> str:
    known = {
        "2/3": gettext("two thirds"),
        "1/2": gettext("half"),
        "3/4": gettext("three quarters"),
        "3/5": gettext("three fifths"),
    }
    name = known.get(threshold, threshold)
    return gettext("more than {share}").format(share=name) if strict else name


def outcome_word(status: str) -> str:
    """The outcome as a word for a chip or a heading."""
    return {
        "adopted": gettext("Adopted"),
        "rejected": gettext("Not adopted"),
        "void_no_quorum": gettext("Void: no quorum"),
        "pending": gettext("Pending"),
        "postponed": gettext("Postponed"),
        "not_opened": gettext("Not opened"),
        "second_vote_due": gettext("Second vote due"),
        "further_discussion": gettext("Further discussion"),
    }.get(status, status.replace("_", " ").capitalize())


def tally(result: Result) -> dict[str, Any] | None:
    """The drawing of a vote: squares for and against, a line at the need, abstentions apart. None beyond 40 heads."""
    if result.question.method != "vote":
        return None
    counts = {value: result.tallies[value] for value in ("for", "against", "abstain")}
    if not 0 < sum(counts.values()) <= 40:
        return None
    squares, x = [], 1
    for value in ("for", "against"):
        for _ in range(counts[value]):
            squares.append(_square(value, x))
            x += 33
    base_end = x - 4
    x += 13 if counts["abstain"] else 0
    for _ in range(counts["abstain"]):
        squares.append(_square("abstain", x))
        x += 33
    return {"squares": squares, "base_end": base_end, "width": max(x + 10, 320)} | _tally_words(result, counts)


def _square(value: str, x: int) -> dict[str, Any]:
    glyph = _GLYPHS[value].format(a=x + 8, b=x + 9, c=x + 21, d=x + 8)
    return {"v": value, "x": x, "glyph": glyph}


def _tally_words(result: Result, counts: dict[str, int]) -> dict[str, Any]:
    majority = next((s for s in reversed(result.outcome["working"]) if s["test"].startswith("majority.")), None)
    need = majority["need"] if majority and isinstance(majority["need"], int) else 0
    needs = gettext("needs {n}").format(n=need)
    line = 33 * need - 1.5 if need else 0
    title = gettext("{for} for, {against} against, {abstain} abstaining.").format_map(counts) + f" {needs}."
    base = gettext("base: {base}").format(base=base_name(majority["base"], majority["base_value"])) if majority else ""
    near_end = line > 80
    return {
        "id": f"tally-{result.key.replace('/', '-')}",
        "title": title,
        "need": needs,
        "line": f"{line:g}" if line else "",
        "label_x": f"{line + (4 if near_end else 0):g}",
        "anchor": "end" if near_end else "start",
        "base": base,
    }
