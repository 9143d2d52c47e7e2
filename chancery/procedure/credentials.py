"""Credentials: when they are due, and what a delegation may do before and after the ruling.

Sources: UN General Assembly rules 27-29 (unverified), FAO (provisional seating until the ruling), UNESCO (vote
included). A ruling is not retroactive: outcomes before it stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chancery.procedure.notice import Check, local_date
from chancery.procedure.notice import due_at as due_on_the_day
from chancery.procedure.parameters.convening import Credentials, Right
from chancery.procedure.rulesets import RuleSet

State = Literal[
    "none",
    "copy_received",
    "original_received",
    "accepted_on_assurance",
    "accepted",
    "objected",
    "seated",
    "unseated",
]
ALL_RIGHTS: tuple[Right, ...] = ("attend", "speak", "propose", "reply", "vote")


@dataclass(frozen=True)
class Standing:
    """What a delegation may do, whether only provisionally, and by which rule."""

    rights: tuple[Right, ...]
    provisional: bool
    rule: str
    because: str

    @property
    def is_accredited(self) -> bool:
        """Whether the delegation counts among the accredited: accepted, or provisional with rights."""
        return bool(self.rights)


def due_at(rules: RuleSet, opens_at: datetime, zone: str) -> datetime | None:
    """The instant from which credentials are late; None where the rules set no day."""
    if rules.credentials.due_before is None:
        return None
    return due_on_the_day(rules.sessions, opens_at, rules.credentials.due_before, zone)


def in_time(rules: RuleSet, received_at: datetime, opens_at: datetime, zone: str) -> Check:
    """Whether credentials came in time. Late ones are received all the same and shown as late."""
    due = due_at(rules, opens_at, zone)
    if due is None:
        return Check(True, "credentials.due_before", None, None, "The rules set no day for credentials.")
    got = (local_date(rules.sessions, opens_at, zone) - local_date(rules.sessions, received_at, zone)).days
    ok = received_at < due
    because = f"Received {got} days before the opening; due {rules.credentials.due_before} days before."
    return Check(ok, "credentials.due_before", rules.credentials.due_before, got, because)


def standing(rules: Credentials, state: State) -> Standing:
    """The standing of a delegation in a state of its credentials."""
    if not rules.required or state in ("accepted", "seated", "accepted_on_assurance"):
        return Standing(ALL_RIGHTS, False, "credentials.required", "Its credentials are accepted.")
    if state == "unseated":
        return Standing(
            (), False, "credentials.report_majority", "The report that refuses its credentials was adopted."
        )
    if state == "none":
        return Standing((), False, "credentials.required", "No credentials have been received.")
    if state == "copy_received" and not rules.copy_accepted:
        return Standing((), False, "credentials.copy_accepted", "A copy is not accepted; the original is awaited.")
    rights = rules.provisional_rights
    if state == "objected" and rules.objection_effect == "vote_withheld":
        rights = tuple(right for right in rights if right != "vote")
    return Standing(rights, True, "credentials.provisional_rights", "Seated provisionally until the ruling.")


def touches_earlier_outcomes(rules: Credentials, ruled_at: datetime, decided_at: datetime) -> bool:
    """Whether a ruling touches an outcome decided before it: only where the rules say so."""
    return rules.retroactive or decided_at >= ruled_at
