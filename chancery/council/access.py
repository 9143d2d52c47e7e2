"""Who holds which role at which instant, and the permits that rest on a role alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Subquery

from chancery.trail.actor import Actor, Permit
from chancery.trail.errors import Refused
from chancery.trail.memory import once

from .models import (
    Chairmanship,
    Council,
    Member,
    MemberKey,
    OperatorAccess,
    Person,
    RoleGrant,
    RuleAdoption,
    RuleSetVersion,
    local_day,
)

DONE = Permit(True, "roles", "")
# A focal point brings in people who advise and attend; it grants no vote, no signature and no office.
FOCAL_MAY_GRANT = ("delegate", "adviser")


def council() -> Council:
    """The council of this house. Refused when none is founded."""
    found: Council | None = once("council", lambda: Council.objects.annotate(seat_count=_seat_count()).first())
    if found is None:
        raise Refused("order", "no council is founded yet; `chancery found COUNCIL.toml` founds one")
    return found


def members() -> list[Member]:
    """All members in seating order, read once for a page."""
    found: list[Member] = once("members", lambda: list(Member.objects.all()))
    return found


def grants(person: str, scope: str = "") -> list[RoleGrant]:
    """What a person holds in the council and its bodies; with `scope`, also in that session or delegation."""
    held: list[RoleGrant] = once(f"grants {person}", lambda: list(RoleGrant.objects.filter(person_id=person)))
    return [grant for grant in held if grant.scope in ("", scope)]


def person_key(by: Actor) -> str:
    return by.id.removeprefix("person/") if by.id.startswith("person/") else ""


def holds(by: Actor, role: str, at: datetime, body: str = "", scope: str = "") -> bool:
    """Whether the actor holds `role` at `at` for the council, or for the `body`, session or delegation given."""
    person = person_key(by)
    if not person:
        return False
    day = local_day(at, council().zone)
    return any(g.role == role and g.body in ("", body) and g.in_force(day) for g in grants(person, scope))


def reports_for(person: str, at: datetime) -> list[str]:
    """The bodies whose rapporteur a person is at `at`."""
    day = local_day(at, council().zone)
    return [g.body for g in grants(person) if g.role == "rapporteur" and g.body and g.in_force(day)]


def holders(role: str, at: datetime, body: str = "") -> list[str]:
    """The ids of the people who hold `role` at `at`, released ones left out."""
    day = local_day(at, council().zone)
    held = RoleGrant.objects.filter(role=role, body=body, scope="", person__released_at=None).order_by("person_id")
    return [grant.person_id for grant in held if grant.in_force(day)]


def of_the_house() -> set[str]:
    """The ids of those who belong to no member: what they enter for one, they write down for it."""
    found: set[str] = once("house", lambda: set(Person.objects.filter(member=None).values_list("pk", flat=True)))
    return found


def secretary_at(subject: Any, arguments: dict[str, Any], at: datetime) -> str:
    """The one secretary at `at`."""
    found = holders("secretary", at)
    if len(found) != 1:
        raise Refused("roles", f"{len(found)} people hold the office of secretary; name the person")
    return f"person/{found[0]}"


def is_secretary(by: Actor, at: datetime, session: str = "") -> bool:
    """Whether the actor keeps the record: of the whole council, or of the one session given."""
    return holds(by, "secretary", at, scope=f"session/{session}" if session else "")


def secretary(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat keeps the record; who serves one session only keeps the record of that session."""
    session = getattr(subject, "session_id", None) or ""
    return permit(is_secretary(by, at, session), "roles", "only the secretariat may do this")


def is_head(by: Actor, member: str | None, at: datetime) -> bool:
    """Whether the actor is a head of this member, and no longer a newcomer whom nobody confirmed."""
    person = person_for(by)
    own = person is not None and person.member_id == member and not person.awaits_confirmation
    return own and holds(by, "head", at)


def head_or_secretary(person: Person, by: Actor, at: datetime) -> Permit:
    """The secretariat, or a head of the member to which the person belongs."""
    allowed = is_secretary(by, at) or (person.member_id is not None and is_head(by, person.member_id, at))
    return permit(allowed, "roles", "only the secretariat or a head of the same member may do this")


def focal_or_secretary(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, or a member's focal point."""
    allowed = is_secretary(by, at) or holds(by, "focal", at)
    return permit(allowed, "roles", "only the secretariat or a member's focal point may do this")


def keeps(by: Actor, person: Person, at: datetime) -> bool:
    """Whether the actor brings a person in and out: the secretariat everybody, a focal point those of its own member
    who hold no office."""
    if is_secretary(by, at):
        return True
    own = person_for(by)
    if own is None or own.member_id is None or own.member_id != person.member_id or own.awaits_confirmation:
        return False
    return holds(by, "focal", at) and not holds_office(person)


def holds_office(person: Person) -> bool:
    """Whether a person holds more than what a focal point may grant."""
    return RoleGrant.objects.filter(person=person).exclude(role__in=FOCAL_MAY_GRANT).exists()


def permit(allowed: bool, rule: str, because: str) -> Permit:
    return Permit(allowed, rule, "" if allowed else because)


def chairmanship(organ: str, at: datetime) -> Chairmanship | None:
    """Who has the chair of `council` or of a body: the one to whom it was ceded, else the term in force."""
    day = local_day(at, council().zone)
    presiding = [row for row in terms() if row.organ == organ and row.is_presiding(at, day)]
    return next((row for row in presiding if row.ceded_at), next(iter(presiding), None))


def terms() -> list[Chairmanship]:
    """All terms in the chair of the council and its bodies, the newest first."""
    rows = Chairmanship.objects.select_related("member", "person").order_by("-from_on", "-pk")
    found: list[Chairmanship] = once("chairs", lambda: list(rows))
    return found


def rules_in_force(day: date) -> RuleSetVersion:
    """The rule set in force on a day: the last one adopted, else the one of the founding."""
    adopted = RuleAdoption.objects.filter(from_on__lte=day).select_related("ruleset").last()
    return adopted.ruleset if adopted else Council.objects.select_related("ruleset").get().ruleset


def signing_keys(person: str, at: datetime) -> list[MemberKey]:
    """The keys with which a person signs at an instant: enrolled, and not revoked by then."""
    held = MemberKey.objects.filter(person_id=person).order_by("enrolled_at", "pk")
    keys: list[MemberKey] = once(f"keys {person}", lambda: list(held))
    return [key for key in keys if key.enrolled_at <= at and (key.revoked_at is None or at < key.revoked_at)]


def operator_access_at(at: datetime) -> OperatorAccess | None:
    """The access to data that the operator has open at an instant."""
    opened = OperatorAccess.objects.filter(entered_at__lte=at, until__gt=at)
    return next((access for access in opened if access.left_at is None or at < access.left_at), None)


def operator(subject: Any, by: Actor, at: datetime) -> Permit:
    """The operator founds the house and opens a limited access to its data, and nothing else."""
    return permit(by.id == "operator", "roles", "only the operator may do this")


def person_for(by: Actor) -> Person | None:
    key = person_key(by)
    found: Person | None = once(f"person {key}", lambda: Person.objects.filter(pk=key).first())
    return found


def _seat_count() -> Subquery:
    """How many members the council has; its mark is a ring of as many dots."""
    members = Member.objects.filter(left_on=None).order_by().values("left_on").annotate(n=Count("pk"))
    return Subquery(members.values("n"))
