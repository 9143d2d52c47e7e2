"""Acts on the keys with which people sign: enrol, confirm on a second channel, revoke."""

from __future__ import annotations

from datetime import datetime

from chancery import canon
from chancery.trail.actor import Actor, Permit
from chancery.trail.door import act
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access
from ..models import MemberKey, Person
from .stored import stored


@act("key.enrol", may=access.secretary, official="open", folder="signatures")
def enrol(person: Person, *, vkey: File, letter: File | None = None, by: Actor, at: datetime) -> Person:
    """Enrol the public key with which a person signs; its fingerprint came in the credentials letter."""
    enrol_key(person, vkey, at)
    return person


def enrol_key(person: Person, file: File, at: datetime) -> None:
    """Enrol a public key for a person who speaks for a member."""
    from chancery.ledger import note

    text = file.text().strip()
    try:
        note.Verifier.parse(text)
    except ValueError as error:
        raise Refused("form", f"{file.name} is no key that can be enrolled: {error}") from None
    if person.member_id is None:
        raise Refused("roles", f"{person.name} speaks for no member, so cannot sign for one")
    if MemberKey.objects.filter(vkey=text).exists():
        raise Refused("order", "this key is enrolled already")
    MemberKey.objects.create(
        person=person, vkey=text, credential=canon.sha256(text.encode()), file=stored(file), enrolled_at=at
    )


def _newest(person: Person) -> MemberKey:
    found = MemberKey.objects.filter(person=person, revoked_at=None).order_by("-enrolled_at", "-pk").first()
    if found is None:
        raise Refused("order", f"{person.name} has no key that is enrolled and not revoked")
    return found


@act("key.confirm", may=access.head_or_secretary, official="open")
def confirm(person: Person, *, channel: str, fingerprint: str, by: Actor, at: datetime) -> Person:
    """Confirm a key: its fingerprint, read on a second channel, is the enrolled key's. Both sides do so."""
    key = _newest(person)
    read = "".join(fingerprint.split()).lower()
    if read != key.credential:
        raise Refused("credentials", f"the fingerprint {read[:16]}… is not that of the key enrolled for {person.name}")
    side = "secretariat" if access.is_secretary(by, at) else "member"
    if any(found["side"] == side for found in key.confirmations):
        raise Refused("order", f"the {side} confirmed this key already")
    key.confirmations = [
        *key.confirmations,
        {"side": side, "by": by.id, "channel": channel, "at": canon.instant_text(at)},
    ]
    key.save(update_fields=["confirmations"])
    return person


def _may_revoke(person: Person, by: Actor, at: datetime) -> Permit:
    """The holder of a key revokes it, or the secretariat for the holder."""
    allowed = by.id == str(person.ref) or access.is_secretary(by, at)
    return access.permit(allowed, "roles", "only the holder of the key or the secretariat may revoke it")


@act("key.revoke", may=_may_revoke, official="open")
def revoke(person: Person, *, vkey: str, reason: str, by: Actor, at: datetime) -> Person:
    """Revoke a key: it signs no more, and what it signed before stays signed."""
    key = MemberKey.objects.filter(person=person, vkey=vkey).first()
    if key is None:
        raise Refused("credentials", f"this key is not enrolled for {person.name}")
    if not MemberKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        raise Refused("order", "this key is revoked already")
    return person
