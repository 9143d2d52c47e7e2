"""Search in the house: what the reader may see, with the words marked, narrowed by session, body, kind, language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chancery.papers import access as papers
from chancery.press import decided
from chancery.search import queries as search
from chancery.trail.refs import Ref

from .. import access
from ..places import OWN, place_or_history
from .page import session_in_hand, show

KINDS = {*OWN, "circular", "release", "speech", "statement"} - {"meeting"}


@require_safe
def find(request: Any) -> HttpResponse:
    """Search in what the reader may see; a question that is exactly a symbol opens what bears it."""
    asked = request.GET.get("q", "").strip()
    audiences = papers.audiences_of(request.person, request.at)
    press = access.may_see_press_desk(request.person, request.at)
    audiences |= {"press"} if press else set()
    if asked and (address := _named(request, asked, audiences, press=press)):
        return redirect(address)
    chosen = {name: request.GET.get(name, "") for name in search.FACETS}
    found = search.search(
        asked,
        audiences,
        request.at,
        kinds=KINDS,
        chosen=chosen,
        page=_number(request.GET.get("page", "1")),
        language=decided.language(),
    )
    hits = [(hit, Ref(hit.ref), place_or_history(Ref(hit.ref), press=press)) for hit in found.hits]
    context = {"q": asked, "found": found, "hits": hits, "facets": _facets(found), "chosen": any(chosen.values())}
    context["query"] = urlencode({"q": asked} | {name: value for name, value in chosen.items() if value})
    return show(request, "desk/search.html", session_in_hand(request), "", context)


def _number(text: str) -> int:
    return int(text[:6]) if text.isdecimal() else 1


def _named(request: Any, asked: str, audiences: set[str], *, press: bool) -> str:
    """The address of what bears exactly this symbol, or nothing. A sponsor's own tabled paper is among it."""
    if papers.paper_for(request.person, asked, request.at):
        return reverse("house-paper", args=[asked])
    named = [Ref(ref) for ref in search.named(asked, audiences, request.at)]
    order = ["paper", "decision", "instrument", "release", "circular"]
    best = sorted((order.index(ref.kind), ref) for ref in named if ref.kind in order)
    return place_or_history(best[0][1], press=press) if best else ""


def _facets(found: search.Found) -> list[tuple[str, str, list[search.Choice]]]:
    names = {
        "session": gettext("Session"),
        "body": gettext("Body"),
        "kind": gettext("Kind"),
        "language": gettext("Language"),
    }
    return [(name, names[name], choices) for name, choices in found.facets.items() if choices]
