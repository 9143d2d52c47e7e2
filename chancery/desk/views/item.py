"""One item of the agenda: its papers, texts, questions, speeches, and what may happen to it next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.floor.models import Poll, QuestionPut
from chancery.meetings.models import AgendaItem, Speech
from chancery.texts.models import Draft
from chancery.trail.errors import Unknown

from .. import access, acting, streams
from ..queries import agenda as agendas
from .page import session_for, show


@require_safe
def item(request: Any, key: str) -> HttpResponse:
    """Everything that belongs to an item, in one place."""
    found = AgendaItem.objects.filter(pk=key).select_related("body").first()
    if found is None:
        raise Unknown(f"item/{key}", "")
    inside = access.is_council(request.person, request.at)
    session = session_for(request, found.session_id)
    held = agendas.papers_of(session, request.person, request.at, council.council().authentic)
    put = [q for q in QuestionPut.objects.filter(session=found.session_id) if found.key in q.items]
    tabling = [("paper.table", None), ("draft.table", None)]
    here = {"session": f"session/{found.session_id}", "item": str(found.ref)}
    context = {
        "item": found,
        "papers": [line for line in held if line.paper.item_id == found.key],
        "drafts": Draft.objects.filter(item=found) if inside else [],
        "questions": [q for q in put if access.sees(q, request.person, request.at)],
        "polls": Poll.objects.filter(item=found),
        "speeches": Speech.objects.filter(item=found),
        "acts": access.history_of(request.person, request.at, found.ref),
        "panel": acting.on(request, found),
        "tabling": acting.panel(request, tabling, **here),
        "main_act": True,
        "live": streams.for_page(request, found.ref, "item"),
    }
    return show(request, "desk/item.html", session, "agenda", context)
