"""Collisions between proposals on one base: two that cannot both be taken as they are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .ops import Delete, EditUnit, Insert, Lead, Move
from .proposal import Proposal

Kind = Literal["same", "edit-edit", "nested", "delete-edit", "insert-insert", "move-move", "delete-move"]


class Collision(NamedTuple):
    """Two proposals in one unit of the base; `range` is the hull of both, `proposals` are sorted ids."""

    unit: int
    range: tuple[int, int]
    proposals: tuple[str, str]
    kind: Kind


class _Claim(NamedTuple):
    """What one proposal does to a range of one unit."""

    start: int
    stop: int
    what: Literal["edit", "delete", "move", "arrive"]
    value: object
    proposal: str


@dataclass(frozen=True)
class _Claims:
    """Claims by unit; arrivals stand with the unit behind which they arrive."""

    lengths: Sequence[int]
    by_unit: dict[int, list[_Claim]]


def collisions(bodies: Sequence[str], proposals: Sequence[Proposal]) -> list[Collision]:
    """All collisions, ordered by unit, range and proposals. Linear in what does not overlap (sort, sweep)."""
    found: set[Collision] = set()
    for unit, claims in _claims(bodies, proposals).items():
        for one, other in _meeting(sorted(claims, key=lambda claim: claim[:3])):
            kind = _kind(one, other)
            if kind and one.proposal != other.proposal:
                hull = (min(one.start, other.start), max(one.stop, other.stop))
                first, second = sorted((one.proposal, other.proposal))
                found.add(Collision(unit, hull, (first, second), kind))
    return sorted(found)


def _claims(bodies: Sequence[str], proposals: Sequence[Proposal]) -> dict[int, list[_Claim]]:
    found: dict[int, list[_Claim]] = defaultdict(list)
    for proposal in proposals:
        runs: dict[int, list[str]] = defaultdict(list)
        for op in proposal.ops:
            match op:
                case EditUnit():
                    found[op.at] += [_Claim(e.s, e.end, "edit", e.new, proposal.id) for e in op.edits]
                case Delete():
                    found[op.at].append(_Claim(0, len(bodies[op.at]), "delete", "", proposal.id))
                case Move():
                    found[op.at].append(_Claim(0, len(bodies[op.at]), "move", op.after, proposal.id))
                case Insert():
                    runs[op.after].append(op.text)
                case Lead():
                    pass
        for after, run in runs.items():
            end = len(bodies[after]) if after >= 0 else 0
            found[after].append(_Claim(end, end, "arrive", tuple(run), proposal.id))
    return found


def _meeting(claims: Sequence[_Claim]) -> Iterator[tuple[_Claim, _Claim]]:
    """Pairs of claims of which neither ends before the other begins."""
    active: list[_Claim] = []
    for claim in claims:
        active = [other for other in active if other.stop >= claim.start]
        for other in active:
            yield other, claim
        active.append(claim)


def _kind(one: _Claim, other: _Claim) -> Kind | None:
    kinds = {one.what, other.what}
    if kinds == {"edit"}:
        return _kind_of_edits(one, other)
    if "arrive" in kinds:
        if kinds != {"arrive"}:
            return None
        return "same" if one.value == other.value else "insert-insert"
    if kinds == {"delete"}:
        return "same"
    if kinds == {"move"}:
        return "same" if one.value == other.value else "move-move"
    return {frozenset(("delete", "move")): "delete-move", frozenset(("delete", "edit")): "delete-edit"}.get(  # type: ignore[return-value]
        frozenset(kinds)
    )


def _kind_of_edits(one: _Claim, other: _Claim) -> Kind | None:
    """Touching ranges do not collide; `one` begins no later than `other`."""
    if one[:2] == other[:2]:
        if one.value == other.value:
            return "same"
        if one.start == one.stop:
            return "insert-insert"
        return "delete-edit" if "" in (one.value, other.value) else "edit-edit"
    for outer, inner in ((one, other), (other, one)):
        if _contains(outer, inner):
            return "nested" if outer.value else "delete-edit"
    return "edit-edit" if one.start < other.stop and other.start < one.stop else None


def _contains(outer: _Claim, inner: _Claim) -> bool:
    if inner.start == inner.stop:
        return outer.start < inner.start < outer.stop
    return outer.start <= inner.start and inner.stop <= outer.stop
