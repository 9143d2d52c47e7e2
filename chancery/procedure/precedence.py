"""Precedence of motions: a list with ranks, held as data, decides the order in which they are put.

Sources: UN General Assembly rules 71-77, 81 (unverified); Security Council rule 33 has another list.
"""

from __future__ import annotations

from collections.abc import Sequence

from chancery.procedure.parameters.deciding import MotionKind


def put_order(kinds: Sequence[MotionKind], pending: Sequence[tuple[str, str]]) -> list[str]:
    """Ids of pending motions (id, kind) in the order in which they are put: by rank, then as moved.

    A motion that the list does not know comes last.
    """
    ranks = {kind.name: kind.rank for kind in kinds}
    last = max(ranks.values(), default=0) + 1
    return [identity for identity, _ in sorted(pending, key=lambda motion: ranks.get(motion[1], last))]


def fate_of_others(kinds: Sequence[MotionKind], carried: str, pending: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What becomes of the motions still pending once one of a kind is carried: `waits` or `falls`."""
    kind = next((kind for kind in kinds if kind.name == carried), None)
    defeats = kind.defeats if kind else ()
    return {identity: "falls" if other in defeats else "waits" for identity, other in pending}
