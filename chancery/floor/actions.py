"""Acts on the floor: put a question, object, vote, close with a result, refer to a body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from chancery import canon
from chancery.council import access as council
from chancery.council.models import Body, Member, local_day
from chancery.meetings import access as meetings
from chancery.meetings import queries as sitting
from chancery.meetings.models import AgendaItem, Session
from chancery.procedure import BadDocument, decide_document
from chancery.trail import refs
from chancery.trail.actor import Actor
from chancery.trail.arguments import Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref, Referable

from . import access, queries
from .models import Ballot, Objection, Poll, QuestionPut, Referral, Result

Value = Literal["for", "against", "abstain", "invalid", "present_not_participating", "absent"]


@dataclass(frozen=True)
class Override:
    """The chair's other answer, with the reason; both are kept and shown."""

    status: str
    reason: str


@act("question.put", to="version paper agenda", may=meetings.chair)
def put(
    subject: Referable,
    *,
    method: Literal["consensus", "vote"],
    items: list[AgendaItem],
    test: str | None = None,
    by: Actor,
    at: datetime,
) -> QuestionPut:
    """Put a question: the text as it stands, the method, and who may answer are fixed."""
    session = Session.objects.get(pk=_session_of(subject, items))
    meeting = sitting.sitting(session, at)
    _check_subject(subject)
    rules = meetings.rules_for(session.key)
    if method == "vote" and (test or "substantive") not in rules.majority:
        known = ", ".join(rules.majority)
        raise Refused("majority", f"the rules know no test {test!r}; they know {known}")
    if running := QuestionPut.objects.filter(subject=subject.ref, state="put").first():
        raise Refused("order", f"this is before the council already, as question {running.key}")
    satisfies("papers.debate_wait")
    number = QuestionPut.objects.filter(session=session).count() + 1
    return QuestionPut.objects.create(
        key=f"{session.key}/{number}",
        session=session,
        meeting=meeting,
        number=number,
        subject=subject.ref,
        subject_digest=subject.digest,
        subject_restricted=subject.restricted,
        subject_audience=subject.audience,
        title=getattr(subject, "title", {}),
        method=method,
        test=(test or "substantive") if method == "vote" else "",
        items=[item.key for item in items],
        electorate=sitting.electorate(session, meeting, at),
        checks=_checks(subject, rules.papers.debate_wait, at),
        put_at=at,
        put_by=by.id,
    )


def _session_of(subject: Referable, items: list[AgendaItem]) -> str:
    keys = {getattr(subject, "session_id", None)} - {None} | {item.session_id for item in items}
    if len(keys) != 1:
        raise Refused("form", "the question and its items must belong to one session")
    return str(keys.pop())


def _check_subject(subject: Referable) -> None:
    authentic = council.council().authentic
    missing = [language for language in authentic if language not in subject.languages]
    if subject.ref_kind != "agenda" and missing:
        raise Refused("languages", f"{subject.ref} has no text in {', '.join(missing)}")
    if stale := [language for language in getattr(subject, "stale", []) if language in authentic]:
        raise Refused("languages", f"the translation of {subject.ref} into {', '.join(stale)} is older than its source")
    if not getattr(subject, "issued_at", True):
        raise Refused("order", f"{subject.ref} is not issued yet")
    if getattr(subject, "withdrawn_at", None):
        raise Refused("order", f"{subject.ref} is withdrawn")


def _checks(subject: Referable, wait: int | None, at: datetime) -> list[dict[str, Any]]:
    """What the rules of procedure expect before a question is put: computed and shown, never blocking the chair."""
    known_since = getattr(subject, "known_since", None)
    if not wait or known_since is None:
        return []
    ready = known_since + timedelta(hours=wait)
    return [
        {"parameter": "papers.debate_wait", "need": wait, "ready_at": canon.instant_text(ready), "met": at >= ready}
    ]


@act("objection.state", may=access.may_object, keep_refusals=True)
def object_(
    question: QuestionPut,
    *,
    reason: str | None = None,
    ground: Literal["substance", "late", "procedure"] = "substance",
    by: Actor,
    at: datetime,
) -> QuestionPut:
    """State a member's objection."""
    member = _member_of(by)
    Objection.objects.create(
        question=question, member_id=member, reason=reason or "", ground=ground, by=by.id, stated_at=at
    )
    return question


def _member_of(by: Actor) -> str:
    if not by.for_.startswith("member/"):
        raise Refused("form", "say for which member")
    return by.for_.removeprefix("member/")


@act("ballot.cast", may=access.may_vote, keep_refusals=True)
def cast(question: QuestionPut, *, value: Value, by: Actor, at: datetime) -> QuestionPut:
    """Cast a member's ballot; it may be changed until the result."""
    _check_right(question, _member_of(by), at)
    Ballot.objects.create(
        question=question, member_id=_member_of(by), value=value, mode="recorded", by=by.id, cast_at=at
    )
    return question


def _check_right(question: QuestionPut, member: str, at: datetime) -> None:
    if member not in question.electorate["members"]:
        raise Refused("roles", f"{member} was no member when the question was put")
    if not queries.has_right(question, member, at):
        raise Refused("voting_rights_suspended", f"the voting right of {member} is suspended")


