"""The form of any act: what it asks, who may do it, and what a rule said; the one way pages change the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from chancery.council import access as council
from chancery.meetings import access as meetings
from chancery.meetings.models import Session
from chancery.trail import door, files
from chancery.trail.actor import Actor, Permit
from chancery.trail.door import Act
from chancery.trail.errors import BadArguments, Refused, Repeated, Unknown
from chancery.trail.models import Record
from chancery.trail.refs import Ref, Referable

from .. import access, acting, fresh
from ..forms import beginning, fields, given, words
from ..forms.choices import Options
from ..places import place
from .page import newest_session, show


@dataclass
class Sheet:
    """One form in hand: the act, its subject, the voices that may do it, and what was filled in."""

    deed: Act
    row: Referable | None
    voices: list[Actor]
    permit: Permit
    voice: Actor
    session: Session | None
    filled: given.Given
    errors: dict[str, str] = field(default_factory=dict)
    refusal: Refused | None = None
    loose: list[str] = field(default_factory=list)
    meanwhile: list[Record] = field(default_factory=list)
    unproven: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, name: str) -> HttpResponse:
    """The form of one act. A refused form keeps what was typed; an act done leads to what came of it."""
    if request.method == "POST" and (earlier := acting.done_already(request, name)):
        return redirect(_after(request, earlier))
    sheet = _sheet(request, name)
    if request.method == "POST" and "more" not in request.POST and sheet.permit:
        done = _perform(request, sheet)
        if done is not None:
            return redirect(_after(request, done.record))
    status = 403 if sheet.unproven or not sheet.permit else 200
    if sheet.refusal or sheet.errors or sheet.loose or sheet.meanwhile:
        status = 409 if sheet.refusal or sheet.meanwhile else 422
    page = show(request, "desk/act.html", sheet.session, "", _context(request, sheet))
    page.status_code = status
    return page


def _like(request: Any, asked: Any) -> Referable | None:
    return beginning.like(asked.get("like", ""), request.person, request.at)


def _sheet(request: Any, name: str) -> Sheet:
    asked = request.POST if request.method == "POST" else request.GET
    deed, at = acting.deed(name), door.now()
    row = acting.subject(deed, asked.get("to", ""), request.person, at)
    allowed, permit = acting.permitted(deed, row, request.person, at)
    if (wanted := asked.get("for")) is not None:
        allowed, permit = acting.in_voice(deed, row, request.person, at, wanted=wanted)
    voice = next((one for one in allowed if one.for_ == wanted), (allowed or acting.voices(request.person, at))[0])
    sheet = Sheet(deed, row, allowed, permit, voice, _session_of(row, asked), given.Given())
    if request.method == "POST":
        _take(request, sheet)
    else:
        begun = beginning.beginning(name, row, voice, at, _like(request, asked))
        linked = given.from_query(request.GET)
        sheet.filled = given.flatten(begun)
        sheet.filled.values |= linked.values
    return sheet


def _take(request: Any, sheet: Sheet) -> None:
    """What was sent; nothing of an upload is stored for somebody who may not do the act."""
    if not sheet.permit:
        return
    try:
        sheet.filled = given.from_post(request.POST, request.FILES, request.person.key)
    except ValueError as error:
        sheet.filled = given.from_query(request.POST)
        sheet.loose.append(str(error))
    shown = request.POST.get("more", "")
    if shown:
        sheet.filled.values[f"{shown}.rows"] = [str(sheet.filled.rows(shown) + 1)]


def _session_of(row: Referable | None, asked: Any) -> Session | None:
    """The session whose zone and rows the form speaks of."""
    key = getattr(row, "session_id", None) or asked.get("session", "").removeprefix("session/")
    key = key or asked.get("item", "").removeprefix("item/").partition("/")[0]
    return Session.objects.filter(pk=key or meetings.session_of(row, {})).first()


def _perform(request: Any, sheet: Sheet) -> door.Performed | None:
    """The act done; or nothing, with the sheet saying why."""
    if sheet.loose:
        return None
    sheet.meanwhile = acting.meanwhile(sheet.row, request.POST.get("seen", ""), request.person, request.at)
    if sheet.meanwhile:
        return None
    if fresh.asks_again(sheet.deed.name) and not fresh.is_fresh(request):
        sheet.unproven = fresh.prove(request)
        if sheet.unproven:
            return None
    zone = _zone(sheet)
    try:
        raw = fields.read(sheet.deed.model.model_json_schema(), sheet.filled)
        return acting.perform(
            sheet.deed,
            sheet.row,
            raw,
            person=request.person,
            voice=sheet.voice,
            zone=zone,
            request_id=request.POST.get("request_id", "")[:80],
        )
    except BadArguments as error:
        _place_faults(sheet, error)
    except Refused as error:
        sheet.refusal = error
    except Repeated as error:
        sheet.loose.append(str(error))
    except ValueError as error:
        sheet.loose.append(str(error))
    return None


def _zone(sheet: Sheet) -> str:
    own = sheet.filled.one("zone") if "zone" in sheet.deed.model.model_fields else ""
    return own or (sheet.session.zone if sheet.session else str(council.council().zone))


def _place_faults(sheet: Sheet, error: BadArguments) -> None:
    """Each fault beside its field; what belongs to none stands above the form."""
    for fault in error.faults:
        place = [str(part) for part in fault.place if part != "with"]
        if place and place[0] in sheet.deed.model.model_fields:
            sheet.errors[".".join(place)] = fault.says
        else:
            sheet.loose.append(fault.says)


def _context(request: Any, sheet: Sheet) -> dict[str, Any]:
    options = Options(request.person, request.at, sheet.session, sheet.voice.for_)
    maker = fields.Maker(sheet.filled, options, request.person.key, sheet.errors)
    form = maker.form(sheet.deed.model.model_json_schema()) if sheet.permit else []
    return {
        "act": sheet.deed,
        "title": words.title(sheet.deed.name),
        "explanation": words.explanation(sheet.deed.says),
        "row": sheet.row,
        "row_place": place(sheet.row.ref) if sheet.row else "",
        "permit": sheet.permit,
        "fields": form,
        "voices": sheet.voices if len(sheet.voices) > 1 else [],
        "voice": sheet.voice,
        "refusal": sheet.refusal,
        "errors": [(f"f-{name.replace('.', '-')}", says) for name, says in sheet.errors.items()],
        "loose": sheet.loose,
        "meanwhile": sheet.meanwhile,
        "seen": acting.last_about(sheet.row),
        "request_id": acting.new_request_id(),
        "upload_limit": files.LIMIT // (1024 * 1024),
        "has_files": _has_files(form),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "unproven": sheet.unproven if request.method == "POST" else "",
        **_again(request, sheet),
    }


def _again(request: Any, sheet: Sheet) -> dict[str, Any]:
    """What the form needs to ask again who sits there, where the act wants that and the sign-in is no longer fresh."""
    if not sheet.permit or not fresh.asks_again(sheet.deed.name) or fresh.is_fresh(request):
        return {}
    return {"again": fresh.challenge(request)}


def _has_files(form: list[fields.Field]) -> bool:
    return any(one.widget in ("file", "words") or _has_files(one.fields) for one in form)


def _after(request: Any, record: Record) -> str:
    """The page of what came of an act, else of its subject, else of the session; it says what was done."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = ""
    found = wanted or _result_place(request, record)
    address, mark, anchor = found.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}did={record.id}{mark}{anchor}"


def _result_place(request: Any, record: Record) -> str:
    for ref in (record.result, record.subject):
        if ref and (found := place(Ref(ref))) and _may_open(request, ref):
            return found
    session = record.session or getattr(newest_session(), "key", "")
    return place(Ref(f"session/{session}")) if session else "/house/"


def _may_open(request: Any, ref: str) -> bool:
    from chancery.trail import refs

    try:
        return access.sees(refs.get(ref), request.person, request.at)
    except Unknown:
        return False
