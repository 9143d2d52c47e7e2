"""Acts on people: who is brought in with which roles, who confirms a newcomer, who is released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from chancery.trail.actor import Actor, Permit
from chancery.trail.door import act
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.refs import Ref

from .. import access, charter
from ..models import Member, Person, RoleGrant
from .keys import enrol_key

Role = Literal[
    "head", "alternate", "delegate", "adviser", "focal", "rapporteur", "chair",
    "secretary", "centre", "press", "host", "observer", "translator",
]  # fmt: skip


@dataclass(frozen=True)
class Granted:
    """A role as it is granted: in the whole council, or in the body, session or delegation that `scope` names."""

    bare: ClassVar[str] = "role"

    role: Role
    scope: Ref | None = None
    from_: date | None = None
    to: date | None = None


@act("person.appoint", may=access.focal_or_secretary, folder="signatures")
def appoint(
    *,
    id: str,  # noqa: A002 (the argument's name in the record)
    name: str,
    member: Member | None = None,
    office: str | None = None,
    roles: list[Granted],
    languages: list[str] | None = None,
    email: str | None = None,
    key: File | None = None,
    by: Actor,
    at: datetime,
) -> Person:
    """Bring a person in with roles. Whom a focal point brings in has no vote until a head or secretary confirms."""
    by_focal = not access.is_secretary(by, at)
    if by_focal:
        _check_focal(by, member, office, roles, key)
    _check_new(id, email, languages or [])
    for granted in roles:
        _check_grant(granted)
    person = Person.objects.create(
        key=id,
        name=name,
        member=member,
        office=office or "",
        languages=languages or [],
        email=email,
        password="!",  # noqa: S106 (no password opens this account until one is set)
        awaits_confirmation=by_focal,
    )
    for granted in roles:
        _grant(person, granted)
    if key:
        enrol_key(person, key, at)
    return person


def _check_focal(by: Actor, member: Member | None, office: str | None, roles: list[Granted], key: File | None) -> None:
    own = access.person_for(by)
    if own is None or member is None or own.member_id != member.key or own.awaits_confirmation:
        raise Refused("roles", "a focal point brings in people of its own member only")
    if office or key:
        raise Refused("roles", "a focal point gives no office and enrols no key")
    if wrong := [granted.role for granted in roles if granted.role not in access.FOCAL_MAY_GRANT]:
        raise Refused("roles", f"a focal point grants neither vote nor signature nor office, so not {wrong[0]!r}")


def _check_new(key: str, email: str | None, languages: list[str]) -> None:
    if not charter.is_person_id(key):
        raise Refused("form", f"{key!r} is no id: small letters and digits, parts joined by dots")
    if Person.objects.filter(pk=key).exists():
        raise Refused("order", f"the id {key} was given already; an id is never given twice")
    if any(not charter.is_language(language) for language in languages):
        raise Refused("form", "a language is written as its tag, such as en")
    if email is None:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("form", f"{email!r} is no address of mail") from None
    if Person.objects.filter(email__iexact=email).exists():
        raise Refused("form", f"the address {email} is another person's")


def _check_grant(granted: Granted) -> None:
    if granted.scope and granted.scope.kind not in ("body", "session", "delegation"):
        raise Refused("form", f"a role is held in a body, a session or a delegation, not in {granted.scope}")
    if granted.from_ and granted.to and granted.to < granted.from_:
        raise Refused("order", f"the term of the role {granted.role} ends before it begins")


def _grant(person: Person, granted: Granted) -> None:
    scope = granted.scope or Ref("")
    RoleGrant.objects.create(
        person=person,
        role=granted.role,
        body=scope.key if scope.kind == "body" else "",
        scope="" if scope.kind == "body" else str(scope),
        from_on=granted.from_,
        to_on=granted.to,
    )


def _may_confirm(person: Person, by: Actor, at: datetime) -> Permit:
    """A head of the same member or the secretariat, and nobody for himself."""
    if by.id == str(person.ref):
        return Permit(False, "roles", "nobody confirms himself")
    return access.head_or_secretary(person, by, at)


@act("person.confirm", may=_may_confirm)
def confirm(person: Person, *, by: Actor, at: datetime) -> Person:
    """Confirm a person whom a focal point brought in: from now on the person may be given a vote or a signature."""
    changed = Person.objects.filter(pk=person.pk, released_at=None, awaits_confirmation=True)
    if not changed.update(awaits_confirmation=False):
        raise Refused("order", f"{person.name} does not wait for a confirmation")
    person.awaits_confirmation = False
    return person


@act("person.release", may=access.focal_or_secretary)
def release(person: Person, *, reason: str, by: Actor, at: datetime) -> Person:
    """Release a person: sign-in, roles and signatures end at once; what was done stays."""
    if not access.is_secretary(by, at):
        _check_own(person, by, at)
    if access.holders("secretary", at) == [person.key]:
        raise Refused("roles", "nobody would keep the record; appoint another secretary first")
    if not Person.objects.filter(pk=person.pk, released_at=None).update(released_at=at):
        raise Refused("order", f"{person.name} was released already")
    person.released_at = at
    return person


def _check_own(person: Person, by: Actor, at: datetime) -> None:
    own = access.person_for(by)
    if own is None or own.member_id is None or own.member_id != person.member_id or own.awaits_confirmation:
        raise Refused("roles", "a focal point releases people of its own member only")
    if access.holds_office(person):
        raise Refused("roles", f"{person.name} holds an office; only the secretariat releases its holder")


def _may_recover(person: Person, by: Actor, at: datetime) -> Permit:
    """Whoever lost the means of signing in, by the mail; else those who bring people in and out."""
    if by.id == str(person.ref):
        return access.DONE
    return access.focal_or_secretary(person, by, at)


@act("person.recover", may=_may_recover)
def recover(person: Person, *, reason: str, by: Actor, at: datetime) -> Person:
    """Begin anew, having lost the means of signing in: like a newcomer, without vote until somebody confirms."""
    if person.released_at:
        raise Refused("order", f"{person.name} was released")
    if by.id != str(person.ref) and not access.keeps(by, person, at):
        raise Refused("roles", "a focal point does this for people of its own member who hold no office only")
    Person.objects.filter(pk=person.pk, released_at=None).update(awaits_confirmation=True)
    person.awaits_confirmation = True
    return person
