"""Recorded votes and silences that nobody here invented, read from a folder and decided again.

The folder holds `votes/swiss.csv`, `debian.csv`, `php.csv`, `unga.csv` and `silence/lastcall.csv`, whose columns
say the counts and the outcome that was recorded apart from them. The data are no part of this project.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import isqrt
from pathlib import Path
from typing import Any

from chancery import canon
from chancery.procedure import decide_document

CANTONS = "zh be lu ur sz ow nw gl zg fr so bs bl sh ar ai sg gr ag tg ti vd vs ne ge ju".upper().split()
HALF_CANTONS = {"OW", "NW", "BS", "BL", "AR", "AI"}
BREAKS = {"Review", "Draft", "Withdrawn", "Abandoned", "Stagnant"}


@dataclass(frozen=True)
class Recorded:
    """A question with the outcome that its own source recorded."""

    id: str
    document: dict[str, Any]
    status: str
    decided_at: str | None = None
    note: str = ""


def main(folder: Path) -> int:
    """Decide every record, print agreements and each mismatch. Returns the number of mismatches without a reason."""
    unexplained = 0
    for name, read in SOURCES.items():
        found = list(read(folder))
        wrong = [(one, outcome) for one in found if (outcome := _mismatch(one))]
        print(f"{name}: {len(found) - len(wrong)} of {len(found)} agree")
        for one, outcome in wrong:
            unexplained += not one.note
            print(f"  {one.id}: recorded {one.status}, decided {outcome}: {one.note or 'UNEXPLAINED'}")
    return unexplained


def _mismatch(one: Recorded) -> str:
    """What was decided instead of what was recorded; empty where both agree."""
    outcome = decide_document(one.document)
    status = "refused" if outcome["refused"] and outcome["status"] == "pending" else outcome["status"]
    same_time = one.decided_at is None or status == "refused" or outcome["decided_at"] == one.decided_at
    return "" if status == one.status and same_time else f"{status} {outcome['decided_at'] or ''}".strip()


def swiss(folder: Path) -> Iterator[Recorded]:
    """More than half of the valid ballots and of the cantonal votes; people and cantons are blocs with weights."""
    for row in _rows(folder / "votes" / "swiss.csv"):
        both = row["rule"] == "people_and_cantons"
        ballots = {"YES": "for", "NO": "against"}
        weights = {"people": {"YES": row["yes"], "NO": row["no"]}, "cantons": {"YES": "0", "NO": "0"}}
        for canton in CANTONS if both else ():
            if not row[canton.lower()]:
                continue
            verdict = row[canton.lower()].partition("/")[0]
            ballots[canton] = {"a": "for", "r": "against"}.get(verdict, "present_not_participating")
            weights["people"][canton] = "0"
            weights["cantons"][canton] = "1/2" if canton in HALF_CANTONS else "1"
        names = ["people", "cantons"] if both else ["people"]
        tests = [{"measure": f"weight:{name}", "threshold": "1/2", "strict": True} for name in names]
        status = "adopted" if row["recorded"] in ("adopted", "accepted") else "rejected"
        yield Recorded(row["id"], _vote(ballots, tests, weights=weights), status)


def debian(folder: Path) -> Iterator[Recorded]:
    """More than `ratio` times as many for as against, and more than 3/2 times the root of the members for."""
    for row in _rows(folder / "votes" / "debian.csv"):
        ratio, members = int(row["ratio"]), int(row["members"])
        test = {"threshold": f"{ratio}/{ratio + 1}", "strict": True, "min_supporters": isqrt(9 * members // 4) + 1}
        ballots = _counted({"for": int(row["for"]), "against": int(row["against"])})
        yield Recorded(row["id"], _vote(ballots, [test]), "adopted" if row["recorded"] == "passes" else "rejected")


def php(folder: Path) -> Iterator[Recorded]:
    """At least two thirds of yes and no; in older votes more than half."""
    notes = {"PHP-session-lock-ini": "three questions in one record: the first, stored here, passed 9-1"}
    for row in _rows(folder / "votes" / "php.csv"):
        test = {"threshold": row["threshold"], "strict": row["threshold"] != "2/3"}
        ballots = _counted({value: int(row[value]) for value in ("for", "against", "abstain")})
        yield Recorded(row["id"], _vote(ballots, [test]), row["recorded"], note=notes.get(row["id"], ""))


def unga(folder: Path) -> Iterator[Recorded]:
    """More than half of the members present and voting, by roll-call; abstaining is not voting."""
    for row in _rows(folder / "votes" / "unga.csv"):
        ballots = {member: value for value in ("for", "against", "abstain") for member in row[value].split()}
        yield Recorded(row["id"], _vote(ballots, [{"threshold": "1/2", "strict": True}]), row["recorded"])


def lastcall(folder: Path) -> Iterator[Recorded]:
    """Silences between instants: extended only before the expiry, broken by the first return before it."""
    for row in _rows(folder / "silence" / "lastcall.csv"):
        yield Recorded(row["case"], _silence(row), row["expected"], row["expected_at"] or None, "")


def _silence(row: dict[str, str]) -> dict[str, Any]:
    events = [(row["started"], "silence.proposed", {"expiry": row["expiry"]})]
    for pair in row["extensions"].split():
        at, until = pair.split(">")
        events.append((at, "silence.extended", {"expiry": until}))
    if row["next_status"] in BREAKS:
        events.append((row["next_change"], "silence.objection", {}))
    events.sort(key=lambda event: event[0])
    last = max([row["expiry_final"], row["expiry"], *(at for at, _, _ in events)])
    events.append((canon.instant_text(canon.instant(last) + timedelta(days=1)), "clock", {}))
    rules = {"silence": {"extension": "chair_before_expiry"}}
    question = {"method": "silence"}
    stamped = [_event(seq, at, kind, data) for seq, (at, kind, data) in enumerate(events, 1)]
    return _document(rules, question, {"members": ["READERS"]}, stamped)


def _vote(ballots: dict[str, str], tests: list[dict[str, Any]], **electorate: Any) -> dict[str, Any]:
    at = "2026-01-01T00:00:00Z"
    events = [_event(1, at, "vote.announced", {"about": "whole"})]
    events += [
        {"seq": seq, "at": at, "kind": "ballot.cast", "by": "record", "for": member, "data": {"value": value}}
        for seq, (member, value) in enumerate(ballots.items(), 2)
    ]
    events.append(_event(len(events) + 1, at, "result.announced", {"about": "whole"}))
    rules = {"majority": {"recorded": {"tests": tests}}}
    return _document(rules, {"method": "vote", "test": "recorded"}, {"members": list(ballots), **electorate}, events)


def _document(rules: Any, question: dict[str, Any], electorate: dict[str, Any], events: list[Any]) -> dict[str, Any]:
    subject = {"ref": "record", "sha256": "0" * 64}
    return {
        "ruleset": rules,
        "question": {"id": "record", "subject": subject, **question},
        "electorate": {"zone": "UTC", **electorate},
        "events": events,
    }


def _event(seq: int, at: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    concerned = {"for": "READERS"} if kind == "silence.objection" else {}
    by = "clock" if kind == "clock" else "chair" if not concerned else "readers"
    return {"seq": seq, "at": at, "kind": kind, "by": by, "data": data, **concerned}


def _counted(counts: dict[str, int]) -> dict[str, str]:
    values = [value for value, number in counts.items() for _ in range(number)]
    return {f"V{number:05d}": value for number, value in enumerate(values, 1)}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


SOURCES: dict[str, Callable[[Path], Iterator[Recorded]]] = {
    "swiss": swiss,
    "debian": debian,
    "php": php,
    "unga": unga,
    "silence": lastcall,
}
