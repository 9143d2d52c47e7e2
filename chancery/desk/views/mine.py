"""What needs the reader: the first page of a delegate, often on a phone, at night, under a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from chancery.council.models import Member
from chancery.meetings.models import Delegation, Session, overlaps
from chancery.notices.models import Preference
from chancery.papers import access as papers
from chancery.papers import queries as held
from chancery.trail import door
from chancery.trail.memory import once

from .. import access, acting, streams
from ..queries import needs as waiting
from .page import session_in_hand, show

UNREAD = 15


@dataclass(frozen=True)
class Card:
    """A need as it is shown: with its chip and the time that is left."""

    need: waiting.Need
    state: str
    left: str


@require_safe
def mine(request: Any) -> HttpResponse:
    """What needs you, what you have not read, and who your delegation is."""
    person, session = request.person, session_in_hand(request)
    at = once("the instant of acts", door.now)
    found = waiting.needs(person, access.actor(person), session, at) if session else []
    new = _unread(person, session, request.at)
    context = {
        "needs": [Card(need, need.state(at), left(need.due, at)) for need in found],
        "unread": new[:UNREAD],
        "more_unread": max(len(new) - UNREAD, 0),
        "member": Member.objects.filter(pk=person.member_id).first(),
        "delegation": _delegation(person.member_id, session, at),
        "own_zone": Preference.objects.filter(pk=person.key).values_list("zone", flat=True).first() or "",
        "acts": access.visible_acts(person, request.at).filter(by=str(person.ref)).order_by("-id")[:8],
        "panel": acting.on(request, session, "delegation") if session and person.member_id else None,
        "now": at,
        "live": streams.for_page(request, session.ref, "mine") if session else None,
    }
    return show(request, "desk/mine.html", session, "mine", context)


def left(due: datetime | None, at: datetime) -> str:
    """The time that is left, in the two largest parts; nothing where there is no deadline."""
    if due is None:
        return ""
    minutes = int((due - at).total_seconds()) // 60
    if minutes < 0:
        return gettext("the time is over")
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return ngettext("{n} day left", "{n} days left", days).format(n=days)
    return gettext("{h} h {m} min left").format(h=hours, m=minutes % 60)


def _unread(person: Any, session: Session | None, at: datetime) -> list[tuple[Any, str]]:
    """Papers never opened, or changed since; the newest first."""
    if session is None:
        return []
    seen = papers.visible(person, at).filter(session=session).order_by("-issued_at")
    state = held.unread(person, seen)
    lines = held.lines([paper for paper in seen if paper.key in state], seen=seen)
    return [(line, state[line.paper.key]) for line in lines]


def _delegation(member: str | None, session: Session | None, at: datetime) -> dict[str, Any]:
    row = Delegation.objects.filter(session=session, member=member).prefetch_related("delegates__person").first()
    if row is None:
        return {}
    people = [d for d in row.delegates.all() if overlaps(d.from_at, d.to_at, at)]
    return {"row": row, "people": people, "credentials": list(row.credentials.all())}
