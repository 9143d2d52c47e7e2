"""The council as it stands: members and their rights, chairs, bodies, series, rules, people and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from chancery.council import access as council
from chancery.council.models import (
    Body,
    Chairmanship,
    Member,
    Person,
    RightsInterval,
    RoleGrant,
    RuleAdoption,
    Series,
    SignIn,
    local_day,
)
from chancery.meetings.models import Session
from chancery.trail import door
from chancery.trail.actor import Permit
from chancery.trail.errors import Unknown
from chancery.trail.refs import Referable

from .. import access, acting, fresh

INVITED = timedelta(days=7)
# How far somebody is on the way in, by what became of the invitation.
DOORS = {"asked": "waiting", "sent": "sent", "revoked": "revoked"}


@dataclass(frozen=True)
class MemberRow:
    member: Member
    is_member: bool
    suspended: RightsInterval | None
    acts: list[acting.Next]


@dataclass(frozen=True)
class PersonRow:
    """A person, the roles held, what may be done, and whether the person can come in.

    `door`: in (has a means of signing in), sent, waiting (the mail goes out), revoked, or nothing.
    """

    person: Person
    roles: list[str]
    acts: list[acting.Next]
    door: str = ""
    may_invite: bool = False


@dataclass(frozen=True)
class BodyRow:
    body: Body
    acts: list[acting.Next]


def members(request: Any) -> list[MemberRow]:
    """All members in seating order, with a suspension of rights that holds now."""
    day = local_day(request.at, council.council().zone)
    spans = {span.member_id: span for span in RightsInterval.objects.all() if _holds(span, day)}
    found = []
    for member in acting.members():
        names = ("rights.restore" if member.key in spans else "rights.suspend", "member.leave")
        acts = _open(request, names, member) if member.is_member(day) else []
        found.append(MemberRow(member, member.is_member(day), spans.get(member.key), acts))
    return found


def _holds(span: RightsInterval, day: Any) -> bool:
    return span.from_on <= day and (span.to_on is None or day < span.to_on)


def _open(request: Any, names: tuple[str, ...], row: Referable) -> list[acting.Next]:
    return acting.panel(request, [(name, row) for name in names]).open


def bodies(request: Any) -> list[BodyRow]:
    """The bodies that stand, each with its mandate and what may be done with it."""
    standing = Body.objects.filter(dissolved_at=None).select_related("chair", "parent")
    return [BodyRow(body, _open(request, ("body.renew", "body.merge", "body.dissolve"), body)) for body in standing]


def people(request: Any) -> list[PersonRow]:
    """Those the reader deals with: the own member's for a head or focal point, all for the secretariat."""
    by = access.actor(request.person)
    secretary = access.is_secretary(request.person, request.at)
    if not secretary and not any(council.holds(by, role, request.at) for role in ("head", "focal")):
        return []
    focal = council.holds(by, "focal", request.at) and not request.person.awaits_confirmation
    rows = fresh.with_means(Person.objects.filter(released_at=None)).annotate(invited=_invited(request.at))
    rows = rows.order_by("member__seat", "key")
    listed = list(rows if secretary else rows.filter(member=request.person.member_id))
    grants, day = _grants(listed), local_day(request.at, council.council().zone)
    found = []
    for row in listed:
        held = grants.get(row.key, [])
        roles = [" ".join(filter(None, (grant.role, grant.body))) for grant in held if grant.in_force(day)]
        ours = secretary or (focal and all(grant.role in council.FOCAL_MAY_GRANT for grant in held))
        door = "in" if row.strong or row.has_usable_password() else DOORS.get(row.invited, "")
        invitable = ours and door != "in" and bool(row.email)
        found.append(PersonRow(row, roles, _open(request, _doable(row), row), door, invitable))
    return found


def _invited(at: datetime) -> Subquery:
    """What became of the last invitation of a person."""
    lines = SignIn.objects.filter(person=OuterRef("pk"), means="invitation", outcome__in=DOORS, at__gt=at - INVITED)
    return Subquery(lines.order_by("-at", "-pk").values("outcome")[:1])


def _doable(person: Person) -> tuple[str, ...]:
    """The acts on a row of a list; those on keys stand on the person's own page, where the keys are."""
    always = ("person.recover", "person.release")
    return ("person.confirm", *always) if person.awaits_confirmation else always


def _grants(listed: list[Person]) -> dict[str, list[RoleGrant]]:
    found: dict[str, list[RoleGrant]] = {}
    for grant in RoleGrant.objects.filter(person__in=listed).order_by("role"):
        found.setdefault(grant.person_id, []).append(grant)
    return found


def chairs(at: datetime) -> list[Chairmanship]:
    """Who presides over what now."""
    day = local_day(at, council.council().zone)
    return sorted((row for row in council.terms() if row.is_presiding(at, day)), key=lambda row: row.organ)


def series() -> list[Series]:
    return list(Series.objects.order_by("serves", "key"))


def rules(at: datetime) -> tuple[str, list[RuleAdoption]]:
    """The name of the rules in force, and all adoptions."""
    house, adopted = council.council(), list(RuleAdoption.objects.select_related("ruleset"))
    day = local_day(at, house.zone)
    held = [one.ruleset for one in adopted if one.from_on <= day]
    return (held[-1] if held else house.ruleset).name, adopted


@dataclass(frozen=True)
class Power:
    """What a person may do or not: the act, on what, and the rule that says so."""

    act: str
    on: str
    permit: Permit


def person_for(reader: Person, key: str, at: datetime) -> Person:
    """A person, for oneself and the secretariat. Unknown to others."""
    found = Person.objects.filter(pk=key).select_related("member").first()
    if found is None or (found.pk != reader.pk and not access.is_secretary(reader, at)):
        raise Unknown(f"person/{key}", "")
    return found


def powers(person: Person, session: Session | None, at: datetime) -> list[Power]:
    """Every act that can be asked about now: without a subject, on the session in hand, the council, the person."""
    subjects: dict[str, Referable] = {"council": council.council(), "person": person}
    if session is not None:
        subjects["session"] = session
    by, found = access.actor(person), []
    for name, deed in door.acts().items():
        kind = next((kind for kind in deed.kinds if kind in subjects), None)
        if kind or not deed.kinds:
            row = subjects[kind] if kind else None
            found.append(Power(name, str(row.ref) if row else "", deed.may(row, by, at)))
    return sorted(found, key=lambda power: (not power.permit, power.act))


def elsewhere() -> list[tuple[str, str]]:
    """Acts that depend on the thing they are done on; its own page says who may do them."""
    known = {"council", "person", "session"}
    return [
        (name, ", ".join(deed.kinds))
        for name, deed in door.acts().items()
        if deed.kinds and not known & set(deed.kinds)
    ]
