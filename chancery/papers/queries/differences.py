"""What changed between two versions of a paper, word by word, as rows that a page can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

from chancery.prose import canonical, units
from chancery.prose.errors import BadInput, DoesNotApply, LawBroken
from chancery.prose.exchange import imported
from chancery.prose.marked import Mark, marked
from chancery.trail.files import File

MOST = 200_000
"""Characters of either text. Beyond that a comparison takes longer than a page may."""


@dataclass(frozen=True)
class Row:
    """One line of the comparison: `same`, or `changed` with pieces that went (`del`) and came (`ins`)."""

    kind: Literal["same", "changed"]
    pieces: list[Mark]


@dataclass(frozen=True)
class Difference:
    """The rows, or why there are none, in plain words. `unchanged` where both texts are the same."""

    rows: list[Row]
    says: str = ""

    @property
    def unchanged(self) -> bool:
        return not self.says and all(row.kind == "same" for row in self.rows)


def difference(old: File, new: File) -> Difference:
    """Markdown, plain text and Word are compared with each other; of other files it is said that they are not."""
    try:
        before, after = text_of(old), text_of(new)
    except ValueError as error:
        return Difference([], str(error))
    if max(len(before), len(after)) > MOST:
        return Difference([], gettext("These texts are too long to be compared here; take both files."))
    try:
        return Difference(list(_rows(marked(before, after))))
    except (BadInput, DoesNotApply, LawBroken) as error:
        return Difference([], str(error))


def text_of(file: File) -> str:
    """The words of a stored text. Raises ValueError for a file that is no text."""
    if file.type == "text/markdown":
        return canonical.canonical(units.read(file.read()))
    if file.type.startswith("text/"):
        return units.read(file.read())
    if file.type.endswith("wordprocessingml.document"):
        return imported(file.read(), "docx").text
    raise ValueError(gettext("{name} is no text; only texts are compared.").format(name=file.name))


def _rows(marks: Iterable[Mark]) -> Iterator[Row]:
    """The marks line by line, empty lines left out."""
    pieces: list[Mark] = []
    for mark in marks:
        first, *others = mark.text.split("\n")
        pieces.append(Mark(mark.kind, first))
        for line in others:
            yield from _row(pieces)
            pieces = [Mark(mark.kind, line)]
    yield from _row(pieces)


def _row(pieces: list[Mark]) -> Iterator[Row]:
    kept = [piece for piece in pieces if piece.text]
    if kept:
        yield Row("same" if all(piece.kind == "keep" for piece in kept) else "changed", kept)
