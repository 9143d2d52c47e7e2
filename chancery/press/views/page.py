"""What every public page carries: the strip of the seat, the languages, the instant it is read at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from chancery.council import access as council
from chancery.council.models import Council, local_day
from chancery.register.tasks import now
from chancery.trail.memory import once

from .. import strip

CACHE = "public, max-age=30"


def at() -> datetime:
    """The one instant of a public page; in a rehearsal, that of the last act."""
    moment: datetime = once("public instant", now)
    return moment


def house(language: str) -> Council:
    """The council, if it speaks `language`; else there is no such page."""
    found = council.council()
    if language not in found.languages["official"]:
        raise Http404
    return found


def show(
    request: HttpRequest, template: str, language: str, context: dict[str, Any], *, address: str, keys: dict[str, Any]
) -> HttpResponse:
    """A public page in one language, with its address in the others."""
    found = house(language)
    moment = at()
    base = {
        "language": language,
        "at": moment,
        "today": local_day(moment, found.zone),
        "strip": strip.strip(found, moment),
        "tongues": [(code, reverse(address, kwargs=keys | {"language": code})) for code in found.languages["official"]],
    }
    response = render(request, template, base | context)
    response["Cache-Control"] = CACHE
    response["Content-Language"] = translation.get_language() or "en"
    return response
