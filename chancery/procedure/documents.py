"""The standard JSON of decide(): documents in and out, checked with JSON pointers.

Input: exactly `ruleset`, `question`, `electorate`, `events`. Unknown keys, members or kinds, seq or instants
running backwards, floats, doubled keys: BadDocument, all faults at once. Output: canonical JSON of the outcome
with the digests of rule set and input, so that any member recomputes identical bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chancery import canon
from chancery.procedure import rulesets
from chancery.procedure.adoption import decide
from chancery.procedure.questions import SIX_VALUES, Electorate, Event, QuestionTerms
from chancery.procedure.reading import BAD, DocumentFault, MemberCode, Path, Reading, Serial, reader, shape_reader
from chancery.procedure.rulesets import RuleSet, RuleSetFaults

Value = Literal["for", "against", "abstain", "invalid", "present_not_participating", "absent"]
DECISION_STATUS = Literal[
    "pending", "adopted", "rejected", "void_no_quorum", "not_opened", "postponed", "second_vote_due",
    "further_discussion", "chair_determines", "broken", "not_put", "withdrawn", "elected", "next_round",
]  # fmt: skip

EVENT_DATA: Mapping[str, Mapping[str, Any]] = {
    "vote.announced": {"about": str, "mode?": Literal["show", "recorded", "roll_call", "secret"], "start?": MemberCode},
    "vote.closed": {"about": str, "mode?": str, "start?": MemberCode},
    "result.announced": {"about": str, "mode?": str, "start?": MemberCode},
    "ballot.cast": {"value": Any},
    "ballot.changed": {"value": Any},
    "ballots.counted": {
        "values?": Mapping[Value, int],
        "candidates?": Mapping[str, int],
        "invalid?": int,
        "abstain?": int,
        "voted": tuple[MemberCode, ...],
    },
    "proxy.given": {"holder": MemberCode, "written?": bool},
    "presence.in": {"channel?": Literal["room", "remote"]},
    "presence.out": {},
    "quorum.challenged": {},
    "rights.changed": {"right": str, "value": bool, "authority?": str},
    "objection": {"reason?": str},
    "silence.proposed": {"expiry": datetime, "digest?": str},
    "silence.extended": {"expiry": datetime},
    "silence.objection": {"sha256?": str, "reason?": str},
    "silence.amendment": {"sha256?": str},
    "outage": {"from": datetime, "to": datetime},
    "clock": {},
    "motion.moved": {"motion": str, "id": str},
    "motion.seconded": {"motion?": str, "id": str},
    "motion.put": {"motion?": str, "id": str},
    "ruling": {"about": str, "answer": str, "reason?": str},
    "appeal": {"about?": str, "answer?": str, "reason?": str},
    "withdrawal": {"reason?": str},
    "override": {"status": DECISION_STATUS, "reason?": str},
    "division.requested": {"parts": tuple[str, ...]},
    "division.objected": {"parts?": tuple[str, ...], "reason?": str},
    "amendments.ordered": {"order": tuple[str, ...], "implied?": Mapping[str, tuple[str, ...]]},
    "election.called": {"posts": int, "groups?": Mapping[str, int] | tuple[str, ...]},
    "candidate.nominated": {"name": str, "group?": str},
    "candidate.withdrawn": {"name": str, "group?": str},
    "lot.drawn": {"about": str, "result": str, "how": Literal["room", "commit_reveal"], "proof?": Any},
    "confirmation.given": {"value": Literal["yes", "no"]},
    "statement.filed": {"kind": str, "paragraph?": str},
}
EVENT = {"seq": Serial, "at": datetime, "kind": str, "by": str, "for?": str | None, "data?": object}
"""The keys of an event; `for` is checked against members and capitals, `data` by its kind."""

ELECTORATE: Mapping[str, Any] = {
    "zone": str,
    "members": tuple[str, ...],
    "chair?": MemberCode | None,
    "rights?": Mapping[MemberCode, tuple[tuple[datetime | None, ...], ...]],
    "accredited?": Mapping[MemberCode, tuple[tuple[datetime | None, ...], ...]],
    "voters?": Mapping[MemberCode, tuple[str, ...]],
    "presence?": tuple[MemberCode, ...],
    "weights?": Mapping[str, Mapping[MemberCode, Fraction]],
    "groups?": Mapping[str, tuple[MemberCode, ...]],
}
"""The keys of an electorate."""


class BadDocument(ValueError):
    """A document cannot be decided. `faults` holds every fault; each has `pointer` and `reason`."""

    def __init__(self, faults: list[DocumentFault]) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.reason}" for fault in faults))
        self.faults = faults


class Inputs(NamedTuple):
    """What decide() takes, read from a document."""

    ruleset: RuleSet
    question: QuestionTerms
    electorate: Electorate
    events: tuple[Event, ...]


def decide_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome of a standard document, as an object in canonical spelling. Raises BadDocument."""
    inputs = read_inputs(document)
    outcome = decide(inputs.ruleset, inputs.question, inputs.electorate, inputs.events)
    answer = outcome.as_json()
    answer["ruleset_sha256"] = inputs.ruleset.sha256
    answer["input_sha256"] = canon.sha256(canon.canonical_json(document))
    return canon.as_json(answer)  # type: ignore[no-any-return]


