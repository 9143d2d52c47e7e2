"""Notices: what is new, what one hears of, proof of delivery, mail that came back, and the link that stops mail."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from chancery.notices import access as rights
from chancery.notices import bounces, choices, hearing, letters, queries
from chancery.notices.opening import opened
from chancery.trail import door
from chancery.trail.errors import Unknown
from chancery.trail.refs import Ref

from .. import access, streams
from ..places import place_or_history
from .page import session_in_hand, show


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: Any) -> HttpResponse:
    """What is new since the last visit, and the form of what one hears of."""
    person, at, wrong = request.person, request.at, ""
    if request.method == "POST":
        try:
            choices.choose(person, request.POST, at)
            return redirect("house-notices")
        except ValueError as error:
            wrong = str(error)
    session = session_in_hand(request)
    context = {
        "new": list(queries.new_for(person, at)[: queries.SHOWN]),
        "newest": door.last_id(),
        "form": choices.form_of(person, at),
        "paces": ("no", "daily", "once"),
        "zones": sorted(available_timezones()),
        "typed": request.POST,
        "wrong": wrong,
        "is_secretary": access.is_secretary(person, at),
    }
    context["live"] = streams.for_page(request, session.ref, "notices") if session else None
    answer = show(request, "desk/notices.html", session, "", context)
    answer.status_code = 422 if wrong else 200
    return answer


@require_POST
def seen(request: Any) -> HttpResponse:
    """All that the page showed has been seen."""
    newest = request.POST.get("newest", "")
    if newest.isdecimal():
        choices.mark_seen(request.person, min(int(newest[:15]), door.last_id()))
    return redirect("house-notices")


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: Any, number: int) -> HttpResponse:
    """The link in a mail: to what it is about.

    That a legal notice was opened is part of the proof of delivery, so the receiver says it with a button: a link
    that a browser fetches ahead, or that somebody is made to follow, proves nothing and writes nothing.
    """
    found = queries.mailing_for(request.person, number)
    if found is None:
        raise Unknown(f"notice/{number}", "")
    if request.method == "POST":
        opened(found, request.at)
    elif found.legal and found.opened_at is None:
        return show(request, "desk/notice.html", session_in_hand(request), "", {"notice": found})
    press = access.may_see_press_desk(request.person, request.at)
    return redirect(place_or_history(Ref(found.record.result or found.record.subject), press=press))


@require_http_methods(["GET", "HEAD", "POST"])
def deliveries(request: Any) -> HttpResponse:
    """Proof of delivery of legal notices, and the entry of mails that came back: for the secretariat."""
    if not rights.is_secretary(request.person, request.at):
        raise Unknown("notices", "")
    wrong, file = "", request.FILES.get("mail")
    if request.method == "POST":
        try:
            bounces.enter(file.read(bounces.LIMIT + 1) if file else b"", request.at)
            return redirect("house-deliveries")
        except ValueError as error:
            wrong = str(error)
    before = request.GET.get("before", "")
    shown = queries.legal_notices(int(before[:15]) if before.isdecimal() else None)
    context = {"notices": shown, "wrong": wrong, "unreached": hearing.unreached(request.at)}
    answer = show(request, "desk/deliveries.html", session_in_hand(request), "", context)
    answer.status_code = 422 if wrong else 200
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Any, token: str) -> HttpResponse:
    """Stop mail (RFC 8058): a page with a button; only the button, or a mail program's own POST, changes something."""
    person = letters.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        choices.stop_mail(person)
    with translation.override(letters.language_of(person)):
        return render(request, "desk/notices_stop.html", {"stopped": request.method == "POST"})
