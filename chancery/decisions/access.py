"""Who may file a statement; who may see a decision."""

from __future__ import annotations

from datetime import datetime

from chancery.council.models import Person
from chancery.floor.models import QuestionPut
from chancery.meetings import access as meetings
from chancery.papers.access import audiences_of
from chancery.trail.actor import Actor, Permit

from .models import Decision, Statement


def may_file(subject: QuestionPut | Decision, by: Actor, at: datetime) -> Permit:
    """A head of delegation or alternate; the secretariat enters what was spoken, for a member."""
    return meetings.speaks_for(by, subject.session_id, at, vote=True)


def may_withdraw(statement: Statement, by: Actor, at: datetime) -> Permit:
    """A head or alternate of one of the authors; the secretariat enters what was said, for an author."""
    if by.for_.removeprefix("member/") not in statement.authors:
        return Permit(False, "roles", f"only {' or '.join(statement.authors)} may withdraw this statement")
    if getattr(statement, "withdrawal", None):
        return Permit(False, "order", f"statement {statement.key} is withdrawn already")
    return meetings.speaks_for(by, statement.session_id, at, vote=True)


def decision_for(person: Person | None, symbol: str, at: datetime) -> Decision | None:
    """The decision with this symbol, if the reader may see it; to others it looks like none."""
    found = Decision.objects.filter(pk=symbol).select_related("session", "result__question").first()
    return found if found and found.audience in audiences_of(person, at) else None
