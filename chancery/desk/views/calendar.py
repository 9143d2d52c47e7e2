"""The calendar of all bodies, the journal of a day, the preparation of the next session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chancery import fmt, pdf
from chancery.council import access as council
from chancery.council.models import local_day
from chancery.press import decided
from chancery.trail.errors import Unknown
from chancery.trail.phrases import sentence

from .. import access
from ..queries import calendar as calendars
from ..queries import journal as journals
from ..queries import preparing
from .page import newest_session, session_for, show
from .people import document, head


@require_safe
def calendar(request: Any) -> HttpResponse:
    """The days of a month on which something sits; without a month, the one now."""
    first = _month(request.GET.get("month", "")) or local_day(request.at, council.council().zone).replace(day=1)
    context = {
        "first": first,
        "days": calendars.month(first.year, first.month),
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
    }
    return show(request, "desk/calendar.html", newest_session(), "", context)


def _month(text: str) -> date | None:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if 1900 <= first.year <= 2999 else None


def _day(number: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Unknown(f"session/{number}", "") from None
    if not 1900 <= found.year <= 2999:
        raise Unknown(f"session/{number}", "")
    return found


@require_safe
def journal(request: Any, number: str, day: str) -> HttpResponse:
    """The journal of a day of a session."""
    found = session_for(request, number)
    wanted = journals.journal(found, _day(number, day), request.person, request.at)
    days = {"before": wanted.day - timedelta(days=1), "after": wanted.day + timedelta(days=1)}
    return show(request, "desk/journal.html", found, "desk", {"journal": wanted, **days})


@require_safe
def journal_pdf(request: Any, number: str, day: str) -> HttpResponse:
    """The same journal as a document, with what this reader may see."""
    found, language = session_for(request, number), decided.language()
    wanted = journals.journal(found, _day(number, day), request.person, request.at)
    meetings = [
        {"heading": _heading(part), "acts": [_line(act, found.zone) for act in part.acts]} for part in wanted.parts
    ]
    title = gettext("Journal of {day}").format(day=fmt.date_full(wanted.day, language))
    data = head(found, language, title) | {"meetings": meetings}
    return document(pdf.build("journal", data, request.at), f"journal-{found.key}-{wanted.day}.pdf")


def _heading(part: journals.Part) -> str:
    if part.sitting is None:
        return gettext("Outside the meetings")
    return gettext("Meeting {key}").format(key=part.sitting.meeting.key)


def _line(act: Any, zone: str) -> dict[str, str]:
    return {"time": fmt.time_of_day(act.at, ZoneInfo(zone)), "text": sentence(act)}


@require_safe
def following(request: Any, number: str) -> HttpResponse:
    """The preparation of the session after this one: its own page once it is planned."""
    found = _for_the_secretariat(request, number)
    coming = preparing.after(found)
    if coming:
        return redirect("house-preparation", coming.key)
    steps = [preparing.planning(request, found)]
    return show(request, "desk/preparation.html", found, "desk", {"steps": steps, "last": found, "coming": None})


@require_safe
def preparation(request: Any, number: str) -> HttpResponse:
    """What is to be prepared for a session, each part with its state and its form."""
    found = _for_the_secretariat(request, number)
    last = preparing.last_before(found)
    context = {"steps": preparing.steps(request, found, last), "last": last, "coming": found}
    return show(request, "desk/preparation.html", found, "desk", context)


def _for_the_secretariat(request: Any, number: str) -> Any:
    if not access.is_secretary(request.person, request.at):
        raise Unknown(f"session/{number}", "")
    return session_for(request, number)
