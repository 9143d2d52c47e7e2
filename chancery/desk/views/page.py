"""What every page of a session carries: the stations, the reader's rights, one frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from chancery.council import access as council
from chancery.meetings.models import Session

from .. import access, acting
from ..queries import session as sessions


def show(request: Any, template: str, session: Session | None, here: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the house, with the stations of its session (the newest where it belongs to none)."""
    person, at = request.person, request.at
    if session is not None and "items" not in session.__dict__:
        session = sessions.session_for(session.key)
    press = access.may_see_press_desk(person, at)
    council_member = access.is_council(person, at)
    base = {
        "session": session,
        "stations": sessions.stations(session, here, council=council_member, press=press) if session else [],
        "zone": session.zone if session else council.council().zone,
        "at": at,
        "is_council": council_member,
        "authentic": council.council().authentic,
        **_did(request),
    }
    return render(request, template, base | context)


def _did(request: Any) -> dict[str, Any]:
    """The act that led here, as a confirmation at the top of the page, with its lawful undoing."""
    number = request.GET.get("did", "")
    if not number.isdecimal() or len(number) > 12:
        return {}
    found = access.visible_acts(request.person, request.at).filter(pk=number, by=str(request.person.ref)).first()
    return {"did": found, "undo": acting.undoing(request, found) if found else []}


def newest_session() -> Session | None:
    """The session in hand: the last one convened, else the last one planned."""
    convened = Session.objects.exclude(convened_at=None).order_by("-number").first()
    return convened or Session.objects.order_by("-number").first()
