"""What changed between two texts, marked word by word: reject all is the text before, accept all the text after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal, NamedTuple

from .errors import LawBroken
from .ops import Delete, EditUnit, Insert, Move, Op, Ops, diff
from .units import DEFAULT_LEAD, Cut, cut

Kind = Literal["keep", "del", "ins"]


class Mark(NamedTuple):
    """A piece of either text or of both."""

    kind: Kind
    text: str


def marked(old: str, new: str) -> list[Mark]:
    """Both texts in one. Raises LawBroken if stripping a kind does not give the other text."""
    ops = diff(old, new)
    found = [mark for mark in _marks(cut(old), cut(new), ops.ops) if mark.text]
    for kind, text in (("ins", old), ("del", new)):
        if "".join(mark.text for mark in found if mark.kind != kind) != text:
            raise LawBroken("the marked text does not hold both texts; nothing is answered")
    return found


def _marks(a: Cut, b: Cut, ops: Sequence[Op]) -> Iterator[Mark]:
    edits = {op.at: op for op in ops if isinstance(op, EditUnit)}
    gone = {op.at for op in ops if isinstance(op, Delete | Move)}
    arrivals: dict[int, int] = defaultdict(int)
    for op in ops:
        if isinstance(op, Insert | Move):
            arrivals[op.after] += 1
    place = 0
    for at in range(-1, len(a.bodies)):
        if at >= 0 and at in gone:
            yield Mark("del", _lead(a, at) + a.bodies[at])
        elif at >= 0:
            yield from _leads(_lead(a, at), _lead(b, place))
            yield from _edited(a.bodies[at], edits.get(at))
            place += 1
        for _ in range(arrivals[at]):
            yield Mark("ins", _lead(b, place) + b.bodies[place])
            place += 1
    yield from _leads(a.end, b.end)


def _lead(pieces: Cut, place: int) -> str:
    lead = pieces.leads[place]
    return lead if lead is not None else DEFAULT_LEAD if place else ""


def _leads(old: str, new: str) -> list[Mark]:
    return [Mark("keep", old)] if old == new else [Mark("del", old), Mark("ins", new)]


def _edited(body: str, op: EditUnit | None) -> Iterator[Mark]:
    at = 0
    for edit in op.edits if op else ():
        yield Mark("keep", body[at : edit.s])
        yield Mark("del", edit.old)
        yield Mark("ins", edit.new)
        at = edit.end
    yield Mark("keep", body[at:])


_SIGNS = {"keep": ("", ""), "del": ("{-", "-}"), "ins": ("{+", "+}")}


def as_text(marks: Sequence[Mark]) -> str:
    """Deletions as {-…-}, insertions as {+…+}."""
    return "".join(mark.text.join(_SIGNS[mark.kind]) for mark in marks)


def as_html(marks: Sequence[Mark]) -> str:
    """Deletions as <del>, insertions as <ins>, in one preformatted block."""
    tags = {"keep": ("", ""), "del": ("<del>", "</del>"), "ins": ("<ins>", "</ins>")}
    inner = "".join(escape(mark.text).join(tags[mark.kind]) for mark in marks)
    return f'<pre class="diff" dir="auto">{inner}</pre>\n'


def as_words(old: str, ops: Ops) -> str:
    """One line a change: what went and what came, by unit."""
    bodies = cut(old).bodies
    lines: list[str] = []
    for op in ops.ops:
        if isinstance(op, EditUnit):
            lines += [f"{op.at}: {edit.old!r} → {edit.new!r}" for edit in op.edits]
        elif isinstance(op, Insert):
            lines.append(f"{op.after}: + {op.text!r}")
        elif isinstance(op, Delete):
            lines.append(f"{op.at}: - {op.text!r}")
        elif isinstance(op, Move):
            lines.append(f"{op.at}: moved behind {op.after}: {bodies[op.at][:60]!r}")
    return "".join(line + "\n" for line in lines)
