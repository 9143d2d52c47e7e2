"""Statements beside a decision: what is attached, where it shows, and what comes too late.

Sources: OSCE Rules of Procedure IV.1(A)6 (attached to the decision and the journal of the day). A statement is
never a vote value: who says "we do not block" and files one has let the decision be adopted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chancery.procedure.parameters.deciding import Statements

Kind = Literal["interpretative", "reservation", "explanation", "record"]


@dataclass(frozen=True)
class Attachment:
    """Where a statement is attached; nowhere means that it is a separate document."""

    to: tuple[str, ...]
    rule: str
    because: str

    @property
    def is_attached(self) -> bool:
        """Whether it stands on every rendition of the decision."""
        return bool(self.to)


@dataclass(frozen=True)
class Filing:
    """A statement as filed: its kind, its authors, the instant, and the kind of decision it belongs to."""

    kind: Kind
    authors: tuple[str, ...]
    filed_at: datetime
    decision_kind: str = ""


def window_ends(rules: Statements, adopted_at: datetime, meeting_closed_at: datetime | None) -> datetime | None:
    """The instant from which a statement is late; None while the meeting of the decision is still open."""
    if isinstance(rules.window, int):
        return adopted_at + timedelta(hours=rules.window)
    if rules.window == "at_adoption":
        return adopted_at + timedelta(seconds=1)
    return meeting_closed_at


def attach(
    rules: Statements, filing: Filing, adopted_at: datetime, meeting_closed_at: datetime | None = None
) -> Attachment:
    """Where a statement goes: with the decision, or, late or not provided for, as a document of its own."""
    if rules.types and filing.kind not in rules.types:
        return Attachment((), "statements.types", f"These rules know no statement of the kind {filing.kind}.")
    if len(filing.authors) > 1 and not rules.joint:
        return Attachment((), "statements.joint", "Each member files its own statement.")
    barred = rules.reservation_allowed_on and filing.decision_kind not in rules.reservation_allowed_on
    if filing.kind == "reservation" and barred:
        return Attachment((), "statements.reservation_allowed_on", "This kind of decision admits no reservation.")
    end = window_ends(rules, adopted_at, meeting_closed_at)
    if end is not None and filing.filed_at >= end:
        return Attachment((), "statements.window", "Filed after the window: a separate document.")
    return Attachment(rules.attach_to, "statements.window", "Filed within the window.")