class _Doubled(dict[str, Any]):
    """An object in which a key stood twice."""

    key = ""


def parse(data: bytes) -> Any:
    """The value of JSON bytes. Raises BadDocument for what is no JSON, for NaN, and for every doubled key."""
    found: list[_Doubled] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) == len(items):
            return made
        names = [name for name, _ in items]
        found.append(_Doubled(made))
        found[-1].key = next(name for name in names if names.count(name) > 1)
        return found[-1]

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is no JSON number")

    try:
        value = json.loads(data, object_pairs_hook=pairs, parse_constant=constant)
        faults = list(_doubled(value, ())) if found else []
    except (ValueError, RecursionError) as error:
        raise BadDocument([DocumentFault((), f"is no JSON: {error}")]) from error
    if faults:
        raise BadDocument(faults)
    return value


def _doubled(value: Any, path: Path) -> Iterator[DocumentFault]:
    """Where in a value the objects with a doubled key stand."""
    if isinstance(value, _Doubled):
        yield DocumentFault((*path, value.key), "stands twice in one object")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _doubled(item, (*path, key))


def read_inputs(document: Any) -> Inputs:
    """The inputs of decide() from a standard document. Raises BadDocument with every fault."""
    shape = {"ruleset": object, "question": object, "electorate": object, "events": object}
    reading = Reading()
    parts = shape_reader(shape)(document, (), reading)
    if parts is BAD:
        raise BadDocument(reading.faults)
    electorate = _electorate(document["electorate"], reading)
    members = frozenset(electorate.members) if electorate else None
    inner = Reading(members)
    question = _question(document["question"], inner)
    ruleset = _ruleset(document["ruleset"], inner)
    events = _events(document["events"], inner, question)
    faults = [*reading.faults, *inner.faults]
    if not faults and ruleset and question and electorate:
        faults += _missing(ruleset, question, electorate)
    if faults or ruleset is None or question is None or electorate is None:
        raise BadDocument(faults)
    return Inputs(ruleset, question, electorate, events)


def _ruleset(value: Any, reading: Reading) -> RuleSet | None:
    """An inline rule set, or `{preset, version, sha256}`."""
    if isinstance(value, Mapping) and "preset" in value:
        return _preset(value, reading)
    if not isinstance(value, Mapping):
        reading.fault(("ruleset",), "must be an object")
        return None
    try:
        return RuleSet.from_document(value)
    except RuleSetFaults as found:
        reading.faults += [DocumentFault(("ruleset", *fault.path), fault.reason) for fault in found.faults]
        return None


def _preset(value: Any, reading: Reading) -> RuleSet | None:
    found = shape_reader({"preset": str, "version": int, "sha256": str})(value, ("ruleset",), reading)
    if found is BAD:
        return None
    try:
        ruleset = rulesets.preset(f"{found['preset']}/{found['version']}")
    except KeyError as error:
        reading.fault(("ruleset", "preset"), str(error.args[0]))
        return None
    if ruleset.sha256 != found["sha256"]:
        reading.fault(("ruleset", "sha256"), f"is not the digest of this preset, {ruleset.sha256}")
        return None
    return ruleset


def _question(value: Any, reading: Reading) -> QuestionTerms | None:
    found = reader(QuestionTerms)(value, ("question",), reading)
    if found is BAD:
        return None
    question: QuestionTerms = found
    if question.method in ("vote", "motion") and question.test is None:
        reading.fault(("question", "test"), "is missing: which majority decides?")
        return None
    if question.method not in ("election", "motion") and question.subject is None:
        reading.fault(("question", "subject"), "is missing: what is put?")
        return None
    return question


