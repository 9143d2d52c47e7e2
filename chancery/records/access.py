"""Who may contest what stands in the record."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.decisions.models import Statement
from chancery.floor.models import QuestionPut
from chancery.meetings import access as meetings
from chancery.meetings.models import AgendaItem, Meeting
from chancery.trail.actor import Actor, Permit
from chancery.trail.memory import once


def may_contest(subject: QuestionPut | Statement | Meeting, by: Actor, at: datetime) -> Permit:
    """A delegate of the member itself, until the item is concluded; for presence, until the meeting is closed."""
    if council.is_secretary(by, at):
        return Permit(False, "roles", "the delegation itself contests what was entered for it")
    if over := _over(subject):
        return Permit(False, "records.correction_window", f"{over}; what was entered can no longer be contested")
    return meetings.speaks_for(by, subject.session_id, at, vote=False)


def _over(subject: QuestionPut | Statement | Meeting) -> str:
    """Why it is too late, or nothing."""
    if isinstance(subject, Meeting):
        return f"meeting {subject.key} is closed" if subject.state == "closed" else ""
    question = subject.question if isinstance(subject, Statement) else subject
    items = AgendaItem.objects.filter(pk__in=question.items).exclude(state="concluded")
    open_ = once(f"open {question.items}", items.exists)
    return "" if open_ else f"item {', '.join(question.items)} is concluded"
