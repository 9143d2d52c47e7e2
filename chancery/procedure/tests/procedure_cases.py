"""Reads the cases of `cases/*.toml`: questions to decide in a short form, and calls of single rules.

A case gives rules (a preset with `changes`, or inline), members (a number makes M01, M02, …), who is present, and
events; `use` takes what the file says once for several cases. Short forms of events: `vote = "whole"` with
`counts = "14-9-2"` is announcement, ballots in seating order of those present, and result; `ballots = "14-9-2"` is
the ballots alone. Expected objects are subsets, expected lists are whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chancery import canon
from chancery.procedure.rulesets import RuleSet, preset

FOLDER = Path(__file__).parent / "cases"
VALUES = ("for", "against", "abstain", "invalid", "present_not_participating", "absent")


@dataclass(frozen=True)
class Written:
    """One case or call as written, with the file it stands in."""

    file: str
    kind: str
    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.file}: {self.content['name']}"


@cache
def all_written() -> list[Written]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text())
        shared = document.get("electorates", {})
        for kind in ("case", "call"):
            items = [{**shared.get(item.get("use"), {}), **item} for item in document.get(kind, [])]
            found += [Written(path.stem, kind, item) for item in items]
    return found


def cases() -> list[Written]:
    return [written for written in all_written() if written.kind == "case"]


def calls() -> list[Written]:
    return [written for written in all_written() if written.kind == "call"]


def rules_document(content: Mapping[str, Any], instead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The rules of a case as a document: a preset's (or what stands `instead` of it), inline, or changed."""
    rules = content.get("rules", {})
    base = instead or (preset(rules).document if isinstance(rules, str) else rules)
    return canon.as_json(_merged(base, content.get("changes", {})))


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        both = isinstance(value, dict) and isinstance(old, Mapping)
        merged[key] = _merged(old, value) if both else value
    return merged


def document_of(written: Written) -> dict[str, Any]:
    """The standard document of a case."""
    content = written.content
    members = _members(content.get("members", 9))
    electorate: dict[str, Any] = {"zone": content.get("zone", "UTC"), "members": members}
    if "present" in content:
        given = content["present"]
        electorate["presence"] = members[:given] if isinstance(given, int) else given
    for key in ("chair", "rights", "accredited", "voters", "weights", "groups"):
        if key in content:
            electorate[key] = _until_null(content[key]) if key in ("rights", "accredited") else content[key]
    return canon.as_json(
        {
            "ruleset": rules_document(content),
            "question": _question(content),
            "electorate": electorate,
            "events": list(_events(content, electorate)),
        }
    )


def _members(given: Any) -> list[str]:
    return [f"M{number:02d}" for number in range(1, given + 1)] if isinstance(given, int) else given


def _until_null(spans: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: a span with one end lasts."""
    return {member: [[*span, None][:2] for span in found] for member, found in spans.items()}


def _question(content: Mapping[str, Any]) -> dict[str, Any]:
    question = {"id": "question/1/1", "method": content.get("method", "vote")}
    if question["method"] not in ("election", "motion"):
        question["subject"] = {"ref": "version/1/D1/1", "sha256": "0" * 64, **content.get("subject", {})}
    keys = ("test", "parts", "amendments", "again", "capitals")
    return question | {key: content[key] for key in keys if key in content}


def _events(content: Mapping[str, Any], electorate: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    day = content.get("date", date(2026, 6, 10))
    room = _Room(electorate)
    seq = 0
    for line in content.get("events", []):
        at = _instant(line["at"], day, electorate["zone"])
        for event in room.expanded(line):
            seq += 1
            yield {"seq": seq, "at": at, **event}


def _instant(given: Any, day: date, zone: str) -> datetime:
    if isinstance(given, datetime):
        return given
    return datetime.combine(day, time.fromisoformat(given), tzinfo=ZoneInfo(zone)).astimezone(UTC)


class _Room:
    """Who is present and has not voted, to expand counts into ballots."""

    def __init__(self, electorate: Mapping[str, Any]) -> None:
        self.members = electorate["members"]
        self.present = set(electorate.get("presence", self.members))
        self.voted: set[str] = set()

    def expanded(self, line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if "vote" in line:
            yield {"kind": "vote.announced", "by": "chair", "data": {"about": line["vote"], "mode": "show"}}
            self.voted = set()
            yield from self._ballots(line["counts"])
            yield {"kind": "result.announced", "by": "chair", "data": {"about": line["vote"]}}
        elif "ballots" in line:
            yield from self._ballots(line["ballots"])
        else:
            yield from self._plain(line)

    def _ballots(self, counts: str) -> Iterator[dict[str, Any]]:
        left = iter([member for member in self.members if member in self.present and member not in self.voted])
        for value, number in zip(VALUES, counts.split("-"), strict=False):
            for _ in range(int(number)):
                member = next(left)
                self.voted.add(member)
                yield {"kind": "ballot.cast", "by": f"{member.lower()}.head", "for": member, "data": {"value": value}}

    def _plain(self, line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        data = {key: value for key, value in line.items() if key not in ("at", "do", "by", "for")}
        for member in _listed(line.get("for")):
            event: dict[str, Any] = {"kind": line["do"], "data": data}
            event["by"] = line.get("by", f"{member.lower()}.head" if member else _default_by(line["do"]))
            if member:
                event["for"] = member
                self._note(line["do"], member)
            if line["do"] == "vote.announced":
                self.voted = set()
            yield event

    def _note(self, kind: str, member: str) -> None:
        if kind == "presence.out":
            self.present.discard(member)
        elif kind == "presence.in":
            self.present.add(member)
        elif kind.startswith("ballot."):
            self.voted.add(member)


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _default_by(kind: str) -> str:
    return "clock" if kind in ("clock", "outage") else "chair"


def outcome_of_call(written: Written) -> Any:
    """What a single rule answers: `function` in a module of the package, on a group of the rules."""
    content = written.content
    module, _, name = content["function"].rpartition(".")
    function = getattr(import_module(f"chancery.procedure.{module}"), name)
    first = []
    if "rules" in content:
        rules = RuleSet.from_document(rules_document(content))
        group = content.get("group", "")
        first = [getattr(rules, group) if group else rules]
        first = [getattr(first[0], content["within"])] if "within" in content else first
    return function(*first, **{key: _argument(value) for key, value in content.get("arguments", {}).items()})


def _argument(value: Any) -> Any:
    if isinstance(value, dict) and "class" in value:
        module, _, name = value["class"].rpartition(".")
        made = getattr(import_module(f"chancery.procedure.{module}"), name)
        return made(**{key: _argument(item) for key, item in value.items() if key != "class"})
    if isinstance(value, list):
        return tuple(_argument(item) for item in value)
    return value


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """Where what was found is not what was expected: objects as subsets, lists as wholes."""
    if isinstance(expected, Mapping):
        return [
            difference
            for key, value in expected.items()
            for difference in differences(value, _part(found, key), f"{place}.{key}")
        ]
    if isinstance(expected, list | tuple):
        if not isinstance(found, list | tuple) or len(found) != len(expected):
            return [f"{place}: expected {expected!r}, found {found!r}"]
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for index, (one, other) in pairs for line in differences(one, other, f"{place}.{index}")]
    expected, found = _plain(expected), _plain(found)
    return [] if expected == found else [f"{place}: expected {expected!r}, found {found!r}"]


def _part(found: Any, key: str) -> Any:
    return found.get(key, "nothing") if isinstance(found, Mapping) else getattr(found, key, "nothing")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | Fraction):
        return canon.as_json(value)
    return None if value == "null" else value
