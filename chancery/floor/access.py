"""Who may object, vote and declare."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.meetings import access as meetings
from chancery.trail.actor import Actor, Permit

from .models import QuestionPut


def may_object(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    """A head or alternate whose credentials hold; the secretariat enters what was spoken, for a member."""
    if question.state != "put":
        return Permit(False, "order", f"question {question.key} is {question.state}")
    return meetings.speaks_for(by, question.session_id, at, vote=True)


def may_vote(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    """The same, on a question put to the vote."""
    if question.method != "vote":
        return Permit(False, "order", f"question {question.key} is decided by {question.method}, not by ballots")
    return may_object(question, by, at)


def may_record_ballots(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    """The secretariat writes down a vote as it is called."""
    if question.method != "vote" or question.state != "put":
        return Permit(False, "order", f"question {question.key} is {question.state} and decided by {question.method}")
    return council.secretary(question, by, at)


def may_close(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    """Only the chair declares an outcome."""
    if question.state != "put":
        return Permit(False, "order", f"question {question.key} is {question.state}")
    return meetings.chair(question, by, at)


def may_refer(subject: object, by: Actor, at: datetime) -> Permit:
    """The chair, or the secretariat writing down what the chair said, refers a matter to a body."""
    return meetings.chair_or_secretary(subject, by, at)
