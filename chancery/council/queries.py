"""The council as it stands, as the charter it would be founded with."""

from __future__ import annotations

import tomllib
from typing import Any

from django.db.models import QuerySet

from chancery.trail.files import File
from chancery.trail.refs import Referable

from . import charter
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
    RuleAdoption,
    Series,
    Weight,
)


def standing(council: Council) -> dict[str, Any]:
    """council.toml as the council stands now, in the plain form of `charter.plain`."""
    head = _head(council)
    ended = set(Body.objects.exclude(dissolved_at=None).values_list("key", flat=True))
    value = {
        "council": head,
        "members": [_member(member) for member in Member.objects.all()],
        "bodies": [_body(body) for body in Body.objects.filter(dissolved_at=None)],
        "people": [_person(person, ended) for person in Person.objects.filter(released_at=None)],
        "chairs": [_chair(term) for term in _terms(ended)],
        "series": [_series(series) for series in Series.objects.all()],
    }
    return charter.plain(charter.Charter.model_validate(value))


def _head(council: Council) -> dict[str, Any]:
    """What the charter says of the council, as amended, with the rules adopted last."""
    head: dict[str, Any] = tomllib.loads(council.charter)["council"]
    head.pop("as_of", None)
    head |= {field: getattr(council, field) for field in charter.AMENDABLE if getattr(council, field)}
    if adopted := RuleAdoption.objects.last():
        head["rules"] = _held(adopted.file)
    return head


def _terms(ended: set[str]) -> QuerySet[Chairmanship]:
    """The terms of chairs; a chair that was only ceded for a time is no term."""
    return Chairmanship.objects.filter(ceded_at=None).exclude(organ__in=ended).order_by("organ", "from_on")


def _member(member: Member) -> dict[str, Any]:
    weights: dict[str, str] = {}
    for weight in Weight.objects.filter(member=member).order_by("from_on"):
        weights[weight.name] = weight.value
    rights = [
        {"from": span.from_on, "reason": span.reason} | ({"to": span.to_on} if span.to_on else {})
        for span in RightsInterval.objects.filter(member=member).order_by("from_on")
    ]
    left = {"left": member.left_on} if member.left_on else {}
    return (
        {"code": member.key, "name": member.name, "joined": member.joined_on, "seat": member.seat}
        | left
        | {
            "weights": weights,
            "rights": rights,
        }
    )


def _body(body: Body) -> dict[str, Any]:
    value = {
        "code": body.key,
        "name": body.name,
        "mandate": _held(body.mandate),
        "chair": body.chair_id,
        "established": body.established_on,
    }
    return value | _given(sunset=body.sunset_on, parent=body.parent_id)


def _person(person: Person, ended: set[str]) -> dict[str, Any]:
    roles = [
        {"role": grant.role} | _given(body=grant.body or None, **{"from": grant.from_on, "to": grant.to_on})
        for grant in RoleGrant.objects.filter(person=person, scope="").exclude(body__in=ended).order_by("pk")
    ]
    key = MemberKey.objects.filter(person=person, revoked_at=None).order_by("-enrolled_at", "-pk").first()
    value = {"id": person.key, "name": person.name, "roles": roles, "languages": person.languages}
    return value | _given(
        member=person.member_id,
        office=person.office or None,
        email=person.email,
        key=_held(key.file) if key else None,
        awaits_confirmation=person.awaits_confirmation or None,
    )


def _chair(term: Chairmanship) -> dict[str, Any]:
    return {"organ": term.organ, "member": term.member_id, "from": term.from_on} | _given(person=term.person_id)


def _series(series: Series) -> dict[str, Any]:
    taken = {c.scope: c.value for c in Counter.objects.filter(series=series).order_by("scope")}
    return {"code": series.key, "pattern": series.pattern, "for": series.serves, "taken": taken}


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _held(file: dict[str, str]) -> str:
    return charter.held_name(File(**file))


def title_of(row: Referable, language: str) -> str:
    """The title or name of a row in `language`, where it has one."""
    from .models import in_language

    texts = getattr(row, "title", None) or getattr(row, "name", None) or {}
    return in_language(texts, language) if isinstance(texts, dict) else str(texts)
