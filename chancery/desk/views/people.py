"""Delegations and credentials; the list of participants as a page, a table and a document."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chancery import pdf
from chancery.council import access as council
from chancery.council.models import in_language
from chancery.meetings.models import Session
from chancery.press import decided

from .. import acting
from ..queries import people
from .page import session_for, show


@require_safe
def delegations(request: Any, number: str) -> HttpResponse:
    """Who represents whom, with which credentials, what is missing and what may be done about it."""
    found = session_for(request, number)
    listed = people.with_acts(request, found, people.seats(found, request.at))
    context = {
        "listed": listed,
        "due": people.due(found),
        "awaited": sum(1 for seat in listed if seat.missing),
        "invitations": people.invitations(request, found),
        "panel": acting.on(request, found, "delegation", "credentials", "invitation"),
    }
    return show(request, "desk/delegations.html", found, "desk", context)


@require_safe
def participants(request: Any, number: str) -> HttpResponse:
    """The list of participants."""
    found = session_for(request, number)
    groups = people.participants(found, request.at, decided.language())
    return show(request, "desk/participants.html", found, "desk", {"groups": groups})


@require_safe
def participants_csv(request: Any, number: str) -> HttpResponse:
    """The same list for a spreadsheet; no cell begins as a formula would."""
    found = session_for(request, number)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="participants-{found.key}.csv"'
    writer = csv.writer(response)
    writer.writerow([gettext("Delegation"), gettext("Name"), gettext("Function")])
    for group in people.participants(found, request.at, decided.language()):
        writer.writerows([_plain(cell) for cell in (group.heading, *row)] for row in group.people)
    return response


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@require_safe
def participants_pdf(request: Any, number: str) -> HttpResponse:
    """The same list as a document."""
    found, language = session_for(request, number), decided.language()
    groups = people.participants(found, request.at, language)
    listed = [
        {"heading": group.heading, "people": [{"name": name, "function": role} for name, role in group.people]}
        for group in groups
    ]
    data = head(found, language, gettext("List of participants")) | {"groups": listed}
    return document(pdf.build("participants", data, request.at), f"participants-{found.key}.pdf")


def head(session: Session, language: str, title: str) -> dict[str, str]:
    """What stands at the head of a document of a session."""
    house = council.council()
    words = {
        "language": language,
        "council": in_language(house.name, language),
        "symbol": f"{house.code}/{session.number}",
        "title": title,
        "session": in_language(session.title, language),
    }
    return words | ({"rehearsal": gettext("Rehearsal")} if house.rehearsal else {})


def document(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
