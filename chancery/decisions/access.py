"""Who may file a statement; who may see a decision."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.council.models import Person
from chancery.floor.models import QuestionPut, Result
from chancery.meetings import access as meetings
from chancery.papers.access import audiences_of
from chancery.trail.actor import Actor, Permit
from chancery.trail.memory import once

from .models import Decision, Statement


def may_file(subject: QuestionPut | Decision, by: Actor, at: datetime) -> Permit:
    """A head of delegation or alternate; the secretariat enters what was spoken, for a member."""
    return meetings.speaks_for(by, subject.session_id, at, vote=True)


def may_become_decision(result: Result, by: Actor, at: datetime) -> Permit:
    """Only what was adopted becomes a decision, and once."""
    if result.status != "adopted":
        because = f"the outcome is {result.status.replace('_', ' ')}; only what was adopted becomes a decision"
        return Permit(False, "order", because)
    issued = Decision.objects.filter(result=result)
    earlier = once(f"decision of {result.key}", lambda: issued.values_list("key", flat=True).first())
    return council.permit(earlier is None, "order", f"this result became {earlier} already")


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
