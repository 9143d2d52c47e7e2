"""Who holds which role at which instant, and the permits that rest on a role alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Subquery

from chancery.trail.actor import Actor, Permit
from chancery.trail.errors import Refused
from chancery.trail.memory import once

from .models import Chairmanship, Council, Member, Person, RoleGrant, local_day

DONE = Permit(True, "roles", "")


def council() -> Council:
    """The council of this house. Refused when none is founded."""
    found: Council | None = once("council", lambda: Council.objects.annotate(seat_count=_seat_count()).first())
    if found is None:
        raise Refused("order", "no council is founded yet; `chancery found COUNCIL.toml` founds one")
    return found


def grants(person: str) -> list[RoleGrant]:
    held: list[RoleGrant] = once(f"grants {person}", lambda: list(RoleGrant.objects.filter(person_id=person)))
    return held


def person_key(by: Actor) -> str:
    return by.id.removeprefix("person/") if by.id.startswith("person/") else ""


def holds(by: Actor, role: str, at: datetime, body: str = "") -> bool:
    """Whether the actor holds `role` at `at` for the council, or for `body` where one is given."""
    person = person_key(by)
    if not person:
        return False
    day = local_day(at, council().zone)
    return any(g.role == role and g.body in ("", body) and g.in_force(day) for g in grants(person))


def holders(role: str, at: datetime, body: str = "") -> list[str]:
    """The ids of the people who hold `role` at `at`, released ones left out."""
    day = local_day(at, council().zone)
    held = RoleGrant.objects.filter(role=role, body=body, person__released_at=None).order_by("person_id")
    return [grant.person_id for grant in held if grant.in_force(day)]


def secretary_at(subject: Any, arguments: dict[str, Any], at: datetime) -> str:
    """The one secretary at `at`."""
    found = holders("secretary", at)
    if len(found) != 1:
        raise Refused("roles", f"{len(found)} people hold the office of secretary; name the person")
    return f"person/{found[0]}"


def is_secretary(by: Actor, at: datetime) -> bool:
    return holds(by, "secretary", at)


def secretary(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat keeps the record."""
    return permit(is_secretary(by, at), "roles", "only the secretariat may do this")


def permit(allowed: bool, rule: str, because: str) -> Permit:
    return Permit(allowed, rule, "" if allowed else because)


def chairmanship(organ: str, at: datetime) -> Chairmanship | None:
    """The chairmanship in force for `council` or a body's code."""
    day = local_day(at, council().zone)
    terms = once("chairs", lambda: list(Chairmanship.objects.order_by("-from_on", "-pk")))
    return next((term for term in terms if term.organ == organ and term.from_on <= day), None)


def operator(subject: Any, by: Actor, at: datetime) -> Permit:
    """The operator founds the house and nothing else."""
    return permit(by.id == "operator", "roles", "only the operator may do this")


def person_for(by: Actor) -> Person | None:
    return Person.objects.filter(pk=person_key(by)).first()


def _seat_count() -> Subquery:
    """How many members the council has; its mark is a ring of as many dots."""
    members = Member.objects.filter(left_on=None).order_by().values("left_on").annotate(n=Count("pk"))
    return Subquery(members.values("n"))
