"""The front page, the archive, sessions, and the door that chooses a language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.council.models import local_day
from chancery.decisions.models import Decision
from chancery.meetings.models import AgendaItem, Meeting, Session, Speech
from chancery.papers import access as papers

from .. import decided, popular, queries
from .page import at, house, show


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """The only page that looks at the reader's languages; it sends to one of ours."""
    known = council.council().languages["official"]
    wanted = [part.partition(";")[0].strip()[:2] for part in request.headers.get("Accept-Language", "").split(",")]
    response = redirect("front", next((code for code in wanted if code in known), known[0]))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def front(request: HttpRequest, language: str) -> HttpResponse:
    """The headline, the latest items, what was decided, what is read most, what comes next."""
    found = house(language)
    items = list(queries.visible(at()).filter(**{f"title__{language}__isnull": False})[:7])
    session = Session.objects.filter(opened_at__isnull=False).order_by("-number").first()
    today = local_day(at(), found.zone)
    context = {
        "items": queries.listed(items, language, at()),
        "session": session,
        "decided": decided.rows(session) if session else [],
        "popular": popular.popular(language, at(), today),
        "next_sessions": Session.objects.filter(opens_at__gt=at()).order_by("opens_at")[:3],
    }
    return show(request, "press/front.html", language, context, address="front", keys={})


@require_safe
def archive(request: HttpRequest, language: str) -> HttpResponse:
    """All items, by kind and words, newest first, in pages."""
    house(language)
    items = queries.visible(at()).filter(**{f"title__{language}__isnull": False})
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    if kind:
        items = items.filter(kind=kind)
    if asked:
        items = items.filter(pk__in=queries.matching(asked, language))
    page = queries.page_of(items, request.GET.get("page", "1"))
    context = {"page": page, "items": queries.listed(list(page), language, at()), "kind": kind, "q": asked}
    return show(request, "press/archive.html", language, context, address="archive", keys={})


@require_safe
def sessions(request: HttpRequest, language: str) -> HttpResponse:
    """All sessions, the newest first."""
    context = {"sessions": Session.objects.order_by("-number")}
    return show(request, "press/sessions.html", language, context, address="sessions", keys={})


@require_safe
def session(request: HttpRequest, language: str, number: str) -> HttpResponse:
    """One session: its days, agenda, public papers, decisions, speeches, news."""
    found = queries.session_or_404(number)
    context = {
        "session": found,
        "agenda": AgendaItem.objects.filter(session=found),
        "meetings": Meeting.objects.filter(session=found, body=None),
        "decided": decided.rows(found),
        "papers": papers.visible(None, at()).filter(session=found),
        "speeches": Speech.objects.filter(session=found),
        "items": queries.listed(list(queries.visible(at()).filter(session=found)), language, at()),
    }
    return show(request, "press/session.html", language, context, address="session", keys={"number": number})


@require_safe
def decisions(request: HttpRequest, language: str) -> HttpResponse:
    """All decisions, and the texts that were not adopted, by session."""
    held = Session.objects.filter(pk__in=Decision.objects.values("session")).order_by("-number")
    context = {"sessions": [(found, decided.rows(found)) for found in held]}
    return show(request, "press/decisions.html", language, context, address="decisions", keys={})
