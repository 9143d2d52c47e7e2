"""Playing a folder: check all, then perform act by act, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chancery.council import charter, queries
from chancery.council.models import Council
from chancery.meetings.models import Session
from chancery.trail import door, files, phrases, refs
from chancery.trail.actor import CLOCK, OPERATOR, Actor, in_office, offices
from chancery.trail.arguments import read_instant
from chancery.trail.errors import BadArguments, Fault, Refused, Unknown
from chancery.trail.models import Record

from .checks import Script, raw_arguments, shape_faults, to_of
from .folder import BadFolder, FaultAt, Folder, Line, place_in_words, toml_faults

Say = Callable[["Played"], None]


class RolledBack(Exception):
    """Raised inside the transaction so that nothing of a check or a faulty play stays."""


class AlreadyThere(Exception):
    """The session exists in this database; it is not played twice."""


@dataclass(frozen=True)
class Played:
    """One performed act, as `chancery play` prints it."""

    n: int
    do: str
    at: datetime
    by: str
    for_: str
    to: str
    result: str
    status: str
    rule: str
    refused: bool
    says: str
    zone: ZoneInfo

    def as_json(self) -> str:
        value = {"n": self.n, "do": self.do, "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": self.by}
        value |= {"for": self.for_, "to": self.to, "result": self.result, "status": self.status}
        value |= {"rule": self.rule, "refused": self.refused, "says": self.says}
        return json.dumps(value, ensure_ascii=False)


@dataclass
class Stage(Script):
    """The state of one play: what failed, and what the clock did on its own."""

    say: Say = print
    spoiled: set[str] = field(default_factory=set)
    spoiled_kinds: set[str] = field(default_factory=set)
    clock: list[Record] = field(default_factory=list)


def play(folder: Folder, say: Say, *, check: bool = False) -> list[Record]:
    """Perform the whole folder, or with `check` only try. Raises BadFolder, AlreadyThere."""
    number = str(folder.session.get("number", ""))
    if Council.objects.exists() and Session.objects.filter(pk=number).exists():
        raise AlreadyThere(f"session {number} is in this register already; a folder is played once")
    stage = Stage(folder, say=say)
    with files.temporary_store() if check else nullcontext():
        shape_faults(stage)
        if stage.faults and not check:
            raise BadFolder(stage.faults)
        performed = _perform_all(stage, keep=not check)
    if stage.faults:
        raise BadFolder(sorted(stage.faults, key=_order))
    return performed


def _perform_all(stage: Stage, *, keep: bool) -> list[Record]:
    """All acts in one transaction, which is undone where something is wrong or nothing is to be kept."""
    try:
        with door.batch() as performed:
            _found_or_compare(stage)
            for line in _playable(stage):
                _perform(stage, line)
            if stage.faults or not keep:
                raise RolledBack
    except RolledBack:
        return []
    return performed


def _order(fault: FaultAt) -> tuple[bool, int]:
    return (fault.file == "acts.yaml", fault.line if isinstance(fault.line, int) else 0)


# -- the council ----------------------------------------------------------------------------------------------------


def _found_or_compare(stage: Stage) -> None:
    standing = Council.objects.first()
    named, wrong = charter.named_files(stage.folder.charter, stage.folder.path)
    if wrong:
        stage.faults += toml_faults("council.toml", wrong)
        raise RolledBack
    if standing is None:
        first = next((at for line in stage.folder.acts if (at := _quiet_instant(stage, line))), None)
        _found(stage, named, first)
        return
    value = charter.plain(stage.folder.charter, named)
    value["council"].pop("as_of", None)
    different = charter.differences(value, queries.standing(standing))
    stage.faults += [FaultAt("council.toml", place.partition(": ")[0], place.partition(": ")[2]) for place in different]


def _quiet_instant(stage: Stage, line: Line) -> datetime | None:
    try:
        return read_instant(line.raw.get("at"), stage.folder.zone)
    except ValueError:
        return None


def _found(stage: Stage, named: dict[str, files.File], first: datetime | None) -> None:
    try:
        found_council(stage.folder.path / "council.toml", stage.folder.charter, named, first)
    except BadArguments as error:
        stage.faults += [_charter_fault(fault) for fault in error.faults]
        raise RolledBack from None


def _charter_fault(fault: Fault) -> FaultAt:
    if fault.place[:1] == ("rules",):
        return FaultAt("rules.toml", place_in_words(fault.place[1:]), fault.says)
    return FaultAt("council.toml", place_in_words(fault.place), fault.says)


def found_council(
    path: Path, constitution: charter.Charter, named: dict[str, files.File], first: datetime | None
) -> door.Performed:
    """Found the council that the file at `path` describes. Raises BadArguments, Refused."""
    at = charter.founded_at(constitution, first)
    file = files.put(path.read_bytes(), "council.toml")
    deed = door.acts()["council.found"]
    return door.perform(deed, None, {"charter_file": file, "files": named}, by=OPERATOR, at=at, via="play")


# -- performing -------------------------------------------------------------------------------------------------------


def _playable(stage: Stage) -> Iterator[Line]:
    for line in stage.folder.acts:
        if line.raw.pop("faulty", False):
            _spoil(stage, line)
        else:
            yield line


def _perform(stage: Stage, line: Line) -> None:
    at = read_instant(line.raw["at"], stage.folder.zone)
    stage.clock += _settle(stage, at)
    try:
        if line.raw.get("by") == "clock":
            _match_clock(stage, line, at)
        else:
            _perform_person(stage, line, at)
    except _Wrong as wrong:
        if not _rests_on_failure(stage, line, wrong):
            stage.faults.append(line.fault(wrong.says, wrong.place, is_refusal=wrong.is_refusal))
        _spoil(stage, line)


class _Wrong(Exception):
    """An act that could not be performed as written."""

    def __init__(
        self, says: str, place: tuple[str | int, ...] = (), *, missing: str = "", rule: str = "", counts: str = ""
    ) -> None:
        super().__init__(says)
        self.is_refusal = bool(rule) or place[:1] in (("expect",), ("refuse",))
        self.says, self.place, self.missing, self.rule = says, place, missing, rule
        self.counts = counts


def _settle(stage: Stage, at: datetime) -> list[Record]:
    records = door.settle(at, "play")
    for record in records:
        stage.say(_played(stage, 0, record))
    return records


def _match_clock(stage: Stage, line: Line, at: datetime) -> None:
    """A listed clock act must be the one the door performed at that instant."""
    done = next((r for r in stage.clock if r.act == line.do and r.subject == line.raw.get("to") and r.at == at), None)
    if done is None:
        raise _Wrong("the clock owes no such act at this instant", ("do",))
    stage.clock.remove(done)


def _perform_person(stage: Stage, line: Line, at: datetime) -> None:
    deed = door.acts()[line.do]
    subject, values = _read(stage, line, deed)
    try:
        by = _actor(line, subject, values, at)
        done = door.perform(deed, subject, values, by=by, at=at, via="play")
    except Refused as refusal:
        _refused(stage, line, at, refusal)
        return
    if line.raw.get("refuse"):
        raise _Wrong(f"was expected to be refused by {line.raw['refuse']!r}, but was done", ("refuse",))
    _compare(line, done.record)
    if name := line.raw.get("as"):
        stage.names[str(name)] = done.record.result
    stage.say(_played(stage, line.number, done.record))


def _read(stage: Stage, line: Line, deed: door.Act) -> tuple[Any, dict[str, Any]]:
    to, raw = _named(stage, to_of(line)), _named(stage, raw_arguments(stage, line))
    try:
        return deed.read(to, raw, replace(stage.reading(), known_names=frozenset()))
    except BadArguments as error:
        first = error.faults[0]
        raise _Wrong(first.says, first.place, missing=first.says) from None


def _named(stage: Stage, value: Any) -> Any:
    """The value with every `@name` of an earlier act replaced by the reference of what came of it."""
    if isinstance(value, str):
        return stage.names.get(value[1:], value) if value.startswith("@") else value
    if isinstance(value, dict):
        return {_named(stage, key): _named(stage, item) for key, item in value.items()}
    return [_named(stage, item) for item in value] if isinstance(value, list) else value


def _actor(line: Line, subject: Any, values: dict[str, Any], at: datetime) -> Actor:
    by, for_ = str(line.raw["by"]), line.raw.get("for")
    entered = str(line.raw.get("entered_by") or "")
    if by in ("operator", "clock"):
        return OPERATOR if by == "operator" else CLOCK
    actor = in_office(by, subject, values, at) if by in offices() else Actor(_person(by).ref)
    writer = (
        in_office(entered, subject, values, at).id if entered in offices() else _person(entered).ref if entered else ""
    )
    spoken = _speaks_for(actor, for_)
    return Actor(actor.id, actor.office, spoken, writer)


def _person(name: str) -> refs.Referable:
    try:
        return refs.get(refs.read(name, "person"))
    except ValueError as error:
        raise _Wrong(str(error), ("by",)) from None
    except Unknown as error:
        raise _Wrong(error.because, ("by",)) from None


def _speaks_for(actor: Actor, for_: Any) -> str:
    """On whose behalf: as written, else the person's own member."""
    if for_ is not None:
        try:
            return str(refs.get(refs.read(str(for_), "member", "body")).ref)
        except (ValueError, Unknown) as error:
            raise _Wrong(str(error), ("for",)) from None
    member = getattr(refs.get(actor.id), "member_id", None)
    return f"member/{member}" if member else ""


