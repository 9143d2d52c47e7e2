"""What every page of a session carries: the stations, the reader's rights, one frame."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from chancery.council import access as council
from chancery.meetings.models import Session
from chancery.trail import door
from chancery.trail.memory import keep

from .. import access, acting
from ..queries import session as sessions


def show(request: Any, template: str, session: Session | None, here: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the house, with the stations of its session (the newest where it belongs to none)."""
    person, at = request.person, request.at
    if session is not None and "news" not in session.__dict__:
        session = session_for(request, session.key)
    press = access.may_see_press_desk(person, at)
    council_member = access.is_council(person, at)
    base = {
        "session": session,
        "stations": sessions.stations(session, here, council=council_member, press=press) if session else [],
        "zone": session.zone if session else council.council().zone,
        "at": at,
        "is_council": council_member,
        "authentic": council.council().authentic,
        "news": session.__dict__["news"] if session else 0,
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


def session_for(request: Any, number: str) -> Session:
    """The session of a page, with all that its frame shows. Raises Unknown."""
    return _framed(sessions.session_for(number, (request.person, request.at)))


def session_in_hand(request: Any) -> Session | None:
    """The session in hand, with all that the frame of a page shows."""
    found = sessions.in_hand((request.person, request.at))
    return _framed(found) if found else None


def _framed(session: Session) -> Session:
    """The instant of the last act came along: what may happen next is asked for an instant no earlier."""
    last: datetime | None = session.__dict__["last_act_at"]
    keep("the instant of acts", door.not_before(last))
    keep(f"session {session.key}", session)
    return session


def newest_session() -> Session | None:
    """The session in hand, for what is no page."""
    return sessions.in_hand()
