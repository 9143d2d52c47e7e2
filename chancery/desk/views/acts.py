"""Signing and the press: what is signed to the letter, what is released and waits for whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.floor import rendition
from chancery.press import article, decided, queries
from chancery.press.models import PressItem, Release
from chancery.register import queries as register
from chancery.register.tasks import now
from chancery.signing import queries as signing
from chancery.signing.models import Instrument
from chancery.trail.errors import Unknown

from .. import access, acting
from .page import session_for, session_in_hand, show


@require_safe
def instrument(request: Any, symbol: str) -> HttpResponse:
    """The signing page: what you sign to the letter, who has signed, and the place for your signed note."""
    found = access.instrument_for(request.person, symbol, request.at)
    session = session_for(request, found.session_id)
    return show(request, "desk/instrument.html", session, "signing", _signing_context(request, found))


def _signing_context(request: Any, found: Instrument) -> dict[str, Any]:
    everyone = signing.progress(found)
    language = decided.language()
    panel = acting.on(request, found)
    return {
        "instrument": found,
        "decision": found.decision,
        "signatories": everyone,
        "cells": [_cell(signatory, language) for signatory in everyone],
        "signed": sum(1 for signatory in everyone if signatory.signed),
        "round_closed": hasattr(found, "closing"),
        "in_force": all(signatory.signed for signatory in everyone),
        "entries": {
            entry.record.args["note"]["sha256"]: entry
            for entry in register.entries_about(found.ref)
            if "note" in entry.record.args
        },
        "act_text": _act_text(request, found),
        "button": acting.panel(request, [("signature.give", found)]),
        "panel": panel.without("signature.give"),
        "text_files": found.decision.text,
        "request_id": acting.new_request_id(),
    }


def _cell(signatory: signing.Signatory, language: str) -> dict[str, str]:
    if signatory.signed:
        value, word = "for", gettext("signed")
    elif signatory.taken_back:
        value, word = "against", gettext("withdrawn")
    elif signatory.declined:
        value, word = "against", gettext("declined")
    else:
        value, word = "none", gettext("not yet")
    return rendition.cell(signatory.member, value, word, language)


def _act_text(request: Any, found: Instrument) -> str:
    """The text that this person signs; nothing for those with no key."""
    person = request.person
    held = council.signing_keys(person.key, request.at)
    if not held or person.member_id not in found.signatories:
        return ""
    office = signing.office_of(found, person.key, person.member_id, request.at)
    return signing.act_text(found, held[-1], person.member_id, office)


@require_safe
def act_text(request: Any, symbol: str) -> HttpResponse:
    """The act text as a file, to be signed on the member's own machine."""
    found = access.instrument_for(request.person, symbol, request.at)
    text = _act_text(request, found)
    if not text:
        raise Unknown(f"instrument/{symbol}", "")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{symbol.replace("/", "-")}.act.txt"'
    return response


@require_safe
def press_desk(request: Any, number: str) -> HttpResponse:
    """The items of a session, each with its state and what it waits for."""
    found = session_for(request, number)
    if not access.may_see_press_desk(request.person, request.at):
        raise Unknown(f"session/{number}", "")
    panel = acting.panel(request, [("release.draft", None), ("rates.import", None)], session=f"session/{number}")
    items = PressItem.objects.filter(session=found).order_by("-drafted_at")
    context = {"items": items, "now": now(), "panel": panel, "main_act": True}
    return show(request, "desk/press_desk.html", found, "press-desk", context)


@require_safe
def release(request: Any, symbol: str) -> HttpResponse:
    """A press item as it will be or was released, with each quotation and its place, and what may happen next."""
    found = access.press_item_for(request.person, symbol, request.at)
    session = session_for(request, found.session_id) if found.session_id else session_in_hand(request)
    return show(request, "desk/release.html", session, "press-desk", _release_context(request, found))


def _release_context(request: Any, found: PressItem) -> dict[str, Any]:
    from chancery.press.actions.releases import content

    wanted = request.GET.get("language") or decided.language()
    code = wanted if wanted in found.title else found.languages[0]
    payload = content(found) | {"number": 0, "note": {}}
    preview = article.article(Release(item=found, payload=payload), code)
    return {
        "item": found,
        "kind": queries.kind_word(found.kind),
        "article": preview,
        "text_language": code,
        "panel": acting.on(request, found),
        "main_act": True,
        "releases": Release.objects.filter(item=found).order_by("-number"),
        "entries": register.entries_about(found.ref),
        "address": queries.address(found, code) if found.state == "released" else "",
        "acts": access.history_of(request.person, request.at, found),
    }
