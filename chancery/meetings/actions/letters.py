"""Acts on letters: circulars that go out, letters that come in, invitations and their replies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from chancery.council import access as council
from chancery.council import symbols
from chancery.council.actions import stored
from chancery.council.models import Member, Person, Series, local_day
from chancery.trail.actor import Actor, both, in_state
from chancery.trail.arguments import Files, Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access
from ..models import AgendaItem, Circular, Invitation, Letter, Session

Right = Literal[
    "attend", "speak", "speak_after_members", "propose", "propose_if_seconded", "reply", "read_papers"
]  # fmt: skip


@act("circular.send", may=council.secretary)
def send(
    *,
    series: Series,
    title: Texts,
    files: Files,
    recipients: list[Member] | None = None,
    reply_by: datetime | None = None,
    session: Session | None = None,
    replies_to: Letter | None = None,
    by: Actor,
    at: datetime,
) -> Circular:
    """Send a circular to the members; recipients left out means all of them."""
    if series.serves != "circular":
        raise Refused("form", f"series {series.key} is for {series.serves}s, not for circulars")
    if reply_by and reply_by <= at:
        raise Refused("order", "the time to reply by lies before the circular")
    house = council.council()
    members = recipients or [m for m in Member.objects.all() if m.is_member(local_day(at, house.zone))]
    return Circular.objects.create(
        key=symbols.take(series, session=session.key if session else "", year=local_day(at, house.zone).year),
        series=series,
        session=session,
        title=title,
        files={language: stored(file) for language, file in files.items()},
        recipients=[member.key for member in members],
        reply_by=reply_by,
        replies_to=replies_to,
        sent_at=at,
    )


@act("letter.receive", may=council.secretary)
def receive_letter(
    *,
    from_: str,
    reference: str,
    date: date,
    file: File,
    reply_by: datetime | None = None,
    item: AgendaItem | None = None,
    replies_to: Circular | None = None,
    by: Actor,
    at: datetime,
) -> Letter:
    """Receive a letter: from whom, with what reference; until when it asks for a reply, or what it replies to."""
    today = local_day(at, council.council().zone)
    if date > today:
        raise Refused("order", f"a letter of {date} cannot have come in on {today}")
    if reply_by and reply_by <= at:
        raise Refused("order", "the time to reply by lies before the letter came in")
    number = Letter.objects.filter(key__startswith=f"{today.year}/").count() + 1
    return Letter.objects.create(
        key=f"{today.year}/{number}",
        sender=from_,
        reference=reference,
        dated_on=date,
        file=stored(file),
        reply_by=reply_by,
        item=item,
        replies_to=replies_to,
        received_at=at,
    )


@act("invitation.send", may=both(council.secretary, in_state("planned", "convened", "open", "postponed")))
def invite(
    session: Session,
    *,
    invitee: Texts,
    as_: Literal["observer", "guest", "expert"],
    rights: list[Right],
    people: list[Person] | None = None,
    by: Actor,
    at: datetime,
) -> Invitation:
    """Invite an observer, guest or expert to a session, with the rights they have there; a vote is never among them."""
    _check_rights(session, as_, rights)
    number = Invitation.objects.filter(session=session).count() + 1
    return Invitation.objects.create(
        key=f"{session.key}/{number}",
        session=session,
        number=number,
        invitee=invitee,
        kind=as_,
        rights=sorted(rights),
        people=_keys(people),
        sent_at=at,
    )


def _check_rights(session: Session, kind: str, rights: list[Right]) -> None:
    """The rules may say what each class may do; to read papers is granted with the invitation."""
    allowed = access.rules_for(session.key).members.observer_classes.get(kind)
    if "attend" not in rights:
        raise Refused("form", "who is invited may at least attend")
    if allowed is None:
        return
    if beyond := sorted(set(rights) - set(allowed) - {"read_papers"}):
        raise Refused("members.observer_classes", f"the rules do not let a {kind} {beyond[0].replace('_', ' ')}")
    satisfies("members.observer_classes")


def _keys(people: list[Person] | None) -> list[str]:
    found = [person.key for person in people or []]
    if len(set(found)) != len(found):
        raise Refused("form", "a person is named twice")
    return found


@act("invitation.reply", may=both(access.may_reply, in_state("sent")))
def reply(
    invitation: Invitation,
    *,
    answer: Literal["accepted", "declined"],
    people: list[Person] | None = None,
    by: Actor,
    at: datetime,
) -> Invitation:
    """Accept or decline an invitation, perhaps naming who comes."""
    if not Invitation.objects.filter(pk=invitation.pk, state="sent").update(state=answer, replied_at=at):
        raise Refused("order", f"this invitation was {invitation.state} already")
    invitation.state, invitation.replied_at = answer, at
    if people is not None:
        invitation.people = _keys(people)
        invitation.save(update_fields=["people"])
    return invitation
