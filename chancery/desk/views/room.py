"""The room and the clerk's console: what everybody looks at, and one screen to write down what is said."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chancery.floor.models import Ballot
from chancery.trail.errors import Unknown

from .. import access, acting, fragments, streams
from ..queries import room as rooms
from .page import session_for, show


def _room(request: Any, key: str) -> rooms.Room:
    meeting = rooms.meeting_for(key)
    if not access.is_in_the_room(request.person, meeting.session_id, request.at):
        raise Unknown(f"meeting/{key}", "")
    return rooms.room(meeting, request.at, acting.members(), lambda one: access.sees(one, request.person, request.at))


@require_safe
def room(request: Any, key: str) -> HttpResponse:
    """The room of a meeting: the item under debate, presence and quorum, the question, who may act."""
    found = _room(request, key)
    context = fragments.room_context(found) | {
        "acts": access.latest_acts(request.person, found.meeting.session_id, request.at, most=10),
        "panel": acting.on(request, found.meeting),
        "item_panel": acting.on(request, found.item) if found.item else None,
        "question_panel": acting.on(request, found.question) if found.question else None,
        "is_secretary": access.is_secretary(request.person, request.at),
        "live": streams.for_page(request, found.meeting.ref, "room"),
    }
    return show(request, "desk/room.html", session_for(request, found.meeting.session_id), "room", context)


@require_safe
def console(request: Any, key: str) -> HttpResponse:
    """The clerk's console: items, presence, objections, the roll-call, statements; each act one key or one click."""
    if not access.is_secretary(request.person, request.at):
        raise Unknown(f"meeting/{key}", "")
    found = _room(request, key)
    question = found.question
    values = {b.member_id: b.value for b in Ballot.objects.filter(question=question).order_by("pk")} if question else {}
    context = {
        "room": found,
        "roll": [(seat, values.get(seat.member.key, "")) for seat in found.seats],
        "called": len(values),
        "values": ("for", "against", "abstain", "absent"),
        "acts": access.latest_acts(request.person, found.meeting.session_id, request.at, most=8),
        "seen": acting.last_about(question),
        "panel": acting.on(request, found.meeting),
        "question_panel": acting.on(request, question) if question else None,
        "ids": [acting.new_request_id() for _ in range(5)],
        "live": streams.for_page(request, found.meeting.ref, "console"),
        "here_address": reverse("house-console", args=[key]),
    }
    return show(request, "desk/console.html", session_for(request, found.meeting.session_id), "room", context)
