"""Lots: drawn in the room and recorded, or by commit-reveal of two delegations; never by the server alone (design).

Commit-reveal: each delegation commits to the SHA-256 of its own 32 bytes before it sees the other's; the lot is
SHA-256 of the two values one after the other, as a number modulo the candidates in ballot order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from chancery.procedure.questions import OutOfOrder


def drawn(first: bytes, second: bytes, candidates: Sequence[str]) -> str:
    """The candidate that the two revealed values draw. Raises ValueError unless each holds 32 bytes."""
    if len(first) != 32 or len(second) != 32:
        raise ValueError("a revealed value holds exactly 32 bytes")
    number = int.from_bytes(hashlib.sha256(first + second).digest(), "big")
    return candidates[number % len(candidates)]


def commitment(value: bytes) -> str:
    """What a delegation announces before the other one reveals: SHA-256 of its value, in hex."""
    return hashlib.sha256(value).hexdigest()


def check_proof(result: str, proof: Mapping[str, Any] | None, candidates: Sequence[str]) -> None:
    """Check a lot by commit-reveal: `proof` holds `values` and `commitments`, two of each, in hex.

    Raises OutOfOrder where a value does not match its commitment or draws somebody else.
    """
    try:
        values = [bytes.fromhex(value) for value in (proof or {})["values"]]
        commitments = list((proof or {})["commitments"])
        winner = drawn(values[0], values[1], candidates)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise OutOfOrder(
            "elections.lot", "The proof of the lot is not two values of 32 bytes with their commitments."
        ) from error
    if [commitment(value) for value in values] != commitments:
        raise OutOfOrder("elections.lot", "A revealed value does not match its commitment.")
    if winner != result:
        raise OutOfOrder("elections.lot", f"The two values draw {winner}, not {result}.")
