"""One view of a Word document as canonical text: everything rejected, or one author accepted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ..canonical import canonical
from ..tokens import SIGN
from ..units import prefix
from .names import META_STYLE
from .read import Fate, Paragraph, Row, Run, Word

_HEADING = re.compile(r"(?:[Hh]eading|Titre|Ttulo|berschrift)\s?([1-6])$")
_ORDER = ("**", "*", "__")
_LABELLED = re.compile(r"(?:\d|\(|[-*•]|Option |\*\*Option )")


def view(word: Word, authors: Collection[str] = ()) -> str:
    """The canonical text with the revisions of `authors` accepted and all others rejected."""
    bodies: list[str] = []
    waiting: Paragraph | None = None
    for block in word.blocks:
        if isinstance(block, Row):
            bodies += [_body(waiting)] if waiting else []
            waiting = None
            bodies += _row(block, authors)
            continue
        waiting = _joined(waiting, _seen(block, authors))
        if _stands(block.mark, authors):
            bodies.append(_body(waiting))
            waiting = None
    bodies += [_body(waiting)] if waiting else []
    bodies += [_note(name, paragraph) for name, paragraph in word.notes.items()]
    return canonical("\n\n".join(body for body in bodies if body.strip()))


def _stands(fate: Fate, authors: Collection[str]) -> bool:
    if fate.deleted is not None and fate.deleted in authors:
        return False
    return fate.inserted is None or fate.inserted in authors


def _seen(paragraph: Paragraph, authors: Collection[str]) -> Paragraph:
    return replace(paragraph, runs=[run for run in paragraph.runs if _stands(run.fate, authors)])


def _joined(waiting: Paragraph | None, paragraph: Paragraph) -> Paragraph:
    """A paragraph whose mark is gone runs on into the next; the first one with text gives the form."""
    if waiting is None or not waiting.runs:
        return paragraph
    return replace(waiting, runs=[*waiting.runs, *paragraph.runs])


def _body(paragraph: Paragraph) -> str:
    if paragraph.style == META_STYLE:
        return "".join(run.text for run in paragraph.runs)
    text = " ".join(_source(paragraph.runs).split("\n")).strip()
    if not text:
        return ""
    if heading := _HEADING.search(paragraph.style):
        return "#" * int(heading[1]) + " " + text
    if paragraph.style in ("Title", "Titel"):
        return "# " + text
    if paragraph.label:
        return "    " * paragraph.level + f"{paragraph.label} {text}"
    if paragraph.level and _LABELLED.match(text):
        indented = "    " * paragraph.level + text
        return indented if prefix(indented).level == paragraph.level else text
    return _unlike_markup(text)


def _unlike_markup(text: str) -> str:
    """Text that would begin a heading or a row, escaped."""
    return "\\" + text if re.match(r"#{1,6} |\|", text) else text


def _row(row: Row, authors: Collection[str]) -> list[str]:
    if not _stands(row.fate, authors):
        return []
    cells = []
    for cell in row.cells:
        lines = [_source(_seen(paragraph, authors).runs, in_cell=True) for paragraph in cell]
        cells.append(" ".join(" ".join(line.split("\n")).strip() for line in lines if line.strip()))
    unit_id = re.search(r" \{#[A-Za-z][A-Za-z0-9-]*\}$", cells[-1]) if cells else None
    if unit_id:
        cells[-1] = cells[-1][: unit_id.start()]
    return ["| " + " | ".join(cells) + " |" + (unit_id[0] if unit_id else "")]


def _note(name: str, paragraph: Paragraph) -> str:
    return f"[^{name}]: " + " ".join(_source(paragraph.runs).split())


def _source(runs: Sequence[Run], *, in_cell: bool = False) -> str:
    """Runs as Markdown: marks as signs, signs that were typed in Word escaped."""
    made: list[str] = []
    opened: list[str] = []
    for run in runs:
        closing = [mark for mark in reversed(opened) if mark not in run.marks]
        opening = [mark for mark in _ORDER if mark in run.marks and mark not in opened]
        opened = [mark for mark in opened if mark in run.marks] + opening
        made += [*closing, *opening, _escaped(run.text, in_cell=in_cell)]
    return "".join([*made, *reversed(opened)])


def _escaped(text: str, *, in_cell: bool) -> str:
    """Typed `*`, `__` and, in a cell, `|` are text; brackets are brackets and escapes stay what they are."""

    def literal(sign: re.Match[str]) -> str:
        if sign[0] in _ORDER or (in_cell and sign[0] == "|"):
            return "".join("\\" + character for character in sign[0])
        return sign[0]

    return str(SIGN.sub(literal, text))
