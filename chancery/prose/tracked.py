"""Proposals as tracked changes: which one is tracked where, and which can only be said in words.

Revisions are never nested and nothing is deleted twice: of colliding proposals the first in canonical order is
tracked, the others become comments, which are listed as a loss.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .annex import in_words
from .ops import Delete, EditUnit, Insert, Move, Op
from .proposal import Proposal
from .tokens import MARKS, tokens
from .units import is_meta
from .worddiff import Edit


class Revision(NamedTuple):
    """One tracked change: what, by whom, when."""

    kind: Literal["ins", "del"]
    by: str
    at: str | None


class Piece(NamedTuple):
    """Source text of a unit, kept, inserted or deleted."""

    text: str
    revision: Revision | None = None


@dataclass
class Paragraph:
    """One unit to be written: its pieces, what became of it as a whole, comments on it, and its number."""

    body: str
    pieces: list[Piece]
    revision: Revision | None = None
    comments: list[tuple[Proposal, str]] = field(default_factory=list)
    at: int | None = None


class Plan:
    """Which proposal is tracked where."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self.bodies = bodies
        self.losses: list[str] = []
        self._edits: dict[int, list[tuple[int, int, str, Revision]]] = defaultdict(list)
        self._gone: dict[int, Revision] = {}
        self._arriving: dict[int, list[tuple[str, Revision]]] = defaultdict(list)
        self._comments: dict[int, list[tuple[Proposal, str]]] = defaultdict(list)

    def add(self, proposal: Proposal) -> None:
        """Track what the proposal asks where nothing is tracked yet; comment on the rest."""
        for op in proposal.ops:
            if not self._tracks(proposal, op):
                said = in_words(self.bodies, op)
                self._comments[max(0, op.after if isinstance(op, Insert) else op.at)].append((proposal, said))
                self.losses.append(f"{proposal.id}, {proposal.by}: only as a comment: {said}")

    def _tracks(self, proposal: Proposal, op: Op) -> bool:
        came, went = (Revision(kind, proposal.by, proposal.published_at) for kind in ("ins", "del"))
        match op:
            case EditUnit():
                return self._tracks_edits(op, proposal)
            case Delete():
                if not self._is_free(op.at):
                    return False
                self._gone[op.at] = went
            case Move():
                if not self._is_free(op.at):
                    return False
                self._gone[op.at] = went
                self._arriving[op.after].append((op.text, came))
            case Insert():
                self._arriving[op.after].append((op.text, came))
        return True

    def _is_free(self, at: int) -> bool:
        return at not in self._gone and not self._edits[at] and not is_meta(at, self.bodies[at])

    def _tracks_edits(self, op: EditUnit, proposal: Proposal) -> bool:
        body = self.bodies[op.at]
        if op.at in self._gone or is_meta(op.at, body):
            return False
        if any(not _is_trackable(body, edit) for edit in op.edits):
            return False
        taken = self._edits[op.at]
        if any(_meet(edit, start, stop) for edit in op.edits for start, stop, _, _ in taken):
            return False
        revision = Revision("ins", proposal.by, proposal.published_at)
        taken += [(edit.s, edit.end, edit.new, revision) for edit in op.edits]
        return True

    def paragraphs(self) -> list[Paragraph]:
        """All units in order with their revisions."""
        made = [self._arrival(text, came) for text, came in self._arriving[-1]]
        for at, body in enumerate(self.bodies):
            gone = self._gone.get(at)
            pieces = [Piece(body, gone)] if gone else list(_pieces(body, sorted(self._edits[at], key=lambda e: e[:2])))
            made.append(Paragraph(body, pieces, gone, self._comments[at], at))
            made += [self._arrival(text, came) for text, came in self._arriving[at]]
        return made

    def _arrival(self, text: str, came: Revision) -> Paragraph:
        return Paragraph(text, [Piece(text, came)], came)


def _meet(edit: Edit, start: int, stop: int) -> bool:
    """Whether an edit and a range already tracked overlap, or are insertions at one point."""
    overlap = edit.s < stop and start < edit.end
    return overlap or edit.s == edit.end == start == stop


def _is_trackable(body: str, edit: Edit) -> bool:
    return not (_changes_marks(edit.old) or _changes_marks(edit.new) or _cuts_cells(body, edit.old + edit.new))


def _changes_marks(text: str) -> bool:
    """Whether a replaced text opens or closes a mark that reaches beyond it."""
    return any(tokens(text).count(mark) % 2 for mark in MARKS)


def _cuts_cells(body: str, text: str) -> bool:
    return body.startswith("|") and "|" in tokens(text)


def _pieces(body: str, edits: Sequence[tuple[int, int, str, Revision]]) -> Iterator[Piece]:
    at = 0
    for start, stop, new, revision in edits:
        yield Piece(body[at:start])
        yield Piece(body[start:stop], revision._replace(kind="del"))
        yield Piece(new, revision)
        at = stop
    yield Piece(body[at:])
