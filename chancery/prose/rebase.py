"""Carrying a proposal to a newer version. An edit is placed where context proves it, or a person is asked.

Every edit and unit operation gets one outcome: exact, shifted, done, conflict or orphan. A proposal moves
whole or waits for its sponsor; it is never dropped and never placed on a look-alike passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from chancery.canon import sha256

from .align import Alignment, align
from .errors import DoesNotApply, LawBroken
from .ops import Delete, EditUnit, Insert, Lead, Move, Op, check, id_of
from .passages import Passage, Placement
from .proposal import Proposal
from .units import cut
from .worddiff import Edit

Word = Literal["exact", "shifted", "done", "conflict", "orphan"]


class Outcome(NamedTuple):
    """What became of operation `op` (and its edit `edit`): its unit and offset in the newer version."""

    op: int
    edit: int | None
    outcome: Word
    kind: str | None = None
    unit: int | None = None
    s: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a person must confirm it."""
        return self.outcome in ("conflict", "orphan")


@dataclass(frozen=True)
class Rebased:
    """The outcomes of one proposal, and the proposal on the newer version unless something is open."""

    id: str
    outcomes: tuple[Outcome, ...]
    proposal: Proposal | None


class Rebase:
    """One base and one newer version, aligned once for any number of proposals."""

    def __init__(self, base: str, onto: str) -> None:
        self.before, self.after = cut(base).bodies, cut(onto).bodies
        self.digest, self.onto_digest = sha256(base.encode()), sha256(onto.encode())
        self.pairs: Alignment = align(self.before, self.after)
        self._passages: dict[int, Passage] = {}

    def carry(self, proposal: Proposal) -> Rebased:
        """`proposal` carried over. Raises DoesNotApply where it was not written against the base."""
        if proposal.base != self.digest:
            raise DoesNotApply(f"{proposal.id} was written against {proposal.base[:16]}…, not {self.digest[:16]}…")
        check(self.before, proposal.ops)
        outcomes: list[Outcome] = []
        ops: list[Op] = []
        for index, op in enumerate(proposal.ops):
            found, made = self._operation(index, op)
            outcomes += found
            ops += made
        if any(outcome.is_open for outcome in outcomes):
            return Rebased(proposal.id, tuple(outcomes), None)
        rebased = replace(proposal, base=self.onto_digest, ops=tuple(ops))
        self._check(rebased)
        return Rebased(proposal.id, tuple(outcomes), rebased)

    def _check(self, rebased: Proposal) -> None:
        try:
            check(self.after, rebased.ops)
        except DoesNotApply as error:
            raise LawBroken(f"{rebased.id} as rebased does not apply ({error}); nothing is answered") from error

    def _operation(self, index: int, op: Op) -> tuple[list[Outcome], list[Op]]:
        match op:
            case EditUnit():
                return self._edits(index, op)
            case Insert() | Move():
                return self._arrival(index, op)
            case Delete() | Lead():
                return self._here(index, op)

    def _edits(self, index: int, op: EditUnit) -> tuple[list[Outcome], list[Op]]:
        image = self.pairs.image[op.at]
        if image is None:
            return [Outcome(index, k, "orphan", "deleted") for k in range(len(op.edits))], []
        outcomes, edits = [], []
        for k, edit in enumerate(op.edits):
            placed = self._placed(op.at, image, edit)
            outcomes.append(Outcome(index, k, placed.outcome, placed.kind, image, placed.s))
            if placed.s is not None and placed.outcome in ("exact", "shifted"):
                edits.append(Edit(placed.s, edit.old, edit.new))
        if not edits:
            return outcomes, []
        if any(one.end > other.s for one, other in zip(edits, edits[1:], strict=False)):
            return [out._replace(outcome="conflict", kind="ambiguous", s=None) for out in outcomes], []
        return outcomes, [EditUnit(image, tuple(edits), self.after[image], id_of(self.after[image]))]

    def _placed(self, at: int, image: int, edit: Edit) -> Placement:
        if self.before[at] == self.after[image]:
            return Placement("exact", None, edit.s)
        if at not in self._passages:
            self._passages[at] = Passage(self.before[at], self.after[image])
        return self._passages[at].place(edit)

    def _here(self, index: int, op: Delete | Lead) -> tuple[list[Outcome], list[Op]]:
        image = self.pairs.image[op.at]
        if image is None:
            return [Outcome(index, None, "done")], []
        if isinstance(op, Delete) and self.after[image] != op.text:
            return [Outcome(index, None, "conflict", "edited", image)], []
        return [Outcome(index, None, "exact", None, image)], [_here_now(op, image, self.after[image])]

    def _arrival(self, index: int, op: Insert | Move) -> tuple[list[Outcome], list[Op]]:
        image = None if isinstance(op, Insert) else self.pairs.image[op.at]
        if isinstance(op, Move) and image is None:
            return [Outcome(index, None, "orphan", "deleted")], []
        anchor, successor = self._neighbours(op)
        if self._has_arrived(op, image, anchor, successor):
            return [Outcome(index, None, "done")], []
        if anchor is None and successor is None:
            return [Outcome(index, None, "orphan", "deleted")], []
        if anchor is not None and successor is not None and successor != anchor + 1:
            kind = "insert-insert" if successor > anchor else "ambiguous"
            return [Outcome(index, None, "conflict", kind, anchor)], []
        after = anchor if anchor is not None else (successor or 0) - 1
        word: Word = "exact" if after == op.after and anchor is not None and successor is not None else "shifted"
        return [Outcome(index, None, word, None, after)], [self._arriving(op, image, after)]

    def _arriving(self, op: Insert | Move, image: int | None, after: int) -> Op:
        if isinstance(op, Insert) or image is None:
            return replace(op, after=after)
        return replace(op, at=image, after=after, text=self.after[image], id=id_of(self.after[image]))

    def _neighbours(self, op: Insert | Move) -> tuple[int | None, int | None]:
        """Images of the units between which the arrival stands; the ends of the text count."""
        successor = op.after + 1
        if isinstance(op, Move) and successor == op.at:
            successor += 1
        anchor = -1 if op.after < 0 else self.pairs.image[op.after]
        follows = len(self.after) if successor >= len(self.before) else self.pairs.image[successor]
        return anchor, follows

    def _has_arrived(self, op: Insert | Move, image: int | None, anchor: int | None, successor: int | None) -> bool:
        """Whether the newer version already has the unit where the operation wants it."""
        if isinstance(op, Move):
            return (anchor is not None and image == anchor + 1) or (successor is not None and image == successor - 1)
        fresh = _run(self.pairs.source, anchor, 1) + _run(self.pairs.source, successor, -1)
        return any(self.after[place] == op.text for place in fresh)


def _here_now(op: Delete | Lead, image: int, body: str) -> Op:
    return replace(op, at=image, id=id_of(body)) if isinstance(op, Delete) else replace(op, at=image)


def _run(source: Sequence[int | None], beside: int | None, step: int) -> list[int]:
    """The new units that stand in a run beside the image of an old one."""
    found: list[int] = []
    place = None if beside is None else beside + step
    while place is not None and 0 <= place < len(source) and source[place] is None:
        found.append(place)
        place += step
    return found
