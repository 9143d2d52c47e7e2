"""Acts on members: joining, leaving, and the right to vote."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from chancery.trail.actor import Actor
from chancery.trail.arguments import Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref

from .. import access, charter
from ..models import Body, Member, RightsInterval, local_day
from ..rules import rules_of


@act("member.join", may=access.secretary, official="open")
def join(
    *, code: str, name: Texts, from_: date, seat: int, authority: Ref | None = None, by: Actor, at: datetime
) -> Member:
    """A member joins the council from a day on and takes a seat."""
    if not charter.is_member_code(code):
        raise Refused("form", f"{code!r} is no code of a member: 2 to 8 capital letters and digits")
    if Member.objects.filter(key=code).exists() or Body.objects.filter(key=code).exists():
        raise Refused("form", f"the code {code} is taken; members and bodies share one name space")
    if not 1 <= seat <= charter.LAST_SEAT:
        raise Refused("form", f"there is no seat {seat}")
    if Member.objects.filter(seat=seat).exists():
        raise Refused("form", f"seat {seat} is taken")
    return Member.objects.create(key=code, name=name, seat=seat, joined_on=from_)


@act("member.leave", may=access.secretary, official="open")
def leave(member: Member, *, from_: date, authority: Ref | None = None, by: Actor, at: datetime) -> Member:
    """A member leaves the council: from that day it is a member no more. Earlier results stand."""
    if from_ <= member.joined_on:
        raise Refused("order", f"{member.key} joined on {member.joined_on}; it cannot leave on {from_}")
    _check_day(from_, at, "a member leaves")
    if not Member.objects.filter(pk=member.pk, left_on=None).update(left_on=from_):
        raise Refused("order", f"{member.key} leaves on {member.left_on} already")
    member.left_on = from_
    return member


def _check_day(day: date, at: datetime, what: str) -> None:
    """What changes rights begins today or later: no earlier result is touched."""
    today = local_day(at, access.council().zone)
    if day < today:
        raise Refused("order", f"{what} on the day this is entered ({today}) or later; {day} lies before it")


@act("rights.suspend", may=access.secretary, official="open")
def suspend(
    member: Member, *, from_: date, reason: str, authority: Ref | None = None, by: Actor, at: datetime
) -> Member:
    """Suspend a member's right to vote from a day on; earlier results stand."""
    _check_day(from_, at, "a right is suspended")
    reasons = rules_of(access.rules_in_force(from_).pk).members.voting_rights_suspended
    if reasons and reason not in reasons:
        raise Refused("members.voting_rights_suspended", f"these rules suspend a right for: {'; '.join(reasons)}")
    if RightsInterval.objects.filter(Q(to_on=None) | Q(to_on__gt=from_), member=member).exists():
        raise Refused("order", f"the right of {member.key} is suspended on {from_} already")
    RightsInterval.objects.create(member=member, from_on=from_, reason=reason)
    satisfies("members.voting_rights_suspended")
    return member


@act("rights.restore", may=access.secretary, official="open")
def restore(
    member: Member, *, from_: date, reason: str, authority: Ref | None = None, by: Actor, at: datetime
) -> Member:
    """Restore a member's right to vote from a day on; earlier results stand."""
    _check_day(from_, at, "a right is restored")
    running = RightsInterval.objects.filter(member=member, to_on=None).first()
    if running is None:
        raise Refused("order", f"the right of {member.key} is not suspended")
    if from_ <= running.from_on:
        raise Refused(
            "order", f"the right of {member.key} is suspended from {running.from_on}; {from_} is no later day"
        )
    running.to_on = from_
    running.save(update_fields=["to_on"])
    return member
