"""Who represents whom at a session: credentials with what is missing and due, people in their functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from chancery.council.models import Member, Person, RoleGrant, in_language, local_day
from chancery.meetings import access as meetings
from chancery.meetings.models import Credential, Delegate, Delegation, Invitation, Session
from chancery.procedure import credentials as rules

from .. import access, acting
from ..forms.words import word


@dataclass(frozen=True)
class Seat:
    """One member at a session: its delegation if it notified one, who is on the letter, what is still awaited."""

    member: Member
    delegation: Delegation | None
    people: list[Delegate]
    credentials: list[Credential]
    standing: str
    contested: bool
    missing: list[str]
    acts: list[acting.Next] = field(default_factory=list)


def due(session: Session) -> datetime | None:
    """The instant from which credentials are late, as the rules of the session say."""
    return rules.due_at(meetings.rules_of_session(session), session.opens_at, session.zone)


def seats(session: Session, at: datetime) -> list[Seat]:
    """All members in seating order, those without a delegation among them."""
    sent = {delegation.member_id: delegation for delegation in meetings.delegations(session.key)}
    day = local_day(at, session.zone)
    return [_seat(member, sent.get(member.key), session, at) for member in acting.members() if member.is_member(day)]


def _seat(member: Member, delegation: Delegation | None, session: Session, at: datetime) -> Seat:
    if delegation is None:
        return Seat(member, None, [], [], "missing", False, [gettext("the letter that names the delegation")])
    held = list(delegation.credentials.all())
    people = meetings.delegates(session.key, member.key, at)
    contested = meetings.is_contested(delegation, at)
    missing = _missing(session, held, people)
    return Seat(member, delegation, people, held, meetings.standing_of(delegation, at), contested, missing)


def _missing(session: Session, held: list[Credential], people: list[Delegate]) -> list[str]:
    """What the rules ask for and has not come in: credentials, the original of a copy, a head on the letter."""
    asked = meetings.rules_of_session(session).credentials
    forms = {credential.form for credential in held}
    found = []
    if asked.required and not forms:
        found.append(gettext("credentials"))
    elif asked.required and "original" not in forms:
        found.append(gettext("the original of the credentials"))
    if not any(delegate.capacity == "head" for delegate in people):
        found.append(gettext("a head of delegation"))
    return found


def with_acts(request: Any, session: Session, listed: list[Seat]) -> list[Seat]:
    """Each seat with the acts that the reader may do on it now, the member filled in."""
    own = request.person.member_id
    secretary = access.is_secretary(request.person, request.at)
    return [_acting(request, session, seat, own, secretary=secretary) for seat in listed]


def _acting(request: Any, session: Session, seat: Seat, own: str | None, *, secretary: bool) -> Seat:
    mine = secretary or own == seat.member.key
    pairs: list[tuple[str, Any]] = []
    if seat.delegation is None:
        pairs += [("delegation.notify", session)] if mine else []
    else:
        pairs += [("delegation.substitute", seat.delegation)] if mine else []
        pairs += [("credentials.receive", session), ("credentials.rule", session)]
        pairs += [("credentials.object", session)] if own != seat.member.key and not seat.delegation.ruled_at else []
    panel = acting.panel(request, pairs, member=str(seat.member.ref))
    return Seat(**{**seat.__dict__, "acts": panel.open})


@dataclass(frozen=True)
class Group:
    """A heading of the list of participants and who stands under it, each with a function."""

    heading: str
    people: list[tuple[str, str]]


def participants(session: Session, at: datetime, language: str) -> list[Group]:
    """The delegations in seating order with their functions, then those invited who accepted, then the secretariat."""
    words = {"head": gettext("head"), "alternate": gettext("alternate"), "adviser": gettext("adviser")}
    groups = [
        Group(in_language(sent.member.name, language), [(d.person.name, words[d.capacity]) for d in people])
        for sent in meetings.delegations(session.key)
        if (people := meetings.delegates(session.key, sent.member_id, at))
    ]
    return [*groups, *_invited(session, at, language), *_secretariat(session, at)]


def _invited(session: Session, at: datetime, language: str) -> list[Group]:
    rows = list(Invitation.objects.filter(session=session, state="accepted", replied_at__lte=at))
    rows.sort(key=lambda row: (_KINDS.index(row.kind), row.number))
    names = dict(Person.objects.filter(pk__in=[key for row in rows for key in row.people]).values_list("pk", "name"))
    kinds = {"observer": gettext("observer"), "guest": gettext("guest"), "expert": gettext("expert")}
    return [
        Group(in_language(row.invitee, language), [(names[key], kinds[row.kind]) for key in row.people]) for row in rows
    ]


_KINDS = ("observer", "guest", "expert")


def _secretariat(session: Session, at: datetime) -> list[Group]:
    day = local_day(at, session.zone)
    held = RoleGrant.objects.filter(role="secretary", scope__in=("", str(session.ref)), person__released_at=None)
    people = {grant.person.name: gettext("secretary") for grant in held.select_related("person") if grant.in_force(day)}
    return [Group(gettext("Secretariat"), list(people.items()))] if people else []


@dataclass(frozen=True)
class Invited:
    """An invitation with the names of those who come, and what may be done about it."""

    invitation: Invitation
    people: list[str]
    rights: list[str]
    acts: list[acting.Next]


def invitations(request: Any, session: Session) -> list[Invited]:
    """Who was invited with which rights, and the replies: for the council; who was invited sees its own."""
    rows = list(Invitation.objects.filter(session=session))
    if not access.is_council(request.person, request.at):
        rows = [row for row in rows if request.person.key in row.people]
    named = dict(Person.objects.filter(pk__in=[key for row in rows for key in row.people]).values_list("pk", "name"))
    return [_invitation(request, row, named) for row in rows]


def _invitation(request: Any, row: Invitation, named: dict[str, str]) -> Invited:
    rights = [word(right) for right in row.rights]
    return Invited(row, [named[key] for key in row.people], rights, _replying(request, row))


def _replying(request: Any, row: Invitation) -> list[acting.Next]:
    return acting.panel(request, [("invitation.reply", row)]).open if row.state == "sent" else []
