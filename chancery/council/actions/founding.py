"""The founding of the council from its charter."""

from __future__ import annotations

from datetime import datetime

from chancery.procedure import rulesets
from chancery.trail.actor import Actor
from chancery.trail.door import act
from chancery.trail.errors import BadArguments, Fault, Refused
from chancery.trail.files import File

from .. import access, charter
from ..models import (
    Body,
    Chairmanship,
    Council,
    Counter,
    Member,
    Person,
    RightsInterval,
    RoleGrant,
    RuleSetVersion,
    Series,
    Weight,
)
from .bodies import owe_sunset
from .keys import enrol_key
from .stored import stored


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
        owe_sunset(body, zone)
    for part in constitution.bodies:
        if part.parent:
            Body.objects.filter(key=part.code).update(parent_id=part.parent)


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
            awaits_confirmation=bool(part.awaits_confirmation),
        )
        for role in part.roles:
            RoleGrant.objects.create(
                person=person, role=role.role, body=role.body or "", from_on=role.from_on, to_on=role.to_on
            )
        if part.key:
            enrol_key(person, files[part.key], at)


def _enter_chairs_and_series(constitution: charter.Charter) -> None:
    for term in constitution.chairs:
        Chairmanship.objects.create(
            organ=term.organ, member_id=term.member, person_id=term.person, from_on=term.from_on
        )
    for part in constitution.series:
        series = Series.objects.create(key=part.code, pattern=part.pattern, serves=part.serves)
        for scope, value in part.taken.items():
            Counter.objects.create(series=series, scope=scope, value=value)
