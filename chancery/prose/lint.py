"""Findings on a text: what is broken, what is suspicious, what is still open, what is bad style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple

from .canonical import canonical
from .errors import BadInput
from .forms import LINT
from .labels import out_of_sequence
from .outline import Outline
from .references import missing_references
from .style import style
from .tokens import MARKS, cells

Class = Literal["error", "warning", "info", "style"]
CLASSES: dict[str, Class] = {
    **dict.fromkeys(("L01", "L02", "L03", "L04", "L05", "L06", "L09", "L12", "L19"), "error"),
    **dict.fromkeys(("L07", "L08", "L10", "L11", "L20"), "warning"),
    **dict.fromkeys(("L13", "L14", "L15"), "info"),
    **dict.fromkeys(("L16", "L17", "L18"), "style"),
}
_OPENING, _CLOSING = "\u2066\u2067\u2068\u202a\u202b", {"\u2069": "\u2066\u2067\u2068", "\u202c": "\u202a\u202b"}


class Finding(NamedTuple):
    """One finding: its code, the unit and offset, and a sentence."""

    code: str
    unit: int | None
    s: int | None
    message: str

    @property
    def class_(self) -> Class:
        return CLASSES[self.code]


def lint(text: str, *, members: Collection[str] | None = None, with_style: bool = False) -> list[Finding]:
    """All findings on a text, by unit and offset. `members` are the names that may hold brackets."""
    outline = Outline(text)
    found = [
        *_brackets(outline),
        *_holders(outline, members),
        *_ids(outline),
        *(Finding("L07", unit, 0, message) for unit, message in out_of_sequence(outline)),
        *(Finding("L08", unit, s, message) for unit, s, message in missing_references(outline)),
        *_notes(outline),
        *_units(outline),
        *_canonical(text),
        *(Finding(*finding) for finding in style(outline, all_=with_style)),
    ]
    return sorted(found, key=lambda finding: (finding.unit or 0, finding.s or 0, finding.code))


def lint_as_json(outline: Outline, findings: list[Finding]) -> dict[str, Any]:
    """Findings and counts as a document."""
    rows = [{"code": f.code, "class": f.class_, "unit": f.unit, "s": f.s, "message": f.message} for f in findings]
    return {"format": LINT, "counts": outline.counts, "findings": rows}


def _brackets(outline: Outline) -> Iterator[Finding]:
    found = outline.brackets
    yield from (Finding("L01", unit, s, "this ] closes nothing") for unit, s in found.unopened)
    yield from (Finding("L02", unit, s, "this [ is never closed") for unit, s in found.unclosed)
    for pair in found.pairs:
        empty = [not outline.bodies[a.open[0]][a.open[1] : a.close[1]].strip() for a in pair.alternatives]
        if not pair.is_crossing and len(empty) == 1 and empty[0]:
            yield Finding("L03", *pair.open, "the bracket is empty")
        elif not pair.is_crossing and any(empty) and len(empty) > 1:
            yield Finding("L04", *pair.open, "an alternative is empty; write ∅ for no text")
        if pair.is_crossing:
            yield Finding("L15", *pair.open, f"the bracket closes in unit {pair.close[0]}")
    if found.pairs:
        yield Finding("L14", *found.pairs[0].open, f"{len(found.pairs)} brackets are open")


def _holders(outline: Outline, members: Collection[str] | None) -> Iterator[Finding]:
    for pair in outline.brackets.pairs:
        if pair.groups > 1 and pair.groups != len(pair.alternatives):
            message = f"{pair.groups} groups of holders for {len(pair.alternatives)} alternatives"
            yield Finding("L05", *pair.open, message)
        for name in pair.holders:
            if members is not None and name not in members and name != "base":
                yield Finding("L05", *pair.open, f"{name} is no member")
    for note in outline.notes:
        if members is not None and note.holder and note.holder not in members:
            yield Finding("L05", note.unit, 0, f"{note.holder} is no member")


def _ids(outline: Outline) -> Iterator[Finding]:
    named = [(around.id, (at, around.stop)) for at, around in enumerate(outline.prefixes) if around.id]
    named += [(pair.id, pair.open) for pair in outline.brackets.pairs if pair.id]
    seen: set[str] = set()
    for name, place in sorted(named, key=lambda pair: pair[1]):
        if name in seen:
            yield Finding("L06", *place, f"the id {name} stands twice")
        seen.add(name)
    for name, count in Counter(note.id for note in outline.notes).items():
        if count > 1:
            last = [note.unit for note in outline.notes if note.id == name][-1]
            yield Finding("L06", last, 0, f"the note {name} stands twice")


def _notes(outline: Outline) -> Iterator[Finding]:
    notes = {note.id for note in outline.notes}
    called = {name for name, _, _ in outline.calls}
    yield from (
        Finding("L09", at, s, f"note {name} is called and not there")
        for name, at, s in outline.calls
        if name not in notes
    )
    yield from (
        Finding("L09", note.unit, 0, f"note {note.id} is never called")
        for note in outline.notes
        if note.id not in called
    )


def _units(outline: Outline) -> Iterator[Finding]:
    yield from (Finding("L10", first, 0, "an option stands alone") for first, _, count in outline.options if count == 1)
    columns: int | None = None
    for at, body in enumerate(outline.bodies):
        for mark in MARKS:
            if outline.tokens[at].count(mark) % 2:
                yield Finding("L11", at, body.find(mark), f"{mark} is opened and not closed")
        if not _is_balanced(body):
            yield Finding("L12", at, 0, "bidirectional isolates or embeddings are not balanced")
        count = len(cells(body[: outline.prefixes[at].stop])) if outline.prefixes[at].kind == "row" else None
        if columns and count and count != columns:
            yield Finding("L19", at, 0, f"the row has {count} cells, the one before {columns}")
        columns = count


def _is_balanced(body: str) -> bool:
    stack: list[str] = []
    for character in body:
        if character in _OPENING:
            stack.append(character)
        elif character in _CLOSING and (not stack or stack.pop() not in _CLOSING[character]):
            return False
    return not stack


def _canonical(text: str) -> Iterator[Finding]:
    try:
        form = canonical(text)
    except BadInput as error:
        yield Finding("L13", None, None, f"the text has no canonical form: {error}")
        return
    if form != text:
        line = next((n for n, (a, b) in enumerate(zip(text.split("\n"), form.split("\n"), strict=False)) if a != b), 0)
        yield Finding("L13", None, None, f"the text is not in canonical form, first in line {line + 1}")
