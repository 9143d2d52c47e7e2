"""Acts on bodies: establish, renew, merge, dissolve."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chancery.trail.actor import Actor
from chancery.trail.arguments import Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.models import Due
from chancery.trail.refs import Ref

from .. import access, charter
from ..models import Body, Member, local_day
from ..rules import rules_of
from .stored import stored


def owe_sunset(body: Body, zone: str) -> None:
    """At the end of the body's last day the clock dissolves it."""
    if body.sunset_on:
        last = datetime.combine(body.sunset_on, time(23, 59, 59), ZoneInfo(zone))
        Due.objects.create(at=last, act="body.dissolve", subject=body.ref)


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
    owe_sunset(body, access.council().zone)
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


def _check_standing(body: Body) -> None:
    if body.dissolved_at:
        raise Refused("order", f"{body.key} is dissolved; a new mandate establishes a new body")


@act("body.renew", may=access.secretary, official="open", folder="texts")
def renew(
    body: Body,
    *,
    sunset: date,
    mandate: File | None = None,
    chair: Member | None = None,
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Body:
    """Renew a body's mandate to a later sunset; the earlier one no longer dissolves it."""
    _check_standing(body)
    if body.sunset_on is None or sunset <= body.sunset_on:
        raise Refused("order", f"the mandate of {body.key} runs {_until(body)}; a renewal is for longer")
    day = local_day(at, access.council().zone)
    longest = rules_of(access.rules_in_force(day).pk).bodies.max_life
    if longest is not None and (sunset - day).days > longest:
        raise Refused("bodies.max_life", f"a mandate lasts {longest} days at most; {sunset} lies beyond")
    satisfies("bodies.max_life" if longest is not None else "bodies.renewal_majority")
    body.sunset_on = sunset
    body.mandate = stored(mandate) if mandate else body.mandate
    body.chair = chair or body.chair
    body.save(update_fields=["sunset_on", "mandate", "chair"])
    owe_sunset(body, access.council().zone)
    return body


def _until(body: Body) -> str:
    return f"until {body.sunset_on}" if body.sunset_on else "without an end"


@act("body.merge", may=access.secretary, official="open", folder="texts")
def merge(
    body: Body,
    *,
    into: Body,
    mandate: File | None = None,
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Body:
    """Merge a body into another, which goes on, perhaps with a new mandate; the first is dissolved."""
    if body.pk == into.pk:
        raise Refused("form", f"{body.key} cannot be merged into itself")
    _check_standing(into)
    if not Body.objects.filter(pk=body.pk, dissolved_at=None).update(dissolved_at=at, merged_into=into):
        raise Refused("order", f"{body.key} is dissolved already")
    if mandate:
        into.mandate = stored(mandate)
        into.save(update_fields=["mandate"])
    body.merged_into = into
    return body
