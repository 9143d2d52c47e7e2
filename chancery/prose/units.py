"""Cutting a text into units: the smallest addressed paragraphs, with their labels and roles.

Source layer of the text model: a body is a run of non-blank lines; a new one also begins at a heading, a
table row or a label. The Markdown form is Chancery's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal["title", "heading", "preamble", "operative", "sub", "row", "plain"]

_LABEL = re.compile(
    r"(?P<indent>(?: {4})*)(?P<label>\d+(?:\.\d+)*(?:bis|ter|quater|quinquies|sexies)?[.)]|\([a-z0-9]{1,5}\)|[-*•]) "
)
_HEADING = re.compile(r"(?P<label>#{1,6}) ")
_BLANK = re.compile(r"\s*\Z")


class BadInput(ValueError):
    """Input that is no text: not UTF-8, control characters."""


@dataclass(frozen=True)
class Unit:
    """One unit. `body` is the source, label and markup included; `content` is what follows the label."""

    role: Role
    level: int
    label: str
    body: str

    @property
    def content(self) -> str:
        return self.body[_prefix_length(self.body) :]


def _prefix_length(body: str) -> int:
    match = _LABEL.match(body) or _HEADING.match(body)
    return match.end() if match else 0


def read(data: bytes) -> str:
    """The text in `data`. Raises BadInput for what is not UTF-8 or holds a NUL."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8") from None
    if "\x00" in text:
        raise BadInput("the text holds a NUL")
    return text


def bodies(text: str) -> list[str]:
    """The bodies of a text in order, each without the blank space around it."""
    found: list[list[str]] = [[]]
    for line in text.removeprefix("\ufeff").splitlines():
        if _BLANK.match(line):
            found.append([])
            continue
        if found[-1] and (_starts(line) or _HEADING.match(found[-1][-1])):
            found.append([])
        found[-1].append(line.rstrip())
    return ["\n".join(lines) for lines in found if lines]


def _starts(line: str) -> bool:
    return bool(_HEADING.match(line) or _LABEL.match(line) or line.startswith("|"))


def units(text: str) -> list[Unit]:
    """The units of a text in the form of a decision: before the first label preamble, labelled ones operative."""
    found: list[Unit] = []
    operative = False
    for body in bodies(text):
        unit = _unit(body, operative, first=not found)
        operative = operative or unit.role == "operative"
        found.append(unit)
    return found


def _unit(body: str, operative: bool, first: bool) -> Unit:
    if heading := _HEADING.match(body):
        level = len(heading["label"])
        return Unit("title" if first and level == 1 else "heading", level, heading["label"], body)
    if body.startswith("|"):
        return Unit("row", 0, "", body)
    if match := _LABEL.match(body):
        level = len(match["indent"]) // 4
        return Unit("sub" if level else "operative", level, match["label"], body)
    return Unit("plain" if operative else "preamble", 0, "", body)
