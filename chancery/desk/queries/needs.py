"""What needs one person: what waits for just this reader, until when, and what happens if nothing is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from chancery.council import access as council
from chancery.council.models import Person
from chancery.floor import access as floor
from chancery.floor.models import Ballot, QuestionPut
from chancery.meetings import access as meetings
from chancery.meetings.models import Circular, Delegation, Session
from chancery.press import access as press
from chancery.press.models import PressItem
from chancery.procedure import credentials as rules
from chancery.signing import access as signing
from chancery.signing.models import Instrument
from chancery.trail.actor import Actor

SOON = timedelta(hours=12)


@dataclass(frozen=True)
class Need:
    """One thing that waits for the reader. `otherwise` says what happens if nothing is done."""

    symbol: str
    title: str
    otherwise: str
    address: str
    button: str
    due: datetime | None = None

    def state(self, at: datetime) -> str:
        if self.due is None:
            return "now"
        return "bad" if self.due - at < SOON else "wait"


def needs(person: Person, by: Actor, session: Session, at: datetime) -> list[Need]:
    """All that waits for a person in a session, the nearest deadline first; what has none comes last."""
    found = [
        *_signatures(by, session, at),
        *_questions(by, session, at),
        *_delegation(person, by, session, at),
        *_replies(person, session, at),
        *_clearances(by, session, at),
        *_newcomers(person, by, at),
        *_operator(by, at),
    ]
    return sorted(found, key=lambda need: (need.due is None, need.due or at))


def _act(name: str, **query: str) -> str:
    return reverse("house-act", args=[name]) + "?" + urlencode(query)


def _signatures(by: Actor, session: Session, at: datetime) -> Iterator[Need]:
    for instrument in Instrument.objects.filter(session=session).select_related("decision"):
        if signing.may_sign(instrument, by, at):
            yield Need(
                instrument.key,
                gettext("Your signature is awaited"),
                gettext("If you do nothing, the document does not take effect."),
                reverse("house-instrument", args=[instrument.key]),
                gettext("Look and sign"),
                instrument.until,
            )


def _questions(by: Actor, session: Session, at: datetime) -> Iterator[Need]:
    put = list(QuestionPut.objects.filter(session=session, state="put"))
    member = by.for_.removeprefix("member/")
    cast = set(Ballot.objects.filter(question__in=put, member_id=member).values_list("question_id", flat=True))
    for question in put:
        address = reverse("house-question", args=[question.key])
        if question.method == "vote" and question.key not in cast and floor.may_vote(question, by, at):
            yield Need(
                question.key,
                gettext("Your vote on question {n}").format(n=question.number),
                gettext("If you do nothing, your delegation counts as absent."),
                address,
                gettext("Look and vote"),
            )
        elif question.method == "consensus" and floor.may_object(question, by, at):
            yield Need(
                question.key,
                gettext("Question {n} is before the council").format(n=question.number),
                gettext("If you do nothing, you join the consensus."),
                address,
                gettext("Look at it"),
            )


def _delegation(person: Person, by: Actor, session: Session, at: datetime) -> Iterator[Need]:
    if session.state not in ("convened", "open") or not person.member_id or not meetings.may_notify(session, by, at):
        return
    due = rules.due_at(meetings.rules_for(session.key), session.opens_at, session.zone)
    held = Delegation.objects.filter(session=session, member=person.member_id).prefetch_related("credentials").first()
    if held is None:
        yield Need(
            person.member_id,
            gettext("Tell who represents you at session {n}").format(n=session.number),
            gettext("Without a delegation you cannot speak or vote."),
            _act("delegation.notify", to=str(session.ref)),
            gettext("Notify your delegation"),
            due,
        )
    elif not held.credentials.all():
        yield Need(
            person.member_id,
            gettext("Your credentials are not received yet"),
            gettext("Send them to the secretariat; without them your delegation has no vote."),
            reverse("house-delegations", args=[session.key]) + f"#{person.member_id}",
            gettext("See what is missing"),
            due,
        )


def _replies(person: Person, session: Session, at: datetime) -> Iterator[Need]:
    open_ones = Circular.objects.filter(session=session, reply_by__gt=at) if person.member_id else []
    for circular in open_ones:
        if person.member_id in circular.recipients:
            yield Need(
                circular.key,
                gettext("A circular asks for your reply"),
                gettext("Reply by letter to the secretariat; it records what it receives."),
                reverse("house-history") + "?" + urlencode({"of": str(circular.ref)}),
                gettext("Look at it"),
                circular.reply_by,
            )


def _clearances(by: Actor, session: Session, at: datetime) -> Iterator[Need]:
    for item in PressItem.objects.filter(session=session, state="draft"):
        if press.may_clear(item, by, at):
            yield Need(
                item.key,
                gettext("A wording awaits your clearance"),
                gettext("Until somebody clears it, it is not released."),
                reverse("house-release", args=[item.key]),
                gettext("Read and clear"),
            )


def _newcomers(person: Person, by: Actor, at: datetime) -> Iterator[Need]:
    """People whom a focal point brought in and who may not vote before the head confirms them."""
    if not person.member_id or not council.holds(by, "head", at):
        return
    for new in Person.objects.filter(member=person.member_id, awaits_confirmation=True, released_at=None):
        yield Need(
            new.key,
            gettext("{name} is new in your delegation").format(name=new.name),
            gettext("Until you or the secretariat confirm, this person cannot vote, object or sign."),
            _act("person.confirm", to=str(new.ref)),
            gettext("Confirm"),
        )


def _operator(by: Actor, at: datetime) -> Iterator[Need]:
    """That the operator looks into the house now: the secretariat sees it and may end it."""
    opened = council.operator_access_at(at) if council.is_secretary(by, at) else None
    if opened is not None:
        yield Need(
            str(opened.ref),
            gettext("The operator looks into the house: {reason}").format(reason=opened.reason),
            gettext("If you do nothing, this ends at the time stated."),
            _act("operator.leave", to=str(opened.ref)),
            gettext("End it now"),
            opened.until,
        )
