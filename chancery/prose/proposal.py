"""A proposal: operations against one base by one delegation, made from an edited copy of the base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chancery.canon import sha256

from . import brackets
from .ops import Delete, EditUnit, Insert, Lead, Move, Op, Ops, State, apply, diff
from .units import cut, is_meta, prefix
from .worddiff import Edit


@dataclass(frozen=True)
class Proposal:
    """What one delegation wants of the base with digest `base`. `with_` are its sponsors beside `by`."""

    id: str
    by: str
    base: str
    ops: tuple[Op, ...]
    with_: tuple[str, ...] = ()
    published_at: str | None = None
    note: str = ""

    @property
    def sponsors(self) -> tuple[str, ...]:
        """Everyone who holds what the proposal asks, its author first."""
        return (self.by, *(name for name in self.with_ if name != self.by))

    def words(self) -> Iterator[str]:
        """Every text in it, quoted or new."""
        yield from (self.by, *self.with_, self.note)
        for op in self.ops:
            if isinstance(op, EditUnit):
                yield from (text for edit in op.edits for text in (edit.old, edit.new))
            elif not isinstance(op, Lead):
                yield op.text

    def operations(self, base: str) -> Ops:
        """The proposal as operations on its base."""
        return Ops(State(self.base, len(cut(base).bodies)), self.ops)


@dataclass(frozen=True)
class Proposed:
    """What `propose` made: the proposal, or why there is none; and what it left out, in words."""

    proposal: Proposal | None
    left_out: tuple[str, ...]
    refusal: str = ""


def propose(base: str, edited: str, *, by: str, id: str = "P1", **details: object) -> Proposed:
    """The proposal that turns `base` into `edited`.

    Renumbering of labels and changes of spacing between units are left out and listed. There is no proposal
    where nothing else changed, or where the result would hold more unpaired brackets than the base.
    """
    bodies = cut(base).bodies
    kept, left_out = _negotiable(bodies, diff(base, edited).ops)
    if not kept:
        return Proposed(None, left_out, "nothing changed")
    made = replace(Proposal(id, by, sha256(base.encode()), tuple(kept)), **details)  # type: ignore[arg-type]
    unpaired = brackets.parse(cut(apply(base, made.operations(base))).bodies).unpaired
    if len(unpaired) > len(brackets.parse(bodies).unpaired):
        unit, offset = unpaired[-1]
        return Proposed(None, left_out, f"a bracket is left without its other half (unit {unit}, offset {offset})")
    return Proposed(made, left_out)


def _negotiable(bodies: Sequence[str], ops: Sequence[Op]) -> tuple[list[Op], tuple[str, ...]]:
    kept: list[Op] = []
    left_out: list[str] = []
    for op in ops:
        match op:
            case EditUnit():
                edits = tuple(edit for edit in op.edits if not touches_label(bodies, op.at, edit))
                left_out += [
                    f"unit {op.at}: label {edit.old!r} → {edit.new!r}" for edit in op.edits if edit not in edits
                ]
                if edits:
                    kept.append(replace(op, edits=edits, text=bodies[op.at]))
            case Lead():
                left_out.append(f"unit {op.at}: space before it")
            case Delete() | Insert() | Move():
                kept.append(op)
    return kept, tuple(left_out)


def touches_label(bodies: Sequence[str], at: int, edit: Edit) -> bool:
    """Whether an edit changes what stands before the content of a unit; text put in behind a label does not."""
    if is_meta(at, bodies[at]):
        return False
    start = prefix(bodies[at]).start
    return edit.s < start