def _refused(stage: Stage, line: Line, at: datetime, refusal: Refused) -> None:
    wanted = line.raw.get("refuse")
    if wanted is None:
        missing = refusal.because if isinstance(refusal, Unknown) else ""
        raise _Wrong(f"refused by {refusal.rule}: {refusal.because}", missing=missing, rule=refusal.rule)
    if str(wanted) not in refusal.rule:
        raise _Wrong(f"was refused by {refusal.rule} ({refusal.because}), not by {wanted!r}", ("refuse",))
    record = Record(
        id=0, act=line.do, subject=_named(stage, to_of(line)) or "", args={}, at=at, by=str(line.raw["by"]),
        outcome="refused", rule=refusal.rule, because=refusal.because,
    )  # fmt: skip
    stage.say(_played(stage, line.number, record))


def _compare(line: Line, record: Record) -> None:
    for key, wanted in (line.raw.get("expect") or {}).items():
        got = getattr(record, key)
        if str(wanted) != got:
            kind = got.partition("/")[0] if key == "result" else ""
            raise _Wrong(f"expected {key} {wanted!r}, got {got!r}", ("expect", key), counts=kind)


def _rests_on_failure(stage: Stage, line: Line, wrong: _Wrong) -> bool:
    """Whether this act failed only because an earlier one did; it is then not reported again."""
    mentioned = {str(part) for part in _leaves(line.raw)}
    if any(part.startswith("@") and part[1:] in stage.spoiled for part in mentioned):
        return True
    if (wrong.rule == "order" and mentioned & stage.spoiled) or wrong.counts in stage.spoiled_kinds:
        return True
    return bool(wrong.missing) and any(f"there is no {kind}/" in wrong.missing for kind in stage.spoiled_kinds)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


# What comes into being beside an act's product.
_BY_PRODUCTS = {"agenda": ("item",), "session": ("item", "agenda", "delegation")}


def _spoil(stage: Stage, line: Line) -> None:
    if name := line.raw.get("as"):
        stage.spoiled.add(str(name))
    if to := to_of(line):
        stage.spoiled |= {to, str(_named(stage, to))}
    deed = door.acts().get(line.do)
    if deed and deed.produces:
        stage.spoiled_kinds |= {deed.produces, *_BY_PRODUCTS.get(deed.produces, ())}


def _played(stage: Stage, number: int, record: Record) -> Played:
    return Played(
        n=number,
        do=record.act,
        at=record.at,
        by=record.office or record.by.removeprefix("person/"),
        for_=record.for_whom,
        to=record.subject,
        result=record.result,
        status=record.status,
        rule=record.rule,
        refused=record.outcome == "refused",
        says=phrases.sentence(record),
        zone=stage.folder.zone,
    )