def _electorate(value: Any, reading: Reading) -> Electorate | None:
    listed = value.get("members") if isinstance(value, Mapping) else None
    codes = [code for code in listed if isinstance(code, str)] if isinstance(listed, list | tuple) else []
    inner = Reading(frozenset(codes))
    found = shape_reader(ELECTORATE)(value, ("electorate",), inner)
    if len(set(codes)) < len(codes):
        inner.fault(("electorate", "members"), "names a member twice")
    if isinstance(value, Mapping) and isinstance(value.get("zone"), str) and not _is_zone(value["zone"]):
        inner.fault(("electorate", "zone"), f"{value['zone']!r} is no zone")
    spans = {name: _spans(found, name, inner) for name in ("rights", "accredited")} if found is not BAD else {}
    reading.faults += inner.faults
    return None if inner.faults else _made(found, spans)


def _made(found: dict[str, Any], spans: dict[str, Any]) -> Electorate:
    presence = found.get("presence")
    return Electorate(
        zone=found["zone"],
        members=found["members"],
        chair=found.get("chair"),
        voters={member: frozenset(people) for member, people in found.get("voters", {}).items()},
        presence=None if presence is None else frozenset(presence),
        weights=found.get("weights", {}),
        groups=found.get("groups", {}),
        **spans,
    )


def _spans(found: dict[str, Any], name: str, reading: Reading) -> dict[str, Any]:
    for member, spans in found.get(name, {}).items():
        for index, span in enumerate(spans):
            ordered = len(span) == 2 and span[0] is not None and (span[1] is None or span[0] <= span[1])
            if not ordered:
                reading.fault(("electorate", name, member, index), "must be [from, to or null], in order")
    return dict(found.get(name, {}))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _events(value: Any, reading: Reading, question: QuestionTerms | None) -> tuple[Event, ...]:
    if not isinstance(value, list | tuple):
        reading.fault(("events",), "must be a list")
        return ()
    read_event = shape_reader(EVENT)
    found = [_event(item, ("events", index), reading, read_event) for index, item in enumerate(value)]
    events = tuple(event for event in found if event is not None)
    for index, (before, after) in enumerate(zip(found, found[1:], strict=False), start=1):
        if before is not None and after is not None:
            reading.faults += _backwards(before, after, ("events", index))
    reading.faults += _wrong_values(events, question)
    return events


def _event(value: Any, path: Path, reading: Reading, read_event: Any) -> Event | None:
    found = read_event(value, path, reading)
    if found is BAD:
        return None
    kind = found["kind"]
    if kind not in _DATA_READERS:
        reading.fault((*path, "kind"), f"{kind!r} is unknown")
        return None
    concerned = found.get("for")
    if concerned is not None and reading.members is not None and concerned not in reading.members:
        reading.fault((*path, "for"), f"{concerned!r} is no member")
        return None
    data = _DATA_READERS[kind](value.get("data", {}), (*path, "data"), reading)
    if data is BAD:
        return None
    return Event(found["seq"], found["at"], kind, found["by"], concerned, data)


_DATA_READERS = {kind: shape_reader(shape) for kind, shape in EVENT_DATA.items()}


def _backwards(before: Event, after: Event, path: Path) -> Iterator[DocumentFault]:
    if after.seq <= before.seq:
        yield DocumentFault((*path, "seq"), f"{after.seq} does not follow {before.seq}")
    if after.at < before.at:
        yield DocumentFault(
            (*path, "at"), f"{canon.instant_text(after.at)} lies before {canon.instant_text(before.at)}"
        )


def _wrong_values(events: Sequence[Event], question: QuestionTerms | None) -> Iterator[DocumentFault]:
    """In a vote a value is one of six words; in an election a name or a list of names."""
    if question is None:
        return
    for index, event in enumerate(events):
        value = event.data.get("value") if event.kind.startswith("ballot.") else "for"
        in_words = isinstance(value, str) and (question.method == "election" or value in SIX_VALUES)
        in_names = question.method == "election" and isinstance(value, list) and all(isinstance(n, str) for n in value)
        if not in_words and not in_names:
            yield DocumentFault(("events", index, "data", "value"), f"{value!r} is none of {', '.join(SIX_VALUES)}")


def _missing(ruleset: RuleSet, question: QuestionTerms, electorate: Electorate) -> Iterator[DocumentFault]:
    """What the inputs must say because of one another: a known test, a weight for each member."""
    majority = ruleset.majority_named(question.test) if question.test else None
    if question.test and majority is None:
        known = ", ".join(sorted(ruleset.majority)) or "none"
        yield DocumentFault(
            ("question", "test"), f"{question.test!r} names no majority of the rule set; known: {known}"
        )
    for test in majority.tests if majority else ():
        name = test.measure.removeprefix("weight:")
        if test.measure != "heads":
            unweighed = [member for member in electorate.members if member not in electorate.weights.get(name, {})]
            if unweighed:
                yield DocumentFault(("electorate", "weights", name), f"gives no weight to {', '.join(unweighed)}")
