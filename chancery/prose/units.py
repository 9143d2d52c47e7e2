"""Cutting a text into units: the smallest addressed paragraphs, with their labels, levels and ids.

The source layer: `glue(cut(x)) == x` for every text. A body is a run of non-blank lines; a new one also
begins at a heading, a table row, a note, an option or a label. The Markdown form is Chancery's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import regex

from .errors import BadInput as BadInput

Role = Literal["title", "heading", "preamble", "operative", "sub", "row", "plain"]
Kind = Literal["meta", "heading", "paragraph", "item", "row", "option", "note"]

META_KEYS = ("title", "symbol", "language", "status", "delegations", "form")
DEFAULT_LEAD, DEFAULT_END = "\n\n", "\n"
ID = "[A-Za-z][A-Za-z0-9-]*"
NOTE_ID = "[A-Za-z0-9][A-Za-z0-9-]*"

_INDENT = "(?P<indent>(?: {4})*)"
_NUMBERED = r"[0-9]+(?:\.[0-9]+)*(?:bis|ter|quater|quinquies|sexies)?[.)]"
_LABEL = regex.compile(rf"{_INDENT}(?P<label>{_NUMBERED}|\([\p{{Ll}}0-9]{{1,5}}\)|[-*•]) ")
_OPTION = regex.compile(rf"{_INDENT}(?P<label>(?:\*\*)?Option (?:[0-9]+|[IVXLCivxlc]+):(?:\*\*)?) ")
_HEADING = regex.compile(r"(?P<indent>)(?P<label>#{1,6}) ")
_NOTE = regex.compile(rf"(?P<indent>)(?P<label>\[\^{NOTE_ID}\]:) (?:\{{[^{{}}]+ (?:reserves|interprets|notes)\}} )?")
_STARTS = regex.compile(
    rf"""(?x) \#{{1,6}}\  | \| | \[\^{NOTE_ID}\]:\  | (?:\ {{4}})*(?:\*\*)?Option\ [0-9IVXLCivxlc]
    | (?:\ {{4}})*(?:{_NUMBERED}|\([\p{{Ll}}0-9]{{1,5}}\)|[-*•])\  """
)
_ID = regex.compile(rf" \{{#(?P<id>{ID})\}}\Z")


class Cut(NamedTuple):
    """A file cut without loss. A lead of None is the default: nothing before the first unit, else a blank line."""

    bodies: tuple[str, ...]
    leads: tuple[str | None, ...]
    end: str

    def glue(self) -> str:
        """The file again, byte for byte."""
        return glue(self.bodies, self.leads, self.end)


class Prefix(NamedTuple):
    """What stands around the content of a body. Offsets in code points: content is `body[start:stop]`."""

    kind: Kind
    level: int
    label: str
    start: int
    stop: int
    id: str | None


@dataclass(frozen=True)
class Unit:
    """One unit. `body` is the source, label and markup included; `content` is what follows the label."""

    role: Role
    level: int
    label: str
    body: str

    @property
    def content(self) -> str:
        found = prefix(self.body)
        return self.body[found.start : found.stop]


def read(data: bytes) -> str:
    """The text in `data`. Raises BadInput for what is not UTF-8 or holds a NUL."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8") from None
    if "\x00" in text:
        raise BadInput("the text holds a NUL")
    return text


def cut(text: str) -> Cut:
    """The bodies of a text, what stands between them, and its end."""
    spans = _spans(text)
    bodies = tuple(text[start:stop] for start, stop in spans)
    before = [0] + [stop for _, stop in spans]
    leads = tuple(_lead(text[gap:start], first=not gap) for gap, (start, _) in zip(before, spans, strict=False))
    return Cut(bodies, leads, text[before[-1] :])


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each body begins and ends. Front matter ends at its second line `---` or a blank line."""
    found: list[tuple[int, int]] = []
    at = 0
    is_open = is_fenced = False
    for line in text.split("\n"):
        kept = line.rstrip()
        if not kept:
            is_open = is_fenced = False
        elif is_open and (is_fenced or not _STARTS.match(line)):
            found[-1] = (found[-1][0], at + len(kept))
            is_open = not (is_fenced and kept.strip() == "---")
        else:
            is_fenced = kept == "---" and not found
            found.append((at, at + len(kept)))
            is_open = not _HEADING.match(line)
        at += len(line) + 1
    return found


def _lead(lead: str, *, first: bool) -> str | None:
    return None if lead == ("" if first else DEFAULT_LEAD) else lead


def glue(bodies: Sequence[str], leads: Sequence[str | None], end: str) -> str:
    """A file from its parts; default leads are written for their place."""
    parts: list[str] = []
    for body, lead in zip(bodies, leads, strict=True):
        parts.append(lead if lead is not None else DEFAULT_LEAD if parts else "")
        parts.append(body)
    return "".join([*parts, end])


def is_meta(index: int, body: str) -> bool:
    """Whether a body is front matter: the first one, beginning with a line `---`."""
    return index == 0 and body.startswith("---") and body.split("\n", 1)[0].rstrip() == "---"


def meta(bodies: Sequence[str]) -> dict[str, str]:
    """The front matter of a text: the known keys with their values."""
    if not bodies or not is_meta(0, bodies[0]):
        return {}
    pairs = (line.partition(":") for line in bodies[0].split("\n")[1:])
    return {key.strip(): value.strip() for key, colon, value in pairs if colon and key.strip() in META_KEYS}


def prefix(body: str) -> Prefix:
    """Kind, level, label and id of a body that is no front matter, and where its content stands."""
    id_ = _ID.search(body) if body.endswith("}") else None
    stop = id_.start() if id_ else len(body)
    name = id_["id"] if id_ else None
    if body.startswith("|"):
        return Prefix("row", 0, "", 0, stop, name)
    for pattern, kind in _KINDS:
        if match := pattern.match(body):
            level = len(match["label"]) if kind == "heading" else len(match["indent"]) // 4
            is_item = kind == "paragraph" and (level > 0 or match["label"] in "-*•")
            return Prefix("item" if is_item else kind, level, match["label"], min(match.end(), stop), stop, name)
    return Prefix("paragraph", 0, "", 0, stop, name)


_KINDS: tuple[tuple[regex.Pattern[str], Kind], ...] = (
    (_HEADING, "heading"),
    (_LABEL, "paragraph"),
    (_OPTION, "option"),
    (_NOTE, "note"),
)


def bodies(text: str) -> tuple[str, ...]:
    """The bodies of a text in order, each without the blank space around it."""
    return cut(text).bodies


def units(text: str) -> list[Unit]:
    """The units of a text in the form of a decision: before the first label preamble, labelled ones operative.

    Front matter is none of them.
    """
    found: list[Unit] = []
    operative = False
    for index, body in enumerate(bodies(text.removeprefix("\ufeff"))):
        if not is_meta(index, body):
            unit = _unit(body, operative, first=not found)
            operative = operative or unit.role == "operative"
            found.append(unit)
    return found


def _unit(body: str, operative: bool, first: bool) -> Unit:
    found = prefix(body)
    role: Role = "plain" if operative or found.kind in ("option", "note") else "preamble"
    if found.kind == "heading":
        role = "title" if first and found.level == 1 else "heading"
    elif found.kind == "row":
        role = "row"
    elif found.kind in ("paragraph", "item") and found.label:
        role = "sub" if found.level else "operative"
    return Unit(role, found.level, found.label, body)
