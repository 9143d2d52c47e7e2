"""What a text is made of, read once: units with their places, brackets, options, notes, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import regex

from . import brackets
from .tokens import SIGN, is_word, tokens
from .units import NOTE_ID, Cut, Prefix, cut, is_meta, meta, prefix

_CALL = regex.compile(rf"\[\^({NOTE_ID})\]")
_NOTE = regex.compile(rf"\[\^(?P<id>{NOTE_ID})\]: (?:\{{(?P<holder>[^{{}}]+) (?P<kind>reserves|interprets|notes)\}} )?")


class Note(NamedTuple):
    """A footnote, or a reservation or interpretation with its author member."""

    id: str
    unit: int
    kind: str
    holder: str | None


@dataclass(frozen=True)
class Outline:
    """A text cut and parsed."""

    text: str

    @cached_property
    def cut(self) -> Cut:
        return cut(self.text)

    @property
    def bodies(self) -> tuple[str, ...]:
        return self.cut.bodies

    @cached_property
    def meta(self) -> dict[str, str]:
        return meta(self.bodies)

    @cached_property
    def prefixes(self) -> tuple[Prefix, ...]:
        """Kind, level, label and id of every unit."""
        return tuple(
            Prefix("meta", 0, "", 0, len(body), None) if is_meta(at, body) else prefix(body)
            for at, body in enumerate(self.bodies)
        )

    @cached_property
    def brackets(self) -> brackets.Brackets:
        return brackets.parse(self.bodies)

    @cached_property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """The tokens of every unit but front matter, without the unit's id."""
        return tuple(
            () if around.kind == "meta" else tuple(tokens(body[: around.stop]))
            for around, body in zip(self.prefixes, self.bodies, strict=True)
        )

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        found = ((at, _NOTE.match(body)) for at, body in enumerate(self.bodies) if self.prefixes[at].kind == "note")
        return tuple(Note(m["id"], at, m["kind"] or "footnote", m["holder"]) for at, m in found if m)

    @cached_property
    def calls(self) -> tuple[tuple[str, int, int], ...]:
        """Calls of notes: id, unit, offset. The sign that begins a note is none."""
        return tuple(
            (call[1], at, sign.start())
            for at, body in enumerate(self.bodies)
            if "[^" in body and self.prefixes[at].kind != "meta"
            for sign in SIGN.finditer(body, 0 if self.prefixes[at].kind != "note" else self.prefixes[at].start)
            if (call := _CALL.fullmatch(sign[0]))
        )

    @cached_property
    def options(self) -> tuple[tuple[int, int, int], ...]:
        """Option groups: first unit, last unit, number of options."""
        groups: list[tuple[int, int, int]] = []
        at = 0
        while at < len(self.prefixes):
            if self.prefixes[at].kind == "option":
                last, count = _option_group(self.prefixes, at)
                groups.append((at, last, count))
                at = last
            at += 1
        return tuple(groups)

    @cached_property
    def counts(self) -> dict[str, int]:
        """What the secretariat counts; open and close are signs without calls and escapes."""
        found = self.brackets
        return {
            "units": len(self.bodies),
            "words": sum(is_word(token) for unit in self.tokens for token in unit),
            "open": len(found.pairs) + len(found.unclosed),
            "close": len(found.pairs) + len(found.unopened),
            "pairs": len(found.pairs),
            "unopened": len(found.unopened),
            "unclosed": len(found.unclosed),
            "crossing": sum(pair.is_crossing for pair in found.pairs),
            "depth": found.depth,
            "alternatives": sum(len(pair.alternatives) for pair in found.pairs),
            "options": sum(around.kind == "option" for around in self.prefixes),
            "notes": len(self.notes),
        }


def _option_group(prefixes: Sequence[Prefix], first: int) -> tuple[int, int]:
    """The last unit of the group that begins at `first`, and how many options it has."""
    level, last, count = prefixes[first].level, first, 1
    for at in range(first + 1, len(prefixes)):
        around = prefixes[at]
        if around.kind == "option" and around.level == level:
            count += 1
        elif around.level <= level or around.kind == "heading":
            break
        last = at
    return last, count
