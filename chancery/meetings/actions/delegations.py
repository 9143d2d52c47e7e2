"""Acts on delegations: who represents a member, with what credentials, and the ruling on them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council import access as council
from chancery.council.actions import stored
from chancery.council.models import Member, Person
from chancery.procedure import credentials as rules
from chancery.trail.actor import Actor, both, in_state
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access
from ..models import Credential, CredentialObjection, Delegate, Delegation, Session


@act("delegation.notify", may=both(access.may_notify, in_state("convened", "open")))
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


@act("credentials.receive", may=both(council.secretary, in_state("convened", "open", "postponed")))
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


@act("credentials.rule", may=both(access.chair_or_secretary, in_state("convened", "open")), official="open")
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


@act("credentials.object", may=both(in_state("convened", "open"), access.voice_of_a_member))
def object_to(session: Session, *, member: Member, reason: str, by: Actor, at: datetime) -> Delegation:
    """A member objects to the credentials of another delegation; the rules say what it keeps until the ruling."""
    delegation = delegation_of(session, member)
    objector = by.for_.removeprefix("member/")
    if objector == member.key:
        raise Refused("form", "a member does not object to its own credentials")
    if delegation.ruled_at:
        raise Refused("order", f"the credentials of {member.key} were ruled on already")
    if CredentialObjection.objects.filter(delegation=delegation, member_id=objector).exists():
        raise Refused("order", f"{objector} objected to the credentials of {member.key} already")
    CredentialObjection.objects.create(delegation=delegation, member_id=objector, reason=reason, objected_at=at)
    satisfies("credentials.objection_effect")
    return delegation


@act("delegation.substitute", may=access.may_substitute)
def substitute(
    delegation: Delegation,
    *,
    out: Person,
    in_: Person,
    from_: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Put one person on the letter in another's place and capacity; from then on, at once if nothing is said."""
    start = from_ or at
    if start < at:
        raise Refused("order", "a substitution is not retroactive")
    listed = {d.person_id: d for d in access.delegates(delegation.session_id, delegation.member_id, start)}
    leaving = listed.get(out.key)
    if leaving is None:
        raise Refused("credentials", f"{out.name} does not stand on the letter of {delegation.member_id}")
    _check_substitute(delegation, leaving, in_, by, at)
    if (standing := listed.get(in_.key)) is not None:
        _end(standing, start)
    _end(leaving, start)
    Delegate.objects.create(delegation=delegation, person=in_, capacity=leaving.capacity, from_at=start)
    return delegation


def _check_substitute(delegation: Delegation, leaving: Delegate, person: Person, by: Actor, at: datetime) -> None:
    _check_people(delegation.member, [person])
    if person.released_at:
        raise Refused("roles", f"{person.name} was released")
    if person.key == leaving.person_id:
        raise Refused("form", f"{person.name} stands there already")
    decides = council.is_secretary(by, at, delegation.session_id) or access.is_voice(delegation, by, at)
    if leaving.capacity in access.VOTING and not decides:
        raise Refused(
            "roles", "a focal point grants no vote; the head, an alternate or the secretariat substitutes here"
        )


def _end(delegate: Delegate, at: datetime) -> None:
    delegate.to_at = at
    delegate.save(update_fields=["to_at"])