@act("ballots.record", may=access.may_record_ballots)
def record(
    question: QuestionPut,
    *,
    mode: Literal["show", "recorded", "roll_call"],
    start: Member | None = None,
    values: dict[Member, Value],
    by: Actor,
    at: datetime,
) -> QuestionPut:
    """Record all ballots as they were called, in seating order from `start`."""
    order = [member.key for member in sorted(values, key=lambda member: member.seat)]
    if start and start.key in order:
        first = order.index(start.key)
        order = order[first:] + order[:first]
    cast_values = {member.key: value for member, value in values.items()}
    for key in order:
        _check_right(question, key, at)
        spoken = Actor(by.id, for_=f"member/{key}")
        if cast_values[key] != "absent" and not (
            permit := meetings.speaks_for(spoken, question.session_id, at, vote=True)
        ):
            raise Refused(permit.rule, permit.because)
    Ballot.objects.bulk_create(
        Ballot(question=question, member_id=key, value=cast_values[key], mode=mode, by=by.id, cast_at=at)
        for key in order
    )
    return question


@act("question.close", may=access.may_close, official="open")
def close(question: QuestionPut, *, override: Override | None = None, by: Actor, at: datetime) -> Result:
    """Declare the outcome of the question put, with its working."""
    if override and not override.reason.strip():
        raise Refused("form", "an override needs a reason")
    answer = {"status": override.status, "reason": override.reason} if override else None
    document = queries.document(question, at, answer)
    try:
        outcome = decide_document(document)
    except BadDocument as error:
        raise Refused("form", f"the rules cannot decide this: {error}") from None
    if not QuestionPut.objects.filter(pk=question.pk, state="put").update(state="closed"):
        raise Refused("order", f"question {question.key} is not before the council")
    satisfies(outcome["working"][-1]["test"] if outcome["working"] else "methods.default")
    return Result.objects.create(
        key=question.key,
        question=question,
        session_id=question.session_id,
        status=outcome["status"],
        document=document,
        outcome=outcome,
        override=outcome["override"],
        declared_at=at,
        declared_by=by.id,
    )


@act("question.refer", to="question draft", may=access.may_refer)
def refer(subject: Referable, *, body: Body, by_when: date | None = None, by: Actor, at: datetime) -> Referable:
    """Refer a question, or a draft that is not before the council, to a body; no result comes of it."""
    if isinstance(subject, QuestionPut):
        if subject.ballots.exists():
            raise Refused("order", f"voting on question {subject.key} has begun")
        if not QuestionPut.objects.filter(pk=subject.pk, state="put").update(state="referred"):
            raise Refused("order", f"question {subject.key} is {subject.state}")
    Referral.objects.create(subject=subject.ref, body=body, by_when=by_when, referred_at=at)
    return subject


def _check_no_vote(question: QuestionPut) -> None:
    if question.ballots.exists():
        raise Refused("proposals.withdrawal_until", f"voting on question {question.key} has begun")


def _leave(question: QuestionPut, state: str, until: datetime | None = None) -> QuestionPut:
    """The question is no longer before the council, and no result comes of it."""
    if not QuestionPut.objects.filter(pk=question.pk, state="put").update(state=state, until=until):
        raise Refused("order", f"question {question.key} is not before the council")
    question.state, question.until = state, until
    return question


@act("question.withdraw", may=access.may_withdraw)
def withdraw(question: QuestionPut, *, by: Actor, at: datetime) -> QuestionPut:
    """Withdraw what was put, before voting on it begins; the question keeps its number."""
    _check_no_vote(question)
    satisfies("proposals.withdrawal_until")
    return _leave(question, "withdrawn")


@act("question.postpone", may=access.may_postpone)
def postpone(question: QuestionPut, *, until: datetime | None = None, by: Actor, at: datetime) -> QuestionPut:
    """Postpone a question, before voting on it begins; the same text may be put again."""
    if until and until <= at:
        raise Refused("form", "the time until which it is postponed lies before now")
    _check_no_vote(question)
    return _leave(question, "postponed", until)


@act("referral.answer", to="question draft", may=access.may_answer)
def answer(subject: Referable, *, paper: Ref, by: Actor, at: datetime) -> Referable:
    """Answer a referral with an issued paper of the body; what was referred may then be put again."""
    held = refs.get(paper)
    if held.ref_kind != "paper" or not getattr(held, "issued_at", None):
        raise Refused("form", f"{paper} is no issued paper; a body answers with one")
    referral = Referral.objects.filter(subject=subject.ref, answered_at=None).latest("pk")
    zone = Session.objects.get(pk=subject.session_id).zone  # type: ignore[attr-defined]
    referral.answer, referral.answered_at = str(paper), at
    referral.late = referral.by_when is not None and local_day(at, zone) > referral.by_when
    referral.save(update_fields=["answer", "answered_at", "late"])
    return subject


@act("poll.record", may=access.may_poll)
def poll(item: AgendaItem, *, question: Texts, values: dict[str, int], by: Actor, at: datetime) -> AgendaItem:
    """Record a show of opinion: it decides nothing."""
    if not values or min(values.values()) < 0:
        raise Refused("form", "a show of opinion counts at least one answer, and none below nought")
    if item.state == "concluded":
        raise Refused("order", f"item {item.key} is concluded")
    Poll.objects.create(item=item, question=question, values=values, recorded_at=at)
    return item


def follow_marking(subject: Ref, audience: str, *, restricted: bool) -> None:
    """What was asked about a paper is seen by those who may see it now. Later stations call this."""
    asked = QuestionPut.objects.filter(subject=subject)
    asked.update(subject_restricted=restricted, subject_audience=audience)


def subject_of(question: QuestionPut) -> Referable:
    """The text, paper or agenda that a question puts."""
    return refs.get(Ref(question.subject))
