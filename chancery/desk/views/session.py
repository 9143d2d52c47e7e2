"""The session page, its agenda, texts, decisions, signing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.floor.models import Referral
from chancery.meetings.models import AgendaVersion, Circular, Session, Speech
from chancery.press import decided
from chancery.signing.models import Instrument
from chancery.signing.queries import progress_of
from chancery.texts.models import Draft, Version
from chancery.trail.errors import Unknown

from .. import access, acting, fragments, streams
from ..queries import agenda as agendas
from ..queries import matters
from .page import newest_session, session_for, show


@require_safe
def door(request: Any) -> HttpResponse:
    """The house opens on the session in hand; for a member's people on what needs them."""
    found = newest_session()
    if found is None:
        return show(request, "desk/nothing.html", None, "desk", {})
    return redirect("house-mine") if request.person.member_id else redirect("house-desk", found.key)


@require_safe
def desk(request: Any, number: str) -> HttpResponse:
    """What is done, next, late and blocked, and with whom."""
    found, person, at = session_for(request, number), request.person, request.at
    press = access.may_see_press_desk(person, at)
    inside = access.is_council(person, at)
    waiting = matters.matters(found, council.council(), person, at, press=press) if inside else []
    counts = Counter(matter.state for matter in waiting)
    context = {
        "late": [m for m in waiting if m.state in ("late", "blocked")],
        "next": [m for m in waiting if m.state == "next"],
        "ahead": [m for m in waiting if m.state == "ahead"],
        "counts": counts,
        "done": found.__dict__["items"] - found.__dict__["items_open"],
        "parts": agendas.agenda(found, person, at, council.council().authentic),
        "room": fragments.room_now(found, at),
        "acts": access.latest_acts(person, found.key, at),
        "other_sessions": Session.objects.exclude(pk=found.pk).order_by("-number")[:5],
        "own_signature": _own_signature(found, person, at),
        "circulars": Circular.objects.filter(session=found) if access.is_council(person, at) else [],
        "speeches": Speech.objects.filter(session=found),
        "live": streams.for_page(request, found.ref, "session"),
        "may_prepare": access.is_secretary(person, at),
        "panel": acting.panel(request, [*acting.acts_on(found, "session", "meeting"), ("session.plan", None)]),
    }
    return show(request, "desk/session.html", found, "desk", context)


def _own_signature(session: Session, person: Any, at: Any) -> Instrument | None:
    """The instrument that waits for this very person, if there is one."""
    from chancery.signing.access import may_sign

    waiting = Instrument.objects.filter(session=session).select_related("decision")
    return next((i for i in waiting if may_sign(i, access.actor(person), at)), None)


@require_safe
def agenda(request: Any, number: str) -> HttpResponse:
    """The agenda in its parts, with papers and outcomes."""
    found = session_for(request, number)
    parts = agendas.agenda(found, request.person, request.at, council.council().authentic)
    panel = acting.on(request, found, "agenda", "item")
    return show(request, "desk/agenda.html", found, "agenda", {"parts": parts, "panel": panel})


@require_safe
def agenda_versions(request: Any, number: str) -> HttpResponse:
    """All states of the agenda as they were issued."""
    found = session_for(request, number)
    versions = AgendaVersion.objects.filter(session=found)
    return show(request, "desk/agenda_versions.html", found, "agenda", {"versions": versions})


@require_safe
def texts(request: Any, number: str) -> HttpResponse:
    """The drafts of a session and how far each has come."""
    found = session_for(request, number)
    if not access.is_council(request.person, request.at):
        raise Unknown(f"session/{number}", "")
    versions = {version.draft_id: version for version in Version.objects.filter(session=found)}
    referred = {referral.subject for referral in Referral.objects.all()}
    drafts = [(draft, versions.get(draft.key), draft.ref in referred) for draft in Draft.objects.filter(session=found)]
    panel = acting.panel(request, [("draft.table", None), ("final.compile", found)], session=str(found.ref))
    return show(request, "desk/texts.html", found, "texts", {"drafts": drafts, "panel": panel})


@require_safe
def decisions(request: Any, number: str) -> HttpResponse:
    """What was decided, and what was not adopted."""
    found = session_for(request, number)
    return show(request, "desk/decisions.html", found, "decided", {"decided": decided.rows(found)})


@require_safe
def signing(request: Any, number: str) -> HttpResponse:
    """The instruments of a session and who has signed."""
    found = session_for(request, number)
    seen = Instrument.objects.filter(session=found).select_related("decision")
    if not access.is_council(request.person, request.at):
        seen = seen.filter(decision__hidden=False)
    held = progress_of(seen)
    return show(request, "desk/signing.html", found, "signing", {"instruments": held})
