"""The public record: decisions, results, speeches, the register, and their files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chancery import canon, fmt
from chancery.council.models import Member
from chancery.decisions.access import decision_for
from chancery.floor.models import Result
from chancery.meetings.models import Speech
from chancery.papers import access as papers
from chancery.papers.queries import languages, lines
from chancery.prose import render, units
from chancery.register import queries as entries
from chancery.register.bundles import bundle_of
from chancery.register.view import public_head
from chancery.signing.models import Instrument
from chancery.trail.files import File

from .. import body, chain, decided
from .page import at, house, show


@require_safe
def decision(request: HttpRequest, language: str, symbol: str) -> HttpResponse:
    """A decision: its text, its statements, how it was decided, what is proven."""
    house(language)
    found = decision_for(None, symbol, at())
    if found is None:
        raise Http404
    context = decided.of_result(chain.of_decision(found), language) | {"zone": found.session.zone}
    return show(request, "press/decision.html", language, context, address="decision", keys={"symbol": symbol})


@require_safe
def result(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """The outcome of a question: a text that was not adopted has its page too."""
    house(language)
    found = _result_or_404(key)
    context = decided.of_result(chain.of_result(found), language) | {"zone": found.session.zone}
    if context["decision"]:
        return redirect("decision", language, context["decision"].key)
    return show(request, "press/decision.html", language, context, address="result", keys={"key": key})


def _result_or_404(key: str) -> Result:
    found = (
        Result.objects.filter(pk=key, question__subject_restricted=False).select_related("question", "session").first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
def inputs(request: HttpRequest, key: str) -> HttpResponse:
    """The inputs of a decision: `chancery decide` gives the same outcome from them, byte for byte."""
    found = _result_or_404(key)
    response = HttpResponse(canon.canonical_json(found.document) + b"\n", content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="decide-{key.replace("/", "-")}.json"'
    return response


@require_safe
def text(request: HttpRequest, language: str, symbol: str) -> HttpResponse:
    """The stored text of a decision in one language, exactly the bytes that were hashed."""
    found = decision_for(None, symbol, at())
    if found is None or language not in found.text:
        raise Http404
    return attachment(found.file(language))


@require_safe
def pdf(request: HttpRequest, symbol: str) -> HttpResponse:
    """The PDF that was opened for signature."""
    found = Instrument.objects.filter(pk=symbol, decision__hidden=False).first()
    if found is None:
        raise Http404
    return attachment(found.document)


@require_safe
def bundle(request: HttpRequest, symbol: str) -> HttpResponse:
    """All that proves a decision, in one file that is checked without us."""
    found = decision_for(None, symbol, at())
    if found is None:
        raise Http404
    response = HttpResponse(bundle_of(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{symbol.replace("/", "-")}.zip"'
    return response


def attachment(file: File) -> HttpResponse:
    """A stored file as a download; nothing of it is ever run by a browser."""
    response = HttpResponse(file.read(), content_type=file.type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def speech(request: HttpRequest, language: str, session: str, number: str) -> HttpResponse:
    """A speech as it was spoken or translated, each paragraph with its number."""
    house(language)
    found = Speech.objects.filter(pk=f"{session}/{number}").select_related("session").first()
    if found is None:
        raise Http404
    code = language if language in found.text else found.language
    paragraphs = units.units(File(**found.text[code]).text())
    context = {
        "speech": found,
        "paragraphs": [(n, unit.role, render.plain(unit.content)) for n, unit in enumerate(paragraphs, 1)],
        "text_language": code,
        "text_direction": fmt.direction(code),
        "digest": found.text[code]["sha256"],
    }
    keys = {"session": session, "number": number}
    return show(request, "press/speech.html", language, context, address="speech", keys=keys)


@require_safe
def register(request: HttpRequest, language: str) -> HttpResponse:
    """The register: its head, its key, its latest entries, and how to check it without us."""
    house(language)
    context = {"head": public_head(), "entries": entries.latest(20)}
    return show(request, "press/register.html", language, context, address="register", keys={})


@require_safe
def paper(request: HttpRequest, language: str, symbol: str) -> HttpResponse:
    """A paper whose marking lets the public read it."""
    house(language)
    found = papers.paper_for(None, symbol, at())
    if found is None:
        raise Http404
    versions = languages(found)
    shown = next((held for held in versions if held.code == language), versions[0])
    file = File(**shown.version.file)
    context = {
        "paper": found,
        "versions": versions,
        "superseded_by": lines([found], seen=papers.visible(None, at()))[0].superseded_by,
        "shown": shown,
        "text_direction": fmt.direction(shown.code),
        "html": body.html(body.without_title(body.canonical(file.text())), str, str)
        if file.type == "text/markdown"
        else "",
        "zone": found.session.zone if found.session else "UTC",
    }
    return show(request, "press/paper.html", language, context, address="public-paper", keys={"symbol": symbol})


@require_safe
def paper_file(request: HttpRequest, language: str, symbol: str) -> HttpResponse:
    """The file of a public paper in one language."""
    found = papers.paper_for(None, symbol, at())
    held = next((held for held in languages(found) if held.code == language), None) if found else None
    if held is None:
        raise Http404
    return attachment(File(**held.version.file))


@require_safe
def members(request: HttpRequest, language: str) -> HttpResponse:
    """The members of the council in seating order."""
    house(language)
    return show(request, "press/members.html", language, {"members": Member.objects.all()}, address="members", keys={})


@require_safe
def accessibility(request: HttpRequest, language: str) -> HttpResponse:
    """What this site conforms to, and whom to tell where it does not."""
    house(language)
    return show(request, "press/accessibility.html", language, {}, address="accessibility", keys={})


@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The head of the register for programs."""
    found = public_head()
    if found is None:
        raise Http404
    return JsonResponse({"origin": found.origin, "size": found.size, "root": found.root, "vkey": found.vkey})
