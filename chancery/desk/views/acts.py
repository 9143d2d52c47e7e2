"""Pages on which something may be done: signing, clearing and releasing. Each button asks the act's own permit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chancery.council import access as council
from chancery.council.models import MemberKey
from chancery.floor import rendition
from chancery.press import article, decided, queries
from chancery.press.models import PressItem, Release
from chancery.register import queries as register
from chancery.signing import queries as signing
from chancery.signing.models import Instrument
from chancery.trail import door, files
from chancery.trail.actor import Permit
from chancery.trail.arguments import Reading
from chancery.trail.errors import BadArguments, Refused, Unknown
from chancery.trail.refs import Referable

from .. import access
from ..queries import session as sessions
from .page import show

NOTE_LIMIT = 16 * 1024


@dataclass(frozen=True)
class Button:
    """An act that may happen next, or the reason why it may not."""

    name: str
    permit: Permit


def buttons(request: Any, row: Referable) -> dict[str, Button]:
    """What may happen next on `row`, asked of the same permits as the door."""
    by = access.actor(request.person)
    return {deed.name: Button(deed.name, permit) for deed, permit in door.next_acts(row, by, door.now())}


def perform(request: Any, name: str, row: Referable, raw: dict[str, Any], zone: str) -> door.Performed:
    """Perform an act from a form. Raises Refused, BadArguments."""
    deed = door.acts()[name]
    subject, values = deed.read(str(row.ref), raw, Reading(zone=ZoneInfo(zone)))
    request_id = request.POST.get("request_id", "")[:80]
    return door.perform(deed, subject, values, by=access.actor(request.person), at=door.now(), request_id=request_id)


def new_request_id() -> str:
    """An id that makes a form's act happen once, however often it is sent."""
    return secrets.token_urlsafe(18)


@require_http_methods(["GET", "HEAD", "POST"])
def instrument(request: Any, symbol: str) -> HttpResponse:
    """The signing page: what you sign to the letter, who has signed, and the place for your signed note."""
    found = access.instrument_for(request.person, symbol, request.at)
    refusal = None
    if request.method == "POST":
        try:
            _check_permit(request, found)
            perform(request, "signature.give", found, {"verb": "sign", "note": _uploaded(request)}, found.session.zone)
        except (Refused, BadArguments, ValueError) as error:
            refusal = error
        else:
            return redirect(reverse("house-instrument", args=[symbol]) + "?done=signed")
    context = _signing_context(request, found) | {"refusal": refusal}
    page = show(request, "desk/instrument.html", found.session, "signing", context)
    page.status_code = 409 if refusal else 200
    return page


def _check_permit(request: Any, found: Instrument) -> None:
    """Nothing of an upload is stored for somebody who may not sign."""
    permit = buttons(request, found)["signature.give"].permit
    if not permit:
        raise Refused(permit.rule, permit.because)


def _uploaded(request: Any) -> files.File:
    """The signed note that was uploaded."""
    upload = request.FILES.get("note")
    data = upload.read(NOTE_LIMIT + 1) if upload else b""
    if not data.strip() or len(data) > NOTE_LIMIT:
        raise Refused("form", f"choose the signed note, a text file of at most {NOTE_LIMIT // 1024} KiB")
    return files.put(data, f"{request.person.member_id or 'signature'}.note".lower())


def _signing_context(request: Any, found: Instrument) -> dict[str, Any]:
    everyone = signing.progress(found)
    language = decided.language()
    button = buttons(request, found)["signature.give"]
    return {
        "instrument": found,
        "decision": found.decision,
        "signatories": everyone,
        "cells": [_cell(signatory, language) for signatory in everyone],
        "signed": sum(1 for signatory in everyone if signatory.signed),
        "in_force": signing.is_in_force(found),
        "entries": {
            entry.record.args["note"]["sha256"]: entry
            for entry in register.entries_about(found.ref)
            if "note" in entry.record.args
        },
        "act_text": _act_text(request, found),
        "button": button,
        "text_files": found.decision.text,
        "request_id": new_request_id(),
        "done": request.GET.get("done", ""),
    }


def _cell(signatory: signing.Signatory, language: str) -> dict[str, str]:
    from django.utils.translation import gettext

    word = gettext("signed") if signatory.signed else gettext("not yet")
    return rendition.cell(signatory.member, "for" if signatory.signed else "none", word, language)


def _act_text(request: Any, found: Instrument) -> str:
    """The text that this person signs; nothing for those with no key."""
    person = request.person
    key = MemberKey.objects.filter(person=person).order_by("-enrolled_at", "-pk").first()
    if key is None or person.member_id not in found.signatories:
        return ""
    office = signing.office_of(found, person.key, person.member_id, request.at)
    return signing.act_text(found, key, person.member_id, office)


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
    found = sessions.session_for(number)
    if not access.may_see_press_desk(request.person, request.at):
        raise Unknown(f"session/{number}", "")
    items = PressItem.objects.filter(session=found).order_by("-drafted_at")
    return show(request, "desk/press_desk.html", found, "press-desk", {"items": items, "now": queries_at()})


def queries_at() -> datetime:
    from chancery.register.tasks import now

    return now()


@require_safe
def release(request: Any, symbol: str) -> HttpResponse:
    """A press item as it will be or was released, with each quotation and its place, and what may happen next."""
    found = access.press_item_for(request.person, symbol, request.at)
    return show(request, "desk/release.html", found.session, "press-desk", _release_context(request, found))


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
        "buttons": buttons(request, found),
        "releases": Release.objects.filter(item=found).order_by("-number"),
        "entries": register.entries_about(found.ref),
        "address": queries.address(found, code) if found.state == "released" else "",
        "acts": access.history_of(request.person, request.at, found.ref),
        "request_id": new_request_id(),
        "done": request.GET.get("done", ""),
    }


@require_POST
def release_act(request: Any, symbol: str, verb: str) -> HttpResponse:
    """Clear or release an item; a refusal shows the same page with the rule and keeps what was typed."""
    found = access.press_item_for(request.person, symbol, request.at)
    zone = found.session.zone if found.session else council.council().zone
    raw = (
        {"embargo_until": request.POST["embargo_until"]}
        if verb == "issue" and request.POST.get("embargo_until")
        else {}
    )
    try:
        perform(request, f"release.{verb}", found, raw, zone)
    except (Refused, BadArguments) as error:
        context = _release_context(request, found) | {"refusal": error, "typed": request.POST}
        response = show(request, "desk/release.html", found.session, "press-desk", context)
        response.status_code = 409
        return response
    return redirect(reverse("house-release", args=[symbol]) + f"?done={verb}")
