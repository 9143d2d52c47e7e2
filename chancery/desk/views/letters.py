"""Circulars and notes verbales, in and out."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chancery.press.views.record import attachment
from chancery.trail.errors import Unknown
from chancery.trail.files import File

from .. import acting
from ..queries import letters
from .page import newest_session, show


@require_safe
def circulars(request: Any) -> HttpResponse:
    """What went out and who has answered; to the secretariat also what came in."""
    session = newest_session()
    named = {"session": str(session.ref)} if session else {}
    context = {
        "sent": letters.circulars(request.person, request.at),
        "letters": letters.letters(request.person, request.at),
        "panel": acting.panel(request, [("circular.send", None), ("letter.receive", None)], **named),
    }
    return show(request, "desk/circulars.html", session, "desk", context)


@require_safe
def circular(request: Any, symbol: str) -> HttpResponse:
    """One circular: its files, to whom it went, who has answered."""
    found = letters.circular_for(request.person, symbol, request.at)
    context = {
        "one": letters.sent(found, request.at),
        "panel": acting.panel(request, [("letter.receive", None)], replies_to=str(found.ref)),
    }
    return show(request, "desk/circular.html", found.session or newest_session(), "desk", context)


@require_safe
def circular_file(request: Any, symbol: str, language: str) -> HttpResponse:
    """The file of a circular in one language, as a download."""
    found = letters.circular_for(request.person, symbol, request.at)
    if language not in found.files:
        raise Unknown(f"circular/{symbol}", "")
    return attachment(File(**found.files[language]))


@require_safe
def letter_file(request: Any, key: str) -> HttpResponse:
    """The file of a letter that came in, for the secretariat."""
    return attachment(File(**letters.letter_for(request.person, key, request.at).file))
