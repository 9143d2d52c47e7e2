"""Reading a session folder: council.toml, session.toml, acts.yaml, and where each thing stands in them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chancery.council import charter
from chancery.trail.errors import BadArguments, Fault

KEYS = ("do", "at", "by", "for", "entered_by", "to", "with", "as", "expect", "refuse")
LONGEST = 10 * 1024 * 1024
DEEPEST = 12
_CORE_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")
}


@dataclass(frozen=True)
class FaultAt:
    """One thing wrong with a folder, in one line a person can act on."""

    file: str
    line: int | str
    says: str
    act: str = ""
    is_refusal: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line != "" else self.file
        return f"{place}: {self.act + ': ' if self.act else ''}{self.says}"


class BadFolder(Exception):
    """A folder that cannot be played; all faults that could be found."""

    def __init__(self, faults: list[FaultAt]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass
class Line:
    """One act as written, with the lines on which its parts stand."""

    number: int
    raw: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]

    @property
    def do(self) -> str:
        return str(self.raw.get("do", ""))

    @property
    def label(self) -> str:
        return f"act {self.number} ({self.do or 'no act named'})"

    def line_of(self, place: tuple[str | int, ...]) -> int:
        """The line of the nearest thing written at or above `place`."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def fault(self, says: str, place: tuple[str | int, ...] = (), *, is_refusal: bool = False) -> FaultAt:
        return FaultAt("acts.yaml", self.line_of(place), says, self.label, is_refusal)


@dataclass
class Folder:
    """A session folder as read: the charter, the session's own keys, the acts."""

    path: Path
    charter: charter.Charter
    session: dict[str, Any]
    acts: list[Line]
    faults: list[FaultAt] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.session.get("zone") or self.charter.council.zone)


def read(path: Path) -> Folder:
    """The folder at `path`. Raises BadFolder with every fault that reading alone can find."""
    if not path.is_dir():
        raise BadFolder([FaultAt(str(path), "", "is no folder")])
    faults: list[FaultAt] = []
    constitution = _read_charter(path, faults)
    session = _read_session(path, faults)
    acts = _read_acts(path, faults)
    if faults or constitution is None:
        raise BadFolder(faults)
    return Folder(path, constitution, session, acts)


def _bytes(path: Path, name: str, faults: list[FaultAt]) -> bytes | None:
    file = path / name
    if file.is_symlink() or not file.is_file():
        faults.append(FaultAt(name, "", "there is no such file in the folder"))
        return None
    if file.stat().st_size > LONGEST:
        faults.append(FaultAt(name, "", f"has {file.stat().st_size:,} bytes; the limit is {LONGEST:,}"))
        return None
    return file.read_bytes()


def place_in_words(place: tuple[str | int, ...]) -> str:
    """A key path as `bodies[1].chair`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def toml_faults(name: str, found: list[Fault]) -> list[FaultAt]:
    return [FaultAt(name, place_in_words(fault.place), fault.says) for fault in found]


def _read_charter(path: Path, faults: list[FaultAt]) -> charter.Charter | None:
    data = _bytes(path, "council.toml", faults)
    if data is None:
        return None
    try:
        return charter.read(data)
    except BadArguments as error:
        faults += toml_faults("council.toml", error.faults)
        return None


def _read_session(path: Path, faults: list[FaultAt]) -> dict[str, Any]:
    data = _bytes(path, "session.toml", faults)
    try:
        value = tomllib.loads((data or b"").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        faults.append(FaultAt("session.toml", "", f"is no TOML: {error}"))
        return {}
    if (zone := value.get("zone")) is not None:
        try:
            ZoneInfo(str(zone))
        except (KeyError, ValueError, OSError):
            faults.append(FaultAt("session.toml", "zone", f"{zone!r} is no time zone"))
            value.pop("zone")
    return value


def _read_acts(path: Path, faults: list[FaultAt]) -> list[Line]:
    data = _bytes(path, "acts.yaml", faults)
    if data is None:
        return []
    try:
        root = YAML(typ="rt").compose(data.decode())
    except UnicodeDecodeError as error:
        faults.append(FaultAt("acts.yaml", "", f"is not UTF-8 (byte {error.start})"))
        return []
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        faults.append(FaultAt("acts.yaml", line, f"is no YAML: {error.problem}"))
        return []
    except (YAMLError, RecursionError, ValueError) as error:
        faults.append(FaultAt("acts.yaml", "", f"is no YAML: {str(error).splitlines()[0]}"))
        return []
    return _lines(root, faults)


def _lines(root: Node | None, faults: list[FaultAt]) -> list[Line]:
    if root is None:
        return []
    if not isinstance(root, SequenceNode):
        faults.append(FaultAt("acts.yaml", _line(root), "must be a list of acts"))
        return []
    acts = []
    for number, node in enumerate(root.value, 1):
        lines: dict[tuple[str | int, ...], int] = {(): _line(node)}
        found: list[FaultAt] = []
        raw = _plain(node, (), lines, found)
        act = Line(number, raw if isinstance(raw, dict) else {}, lines)
        faults += [FaultAt(f.file, f.line, f.says, act.label) for f in found]
        if not isinstance(raw, dict):
            faults.append(act.fault("an act is a mapping with the keys " + ", ".join(KEYS)))
        faults += _unknown_keys(act)
        acts.append(act)
    return acts


def _unknown_keys(act: Line) -> list[FaultAt]:
    unknown = [act.fault(f"unknown key {key!r}", (key,)) for key in act.raw if key not in KEYS]
    missing = [act.fault(f"{key!r} is missing") for key in ("do", "at", "by") if act.raw and key not in act.raw]
    return unknown + missing


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _plain(
    node: Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], faults: list[FaultAt]
) -> Any:
    """A node as text, lists and mappings. Scalars stay text until the act's types read them."""
    if node.anchor or node.tag not in _CORE_TAGS:
        faults.append(FaultAt("acts.yaml", _line(node), "anchors, aliases and tags are not used here"))
        return None
    if len(place) > DEEPEST:
        faults.append(FaultAt("acts.yaml", _line(node), "is nested too deep"))
        return None
    if isinstance(node, ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" and node.value in ("", "~", "null") else node.value
    if isinstance(node, SequenceNode):
        return [_item(child, (*place, n), lines, faults) for n, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return _mapping(node, place, lines, faults)


def _item(
    child: Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], faults: list[FaultAt]
) -> Any:
    lines[place] = _line(child)
    return _plain(child, place, lines, faults)


def _mapping(
    node: MappingNode, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], faults: list[FaultAt]
) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key_node, child in node.value:
        key = key_node.value if isinstance(key_node, ScalarNode) else None
        if key is None or key == "<<":
            faults.append(
                FaultAt("acts.yaml", _line(key_node), "a key must be plain text; merge keys are not used here")
            )
        elif key in value:
            faults.append(FaultAt("acts.yaml", _line(key_node), f"the key {key!r} stands twice"))
        else:
            value[key] = None
            lines[*place, key] = _line(key_node)
            value[key] = _plain(child, (*place, key), lines, faults)
    return value
