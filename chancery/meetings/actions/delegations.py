"""Acts on delegations: who represents a member, with what credentials, and the ruling on them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council import access as council
from chancery.council.actions import stored
from chancery.council.models import Member, Person
from chancery.procedure import credentials as rules
from chancery.trail.actor import Actor
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access
from ..models import Credential, Delegate, Delegation, Session


@act("delegation.notify", may=access.may_notify)
def notify(
    session: Session,
    *,
    member: Member,
    head: Person,
    alternates: list[Person] | None = None,
    advisers: list[Person] | None = None,
    letter: File | None = None,
    by: Actor,
    at: datetime,
) -> Delegation:
    """A member tells who represents it at the session: one head, alternates, advisers."""
    if session.state not in ("convened", "open"):
        raise Refused(
            "order", f"session {session.key} is {session.state}; delegations are notified once it is convened"
        )
    if not council.is_secretary(by, at) and by.for_ != f"member/{member.key}":
        raise Refused("roles", f"only {member.key} itself or the secretariat may notify its delegation")
    if Delegation.objects.filter(session=session, member=member).exists():
        raise Refused("order", f"the delegation of {member.key} is notified already; substitute people instead")
    listed = [(head, "head"), *((p, "alternate") for p in alternates or []), *((p, "adviser") for p in advisers or [])]
    _check_people(member, [person for person, _ in listed])
    delegation = Delegation.objects.create(
        key=f"{session.key}/{member.key}",
        session=session,
        member=member,
        letter=stored(letter) if letter else None,
        notified_at=at,
    )
    for person, capacity in listed:
        Delegate.objects.create(delegation=delegation, person=person, capacity=capacity, from_at=at)
    return delegation


def _check_people(member: Member, people: list[Person]) -> None:
    for person in people:
        if person.member_id != member.key:
            raise Refused("form", f"{person.name} does not belong to {member.key}")
    if len({person.key for person in people}) != len(people):
        raise Refused("form", "a person stands twice on the letter")


def delegation_of(session: Session, member: Member) -> Delegation:
    found = Delegation.objects.filter(session=session, member=member).first()
    if found is None:
        raise Refused("order", f"{member.key} has notified no delegation to session {session.key}")
    return found


@act("credentials.receive", may=council.secretary)
def receive(
    session: Session,
    *,
    member: Member,
    form: Literal["original", "copy", "assurance"],
    letter: File | None = None,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Receive a delegation's credentials; after the due time they are late, and are kept all the same."""
    delegation = delegation_of(session, member)
    satisfies("credentials.due_before")
    check = rules.in_time(access.rules_for(session.key), at, session.opens_at, session.zone)
    Credential.objects.create(
        delegation=delegation,
        form=form,
        letter=stored(letter) if letter else None,
        received_at=at,
        late=not check.ok,
    )
    return delegation


@act("credentials.rule", may=access.chair_or_secretary, official="open")
def rule(
    session: Session,
    *,
    member: Member,
    ruling: Literal["seat", "unseat"],
    reason: str | None = None,
    by: Actor,
    at: datetime,
) -> Delegation:
    """The ruling on a delegation's credentials; it changes no earlier result."""
    delegation = delegation_of(session, member)
    if ruling == "unseat" and not reason:
        raise Refused("form", "unseating a delegation needs a reason")
    delegation.ruling, delegation.ruled_at, delegation.ruling_reason = ruling, at, reason or ""
    delegation.save(update_fields=["ruling", "ruled_at", "ruling_reason"])
    return delegation
