"""Labels that Word computes: numbered and lettered lists become the label that a reader saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .names import value, w

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Level(NamedTuple):
    start: int
    format: str
    text: str


class Numbering:
    """The lists of one document, counted as its paragraphs are read in order."""

    def __init__(self, root: _Element | None) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is not None:
            abstract = {value(found, "abstractNumId"): found for found in root.iter(w("abstractNum"))}
            for found in root.iter(w("num")):
                target = abstract.get(value(found.find(w("abstractNumId"))))
                if target is not None:
                    self._lists[value(found, "numId") or ""] = _levels(target)

    def label(self, numbered: _Element | None) -> tuple[str, int]:
        """Label and level of a paragraph with this `w:numPr`; no label for a plain paragraph."""
        if numbered is None:
            return "", 0
        name = value(numbered.find(w("numId"))) or ""
        level = _number(value(numbered.find(w("ilvl"))), 0)
        levels = self._lists.get(name, {})
        if level not in levels:
            return "", 0
        counts = self._counts.setdefault(name, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return _written(levels, counts, level), level


def _levels(abstract: _Element) -> dict[int, _Level]:
    return {
        _number(value(found, "ilvl"), 0): _Level(
            _number(value(found.find(w("start"))), 1),
            value(found.find(w("numFmt"))) or "decimal",
            value(found.find(w("lvlText"))) or "",
        )
        for found in abstract.iter(w("lvl"))
    }


def _written(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    if levels[level].format == "bullet":
        return "-"

    def number(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        known = levels.get(at, levels[level])
        return _counted(counts.get(at, known.start), known.format)

    return _PLACE.sub(number, levels[level].text)


def _counted(number: int, form: str) -> str:
    if form == "lowerLetter":
        return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)
    if form == "lowerRoman":
        roman = ""
        for worth, sign in _ROMAN:
            roman += sign * (number // worth)
            number %= worth
        return roman
    return str(number)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
