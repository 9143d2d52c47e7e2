"""Who may object, vote and declare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.meetings import access as meetings
from chancery.meetings.models import AgendaItem
from chancery.trail import refs
from chancery.trail.actor import Actor, Permit

from .models import QuestionPut, Referral


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


def may_poll(item: AgendaItem, by: Actor, at: datetime) -> Permit:
    """The chair, or the secretariat that counts for the chair."""
    return meetings.chair_or_secretary(item, by, at)


def may_withdraw(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    """The main sponsor of what was put, who is named first; where nobody sponsors it, the chair."""
    if question.state != "put":
        return Permit(False, "order", f"question {question.key} is {question.state}")
    sponsors = getattr(refs.get(question.subject), "sponsors", [])
    if not sponsors:
        return meetings.chair(question, by, at)
    return speaks_as_sponsor(sponsors[0], question.session_id, by, at)


def speaks_as_sponsor(sponsor: str, session: str, by: Actor, at: datetime) -> Permit:
    """Whether the actor speaks for a sponsor: a member's head or alternate, or the rapporteur of a body."""
    if by.for_ == f"body/{sponsor}":
        allowed = council.holds(by, "rapporteur", at, sponsor) or council.is_secretary(by, at)
        return council.permit(allowed, "roles", f"only the rapporteur of {sponsor} may do this for it")
    if by.for_ != f"member/{sponsor}":
        return Permit(False, "roles", f"only {sponsor}, the main sponsor, may do this")
    return meetings.speaks_for(by, session, at, vote=True)


def may_postpone(question: QuestionPut, by: Actor, at: datetime) -> Permit:
    return may_close(question, by, at)


def may_answer(subject: Any, by: Actor, at: datetime) -> Permit:
    """The rapporteur of the body it was referred to, or the secretariat for that body."""
    referral = Referral.objects.filter(subject=subject.ref, answered_at=None).order_by("-pk").first()
    if referral is None:
        return Permit(False, "order", f"{subject.ref} waits for no answer of a body")
    allowed = council.is_secretary(by, at) or council.holds(by, "rapporteur", at, referral.body_id)
    return council.permit(allowed, "roles", f"only the rapporteur of {referral.body_id} answers for it")
