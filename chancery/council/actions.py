"""Acts of the council: founding it, chairs, bodies, keys."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chancery import canon
from chancery.procedure import rulesets
from chancery.trail.actor import Actor
from chancery.trail.arguments import Texts, written
from chancery.trail.door import act
from chancery.trail.errors import BadArguments, Fault, Refused
from chancery.trail.files import File
from chancery.trail.models import Due

from . import access, charter
from .models import (
    Body,
    Chairmanship,
    Council,
    Counter,
    Member,
    MemberKey,
    Person,
    RightsInterval,
    RoleGrant,
    RuleSetVersion,
    Series,
    Weight,
    local_day,
)


def stored(file: File) -> dict[str, str]:
    """A file as it stands in a row."""
    value: dict[str, str] = written(file, [])
    return value


@act("council.found", may=access.operator, official="open", folder="texts")
def found(*, charter_file: File, files: dict[str, File], by: Actor, at: datetime) -> Council:
    """Found the council from its charter (council.toml): members, people, bodies, chairs, series, rules."""
    if Council.objects.exists():
        raise Refused("order", "this house has a council already")
    constitution = charter.read(charter_file.read())
    value = charter.plain(constitution, files)
    value["council"]["as_of"] = at
    ruleset = _adopt_rules(constitution.council.rules, files, at)
    part = constitution.council
    council = Council.objects.create(
        key="",
        code=part.code,
        name=part.name,
        seat=part.seat,
        zone=part.zone,
        languages=part.languages.model_dump(),
        origin=part.origin,
        rates=part.rates.model_dump() if part.rates else {},
        ruleset=ruleset,
        rehearsal=part.rehearsal,
        charter=charter.write(value).decode(),
        founded_at=at,
    )
    _seat_members(constitution.members)
    _enter_bodies(constitution, files, council.zone)
    _enter_people(constitution.people, files, at)
    _enter_chairs_and_series(constitution)
    return council


def _adopt_rules(name: str, files: dict[str, File], at: datetime) -> RuleSetVersion:
    try:
        if charter.is_preset(name):
            rules, content = rulesets.preset(name), ""
        else:
            data = files[name].read()
            rules, content = rulesets.RuleSet.from_toml(data), data.decode()
    except KeyError:
        known = ", ".join(rulesets.presets())
        raise BadArguments([Fault(("council", "rules"), f"there is no preset {name!r}; there are {known}")]) from None
    except rulesets.RuleSetFaults as error:
        raise BadArguments([Fault(("rules", *fault.path), fault.reason) for fault in error.faults]) from None
    title = f"{rules.name}/{rules.version}"
    made, _ = RuleSetVersion.objects.get_or_create(
        sha256=rules.sha256, defaults={"name": title, "content": content, "adopted_at": at}
    )
    return made


def _seat_members(members: list[charter.MemberPart]) -> None:
    for part in members:
        member = Member.objects.create(
            key=part.code, name=part.name, seat=part.seat, joined_on=part.joined, left_on=part.left
        )
        for name, value in part.weights.items():
            Weight.objects.create(member=member, name=name, value=value, from_on=part.joined)
        for span in part.rights:
            RightsInterval.objects.create(member=member, from_on=span.from_on, to_on=span.to_on, reason=span.reason)


def _enter_bodies(constitution: charter.Charter, files: dict[str, File], zone: str) -> None:
    for part in constitution.bodies:
        body = Body.objects.create(
            key=part.code,
            name=part.name,
            mandate=stored(files[part.mandate]),
            chair_id=part.chair,
            established_on=part.established,
            sunset_on=part.sunset,
        )
        _owe_sunset(body, zone)
    for part in constitution.bodies:
        if part.parent:
            Body.objects.filter(key=part.code).update(parent_id=part.parent)


def _owe_sunset(body: Body, zone: str) -> None:
    if body.sunset_on:
        last = datetime.combine(body.sunset_on, time(23, 59, 59), ZoneInfo(zone))
        Due.objects.create(at=last, act="body.dissolve", subject=body.ref)


def _enter_people(people: list[charter.PersonPart], files: dict[str, File], at: datetime) -> None:
    for part in people:
        person = Person.objects.create(
            key=part.id,
            name=part.name,
            member_id=part.member,
            office=part.office or "",
            languages=part.languages,
            email=part.email,
            password="!",  # noqa: S106 (no password opens this account until one is set)
        )
        for role in part.roles:
            RoleGrant.objects.create(
                person=person, role=role.role, body=role.body or "", from_on=role.from_on, to_on=role.to_on
            )
        if part.key:
            _enrol(person, files[part.key], at)


def _enter_chairs_and_series(constitution: charter.Charter) -> None:
    for term in constitution.chairs:
        Chairmanship.objects.create(
            organ=term.organ, member_id=term.member, person_id=term.person, from_on=term.from_on
        )
    for part in constitution.series:
        series = Series.objects.create(key=part.code, pattern=part.pattern, serves=part.serves)
        for scope, value in part.taken.items():
            Counter.objects.create(series=series, scope=scope, value=value)


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
    if person and person.member_id != member.key:
        raise Refused("form", f"{person.name} does not belong to {member.key}")
    if Chairmanship.objects.filter(organ=organ.organ, from_on=from_).exists():
        raise Refused("order", f"a term of the chair of {organ.organ} begins on {from_} already")
    Chairmanship.objects.create(organ=organ.organ, member=member, person=person, from_on=from_)
    return organ


@act("body.establish", may=access.secretary, official="open", folder="texts")
def establish(
    *,
    code: str,
    name: Texts,
    mandate: File,
    chair: Member,
    established: date,
    sunset: date | None = None,
    parent: Body | None = None,
    by: Actor,
    at: datetime,
) -> Body:
    """Establish a body with its mandate; at its sunset the clock dissolves it."""
    if Body.objects.filter(key=code).exists() or Member.objects.filter(key=code).exists():
        raise Refused("form", f"the code {code} is taken; members and bodies share one name space")
    if not charter.is_code(code):
        raise Refused("form", f"{code!r} is no code: capital letters, digits and dots, at most 16")
    if sunset and sunset <= established:
        raise Refused("order", f"the sunset {sunset} does not come after {established}")
    body = Body.objects.create(
        key=code,
        name=name,
        mandate=stored(mandate),
        chair=chair,
        established_on=established,
        sunset_on=sunset,
        parent=parent,
    )
    _owe_sunset(body, access.council().zone)
    return body


def _clock_or_secretary(subject: Any, by: Actor, at: datetime) -> Any:
    return access.permit(by.id == "clock" or access.is_secretary(by, at), "roles", "only the secretariat may do this")


@act("body.dissolve", may=_clock_or_secretary, official="open")
def dissolve(body: Body, *, by: Actor, at: datetime) -> Body:
    """Dissolve a body; by the clock when its sunset has passed."""
    if by.id == "clock" and (body.sunset_on is None or local_day(at, access.council().zone) < body.sunset_on):
        raise Refused("order", "the mandate was renewed")
    if not Body.objects.filter(pk=body.pk, dissolved_at=None).update(dissolved_at=at):
        raise Refused("order", f"{body.key} is dissolved already")
    return body


@act("key.enrol", may=access.secretary, official="open", folder="signatures")
def enrol(person: Person, *, vkey: File, letter: File | None = None, by: Actor, at: datetime) -> Person:
    """Enrol the public key with which a person signs; its fingerprint came in the credentials letter."""
    _enrol(person, vkey, at)
    return person


def _enrol(person: Person, file: File, at: datetime) -> None:
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
