"""Acts on the chair of the council and of its bodies: who takes it, and to whom it is ceded for a time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chancery.procedure import chairing
from chancery.trail.actor import Actor
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref

from .. import access
from ..models import Body, Chairmanship, Council, Member, Person, local_day
from ..rules import rules_of


def _may_assume_chair(subject: Any, by: Actor, at: datetime) -> Any:
    term = access.chairmanship(subject.organ, at)
    person = access.person_for(by)
    chair = bool(term and person and person.member_id == term.member_id and access.holds(by, "head", at))
    return access.permit(
        access.is_secretary(by, at) or chair, "roles", "the secretariat or the chair records who takes the chair"
    )


@act("chair.assume", to="council body", may=_may_assume_chair, official="open")
def assume(
    organ: Council | Body, *, member: Member, from_: date, person: Person | None = None, by: Actor, at: datetime
) -> Council | Body:
    """A member takes the chair of the council or of a body from a date."""
    _check_person(member, person)
    if Chairmanship.objects.filter(organ=organ.organ, from_on=from_, ceded_at=None).exists():
        raise Refused("order", f"a term of the chair of {organ.organ} begins on {from_} already")
    Chairmanship.objects.create(organ=organ.organ, member=member, person=person, from_on=from_)
    return organ


def _check_person(member: Member, person: Person | None) -> None:
    if person and person.member_id != member.key:
        raise Refused("form", f"{person.name} does not belong to {member.key}")
    if person and person.released_at:
        raise Refused("roles", f"{person.name} was released and holds no office")


@act("chair.cede", to="council body", may=_may_assume_chair, official="open")
def cede(
    organ: Council | Body,
    *,
    member: Member,
    person: Person | None = None,
    from_: date | None = None,
    reason: str,
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Council | Body:
    """Cede the chair for a time, for a reason such as an own interest; ceded to its holder, it is taken back."""
    _check_person(member, person)
    start = at if from_ is None else max(at, _morning(from_))
    presiding = access.chairmanship(organ.organ, start)
    if presiding is None:
        raise Refused("order", f"nobody has the chair of {organ.organ}, so nobody cedes it")
    if presiding.member_id == member.key and (person is None or person.key == presiding.person_id):
        raise Refused("order", f"{member.key} presides already")
    held = Chairmanship.objects.filter(organ=organ.organ)
    term = held.filter(ceded_at=None, from_on__lte=_day(start)).order_by("-from_on", "-pk").first()
    held.filter(ceded_at__isnull=False, ended_at=None).update(ended_at=start)
    if term and term.member_id == member.key and person is None:
        return organ
    Chairmanship.objects.create(organ=organ.organ, member=member, person=person, from_on=_day(start), ceded_at=start)
    if term:
        satisfies(chairing.presides(_rules(start).chair, term.member_id, (), cannot={term.member_id}).rule)
    return organ


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(access.council().zone))


def _day(at: datetime) -> date:
    return local_day(at, access.council().zone)


def _rules(at: datetime) -> Any:
    return rules_of(access.rules_in_force(_day(at)).pk)
