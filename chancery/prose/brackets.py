"""Square brackets: text that is not agreed, with its alternatives and their holders.

One stack runs over the whole text: `]` closes the nearest open `[`, in whatever unit. What is left over is
unopened or unclosed: reported, never repaired. Footnote calls and escapes are no brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .tokens import SIGN, Attrs, attrs
from .units import BadInput, bodies, is_meta

DEEPEST = 64
NO_TEXT = "∅"
BASE = "base"

Place = tuple[int, int]


class Alternative(NamedTuple):
    """One of the texts inside a bracket, from `open` to `close` (unit, offset)."""

    open: Place
    close: Place
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Bracket:
    """A pair of brackets. `open` and `close` are the places of its signs, `end` stands behind its holders."""

    id: str | None
    open: Place
    close: Place
    end: int
    holders: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    groups: int
    depth: int
    parent: int | None

    @property
    def is_crossing(self) -> bool:
        """Whether it closes in another unit than it opens in."""
        return self.open[0] != self.close[0]


@dataclass(frozen=True)
class Brackets:
    """All brackets of a text by opening, and the signs without their other half."""

    pairs: tuple[Bracket, ...]
    unopened: tuple[Place, ...]
    unclosed: tuple[Place, ...]

    @property
    def unpaired(self) -> list[Place]:
        return sorted((*self.unopened, *self.unclosed))

    @property
    def signs(self) -> int:
        return 2 * len(self.pairs) + len(self.unopened) + len(self.unclosed)

    @property
    def depth(self) -> int:
        return max((pair.depth for pair in self.pairs), default=0)


@dataclass
class _Open:
    place: Place
    slashes: list[Place] = field(default_factory=list)


def parse(bodies: Sequence[str]) -> Brackets:
    """The brackets of a text cut into bodies. Raises BadInput where they nest deeper than 64."""
    stack: list[_Open] = []
    unopened: list[Place] = []
    found: list[tuple[_Open, Place, Attrs, int]] = []
    for unit, offset, sign in signs(bodies):
        if sign == "[":
            stack.append(_Open((unit, offset)))
        elif sign == " // ":
            if stack:
                stack[-1].slashes.append((unit, offset))
        elif stack:
            found.append((stack.pop(), (unit, offset), attrs(sign), offset + len(sign)))
        else:
            unopened.append((unit, offset))
    return Brackets(_nested(found), tuple(unopened), tuple(opened.place for opened in stack))


def signs(bodies: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every `[`, `]` with its holders, and ` // ` of a text, with unit and offset."""
    for unit, body in enumerate(bodies):
        if ("[" in body or "]" in body or " // " in body) and not is_meta(unit, body):
            for sign in SIGN.finditer(body):
                if sign[0] in ("[", " // ") or sign[0][0] == "]":
                    yield unit, sign.start(), sign[0]


def _nested(found: Sequence[tuple[_Open, Place, Attrs, int]]) -> tuple[Bracket, ...]:
    made: list[Bracket] = []
    around: list[int] = []
    for opened, close, names, end in sorted(found, key=lambda pair: pair[0].place):
        while around and made[around[-1]].close < opened.place:
            around.pop()
        if len(around) >= DEEPEST:
            raise BadInput(f"brackets nest deeper than {DEEPEST} (unit {opened.place[0]})")
        made.append(_bracket(opened, close, names, end, around))
        around.append(len(made) - 1)
    return tuple(made)


def _bracket(opened: _Open, close: Place, names: Attrs, end: int, around: Sequence[int]) -> Bracket:
    unit, offset = opened.place
    starts = [(unit, offset + 1), *((unit, offset + 4) for unit, offset in opened.slashes)]
    stops = [*opened.slashes, close]
    one_group = len(names.groups) == 1
    alternatives = tuple(
        Alternative(start, stop, _group(names, 0 if one_group else index))
        for index, (start, stop) in enumerate(zip(starts, stops, strict=True))
    )
    holders = tuple(dict.fromkeys(name for group in names.groups for name in group))
    parent = around[-1] if around else None
    return Bracket(
        names.id, opened.place, close, end, holders, alternatives, len(names.groups), len(around) + 1, parent
    )


def _group(names: Attrs, index: int) -> tuple[str, ...]:
    return names.groups[index] if index < len(names.groups) else ()


def count(text: str) -> int:
    """How many bracket signs a text holds. A clean text holds none."""
    return sum(sign != " // " for _, _, sign in signs(bodies(text)))


def slice_of(bodies: Sequence[str], start: Place, stop: Place) -> str:
    """The text between two places; units of a crossing bracket are parted by a blank line."""
    if start[0] == stop[0]:
        return bodies[start[0]][start[1] : stop[1]]
    between = bodies[start[0] + 1 : stop[0]]
    return "\n\n".join([bodies[start[0]][start[1] :], *between, bodies[stop[0]][: stop[1]]])
