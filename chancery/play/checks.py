"""What can be known wrong with a folder before anything is performed: acts, keys, types, files, times."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chancery.trail import door
from chancery.trail.arguments import Reading, read_instant
from chancery.trail.errors import BadArguments, Fault

from .folder import FaultAt, Folder, Line, place_in_words


@dataclass
class Script:
    """A folder being checked: the names its acts have given so far, and what is wrong with it."""

    folder: Folder
    names: dict[str, str] = field(default_factory=dict)
    faults: list[FaultAt] = field(default_factory=list)

    def reading(self, *, resolve: bool = True) -> Reading:
        known = frozenset(self.names)
        return Reading(self.folder.zone, self.folder.path, resolve, known, self.folder.charter.council.rehearsal)


def shape_faults(script: Script) -> None:
    """Everything that can be known wrong without a database: acts, keys, types, files, times, names."""
    last: datetime | None = None
    for line in script.folder.acts:
        before = len(script.faults)
        at = _instant(script, line)
        if at and last and at < last:
            script.faults.append(
                line.fault(f"{line.raw['at']} lies before the act above it; instants never run backwards", ("at",))
            )
        last = max(filter(None, (at, last)), default=None)
        _check_shape(script, line)
        _check_expectations(script, line)
        if name := line.raw.get("as"):
            script.names[str(name)] = ""
        if len(script.faults) > before:
            line.raw["faulty"] = True
    script.names.clear()


def _instant(script: Script, line: Line) -> datetime | None:
    try:
        at = read_instant(line.raw.get("at"), script.folder.zone)
    except ValueError as error:
        if "at" in line.raw:
            script.faults.append(line.fault(str(error), ("at",)))
        return None
    if not script.folder.charter.council.rehearsal and at > door.now():
        script.faults.append(line.fault(f"{line.raw['at']} lies in the future; only a rehearsal may", ("at",)))
    return at


def _check_shape(script: Script, line: Line) -> None:
    deed = door.acts().get(line.do)
    if deed is None:
        if "do" in line.raw:
            script.faults.append(line.fault(f"there is no act {line.do!r}{_like(line.do, list(door.acts()))}", ("do",)))
        return
    try:
        deed.read(to_of(line), raw_arguments(script, line), script.reading(resolve=False))
    except BadArguments as error:
        script.faults += [fault_of(script, line, fault) for fault in error.faults]


def _like(name: str, known: list[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; the nearest is {found[0]}" if found else ""


def _check_expectations(script: Script, line: Line) -> None:
    refuse = line.raw.get("refuse")
    if "refuse" in line.raw and (not isinstance(refuse, str) or not refuse.strip()):
        script.faults.append(line.fault("'refuse' names the rule that must refuse", ("refuse",)))
    expect = line.raw.get("expect")
    if expect is not None and (not isinstance(expect, dict) or not set(expect) <= {"status", "result"}):
        script.faults.append(line.fault("'expect' holds status, result or both", ("expect",)))
        line.raw.pop("expect")


def to_of(line: Line) -> str | None:
    to = line.raw.get("to")
    return None if to is None else str(to)


def raw_arguments(script: Script, line: Line) -> dict[str, Any]:
    """The act's `with`; a session.plan without one takes session.toml."""
    raw = line.raw.get("with")
    if line.do == "session.plan" and not raw:
        return _from_toml(script.folder.session)
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        return {"with": raw}
    return dict(raw)


def _from_toml(value: dict[str, Any]) -> dict[str, Any]:
    """TOML values as the text that argument types read; a local date-time means the session's zone."""
    return {key: _toml_text(item) for key, item in value.items()}


def _toml_text(value: Any) -> Any:
    if isinstance(value, dict):
        return _from_toml(value)
    if isinstance(value, list):
        return [_toml_text(item) for item in value]
    return value if isinstance(value, bool) else str(value)


def fault_of(script: Script, line: Line, fault: Fault) -> FaultAt:
    if line.do == "session.plan" and not line.raw.get("with"):
        return FaultAt("session.toml", place_in_words(fault.place[1:]), fault.says)
    return line.fault(fault.says, fault.place)
