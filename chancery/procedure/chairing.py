"""Chairing: whose turn the chair is, and who presides when the chair cannot or should not.

Sources: WHO Executive Board, UN General Assembly rule 105 (a chair does not preside where its own state is a party:
design, as `own interest`), Codex (barred after two terms in a row), ITU (opened by the oldest head of delegation).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chancery.procedure.parameters.convening import Chair


@dataclass(frozen=True)
class Presiding:
    """Who presides, by which rule and why; `member` is None where the house elects somebody."""

    member: str | None
    rule: str
    because: str


def presides(rules: Chair, chair: str, vices: Sequence[str], *, cannot: Collection[str]) -> Presiding:
    """Who presides where some members cannot: they are absent, or parties to the matter."""
    if chair not in cannot:
        return Presiding(chair, "chair.selection", "The chair presides.")
    for word in rules.acting_rule:
        found = next((member for member in _candidates(rules, word, chair, vices) if member not in cannot), None)
        if found is not None:
            return Presiding(found, f"chair.acting_rule ({word})", f"{chair} cedes the chair to {found}.")
    return Presiding(
        None, "chair.acting_rule", f"{chair} cedes the chair and nobody named by the rules is free: the house elects."
    )


def _candidates(rules: Chair, word: str, chair: str, vices: Sequence[str]) -> Sequence[str]:
    if word == "vice":
        return vices
    if word == "next_in_rotation" and chair in rules.rotation_order:
        place = rules.rotation_order.index(chair)
        return [*rules.rotation_order[place + 1 :], *rules.rotation_order[:place]]
    return ()


def next_chair(rules: Chair, last: str, *, skipped: Collection[str] = ()) -> Presiding:
    """Whose turn it is after the last chair in the rotation, leaving out those skipped.

    Raises ValueError for a member that is not in the rotation.
    """
    place = rules.rotation_order.index(last)
    order = [*rules.rotation_order[place + 1 :], *rules.rotation_order[: place + 1]]
    found = next((member for member in order if member not in skipped), None)
    return Presiding(found, "chair.rotation_order", f"{found} follows {last} in the rotation.")


def may_serve_again(rules: Chair, terms_in_a_row: int) -> bool:
    """Whether somebody who has served so many terms in a row may serve another."""
    return rules.max_consecutive is None or terms_in_a_row < rules.max_consecutive
