"""Labels in sequence: 1. 2. 2bis. 3., (a) (b), (i) (ii)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .outline import Outline

_SUFFIXES = ("", "bis", "ter", "quater", "quinquies", "sexies")
_NUMBER = re.compile(r"((?:\d+\.)*)(\d+)([a-z]*)[.)]")
_BRACED = re.compile(r"\(([a-z]+|\d+)\)")
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_UNITS = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}

Step = tuple[str, int, int]


def out_of_sequence(outline: Outline) -> Iterator[tuple[int, str]]:
    """Units whose label stands twice or out of sequence among its neighbours of one level, with the reason."""
    last: dict[int, tuple[str, list[Step]]] = {}
    labelled: set[int] = set()
    for at, around in enumerate(outline.prefixes):
        if around.kind == "heading":
            last = {level: kept for level, kept in last.items() if level == 0}
        if around.kind not in ("paragraph", "item"):
            continue
        for deeper in [level for level in last if level > around.level]:
            del last[deeper]
        steps = _steps(around.label)
        if around.level == 0 and not around.label and labelled and outline.meta.get("form") == "decision":
            yield at, "the label is missing"
        if not steps:
            continue
        labelled.add(around.level)
        before = last.get(around.level)
        if before and before[0] == around.label:
            yield at, f"the label {around.label} stands twice"
        elif not _follows(before[1] if before else [], steps):
            said = f" after {before[0]}" if before else " at the start"
            yield at, f"the label {around.label} is out of sequence{said}"
        last[around.level] = (around.label, steps)


def _steps(label: str) -> list[Step]:
    """The readings of a label: its series, number and suffix. `(i)` is a letter or a Roman numeral."""
    if match := _NUMBER.fullmatch(label):
        return [(f"n{match[1]}", int(match[2]), _SUFFIXES.index(match[3]))]
    if not (match := _BRACED.fullmatch(label)):
        return []
    if match[1].isdigit():
        return [("(1)", int(match[1]), 0)]
    found: list[Step] = []
    if len(set(match[1])) == 1:
        found.append(("(a)", ord(match[1][0]) - 96 + 26 * (len(match[1]) - 1), 0))
    if roman := _ROMAN.fullmatch(match[1]):
        found.append(("(i)", 10 * len(roman[1]) + _UNITS[roman[2]], 0))
    return found


def _follows(before: list[Step], steps: list[Step]) -> bool:
    """Whether some reading of a label begins a series or continues the one before it."""
    known = [(one, other) for one in before for other in steps if one[0] == other[0]]
    if not known:
        return any(number == 1 and suffix == 0 for _, number, suffix in steps) or not before
    return any(
        (number == last + 1 and suffix == 0) or (number == last and suffix > kept)
        for (_, last, kept), (_, number, suffix) in known
    )
