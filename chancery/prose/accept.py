"""Taking proposals as they are: where nothing collides, no bracket is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .collide import collisions
from .compile import checked
from .errors import DoesNotApply
from .ops import EditUnit, Insert, Op, arranged
from .proposal import Proposal
from .units import cut, glue
from .worddiff import Edit


def accept(base: str, proposals: Sequence[Proposal]) -> str:
    """The base with all proposals taken and no bracket added.

    Raises DoesNotApply where two of them collide in anything but asking for the same.
    """
    pieces = cut(base)
    ordered = checked(base, pieces, proposals)
    hard = [found for found in collisions(pieces.bodies, ordered) if found.kind != "same"]
    if hard:
        said = "; ".join(f"{a} and {b} in unit {unit} ({kind})" for unit, _, (a, b), kind in hard)
        raise DoesNotApply(f"proposals collide: {said}")
    made = arranged(pieces, _together(ordered))
    return glue(made.bodies, made.leads, pieces.end)


def _together(ordered: Sequence[Proposal]) -> list[Op]:
    """The operations of proposals that do not collide, each once."""
    edits: dict[int, set[Edit]] = defaultdict(set)
    rest: dict[Op, None] = {}
    runs: dict[int, dict[tuple[Op, ...], None]] = defaultdict(dict)
    for proposal in ordered:
        arriving: dict[int, list[Op]] = defaultdict(list)
        for op in proposal.ops:
            if isinstance(op, EditUnit):
                edits[op.at] |= set(op.edits)
            elif isinstance(op, Insert):
                arriving[op.after].append(op)
            else:
                rest[op] = None
        for after, run in arriving.items():
            runs[after][tuple(run)] = None
    arrivals = [op for after in sorted(runs) for run in runs[after] for op in run]
    edited = [EditUnit(at, tuple(sorted(found, key=lambda e: (e.s, e.end)))) for at, found in sorted(edits.items())]
    return [*edited, *rest, *arrivals]
