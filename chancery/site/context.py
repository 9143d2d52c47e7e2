"""What every page knows: the council, the reader, whether all this is a rehearsal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from chancery import fmt
from chancery.council import access as council
from chancery.trail.errors import Refused


def house(request: HttpRequest) -> dict[str, Any]:
    """The council, or nothing where none is founded yet."""
    language = translation.get_language() or "en"
    try:
        found = council.council()
    except Refused:
        found = None
    return {
        "council": found,
        "person": getattr(request, "person", None),
        "request": request,
        "interface": language,
        "direction": fmt.direction(language),
        "interface_languages": settings.LANGUAGES,
        "seats": found.seat_count or 0 if found else 0,  # type: ignore[attr-defined]
    }
