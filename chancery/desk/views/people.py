"""Delegations and credentials."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from .. import acting
from ..queries import people
from ..queries import session as sessions
from .page import show


@require_safe
def delegations(request: Any, number: str) -> HttpResponse:
    """Who represents whom, with which credentials, what is missing and what may be done about it."""
    found = sessions.session_for(number)
    listed = people.with_acts(request, found, people.seats(found, request.at))
    context = {
        "listed": listed,
        "due": people.due(found),
        "awaited": sum(1 for seat in listed if seat.missing),
        "panel": acting.on(request, found, "delegation", "credentials", "invitation"),
    }
    return show(request, "desk/delegations.html", found, "desk", context)
