"""History of any object or of a session: a page with filters, and the same as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from chancery import canon
from chancery.trail import door, refs

from ..places import place
from ..queries import history as histories
from .page import session_in_hand, show


@require_safe
def history(request: Any) -> HttpResponseBase:
    """Every act that mentions one object, narrowed by filters, in pages or as JSON Lines."""
    try:
        ref = refs.read(request.GET.get("of", ""))
    except ValueError:
        raise Http404 from None
    session, asked = session_in_hand(request), histories.Asked.read(request.GET)
    zone = session.zone if session else "UTC"
    found = histories.history(request.person, request.at, ref, asked, zone)
    if request.GET.get("form") == "jsonl":
        return StreamingHttpResponse(_lines(found), content_type="application/x-ndjson")
    page = Paginator(found, histories.PAGE).get_page(request.GET.get("page"))
    query = {key: value for key, value in request.GET.items() if key not in ("page", "form")}
    context = {
        "ref": ref,
        "place": place(ref),
        "acts": page.object_list,
        "page": page,
        "asked": asked,
        "query": urlencode(query),
        "names": sorted(door.acts()),
        "vias": histories.VIAS,
    }
    return show(request, "desk/history.html", session, "", context)


def _lines(found: Any) -> Iterator[bytes]:
    for act in found.iterator(chunk_size=200):
        yield canon.canonical_json(histories.line(act)) + b"\n"
