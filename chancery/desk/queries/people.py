"""Who represents whom at a session: credentials with what is missing and due, people in their functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from chancery.council.models import Member, local_day
from chancery.meetings import access as meetings
from chancery.meetings.models import Credential, Delegate, Delegation, Session
from chancery.procedure import credentials as rules

from .. import access, acting


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
    return rules.due_at(meetings.rules_for(session.key), session.opens_at, session.zone)


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
    asked = meetings.rules_for(session.key).credentials
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
