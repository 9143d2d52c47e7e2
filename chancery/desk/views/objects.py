"""Single things: a draft, a question or decision, an instrument, an entry, a history."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.council.models import Member
from chancery.decisions.models import Decision, Statement
from chancery.floor import rendition
from chancery.floor.models import QuestionPut, Referral, Result
from chancery.papers import access as papers
from chancery.press import decided, way
from chancery.press.views.record import attachment
from chancery.records.queries import contests_of
from chancery.register import queries as register
from chancery.register.view import public_head
from chancery.signing.models import Instrument
from chancery.texts.models import Version
from chancery.trail import refs
from chancery.trail.errors import Unknown

from .. import access, acting
from .page import newest_session, show


@require_safe
def draft(request: Any, key: str) -> HttpResponse:
    """A draft in each of its languages, its frozen versions, its way."""
    found = access.draft_for(request.person, key, request.at)
    versions = list(Version.objects.filter(draft=found))
    files = versions[-1].text if versions else found.text
    context = {
        "draft": found,
        "versions": versions,
        "text": decided.text_in(files, request.GET.get("language") or decided.language()),
        "text_languages": list(files),
        "missing": [code for code in council.council().authentic if code not in found.text],
        "question": QuestionPut.objects.filter(subject__in=[v.ref for v in versions]).order_by("-number").first(),
        **_referral(request, found),
        "way": way.of_draft(found, decided.language()),
        "acts": access.history_of(request.person, request.at, found.ref),
        "panel": acting.panel(request, [*acting.acts_on(found), *_on_newest(versions)], **_item(found)),
    }
    return show(request, "desk/draft.html", found.session, "texts", context)


def _referral(request: Any, found: Any) -> dict[str, Any]:
    """To whom a text or question was referred, and the paper that answers where the reader may see that."""
    referral = Referral.objects.filter(subject=found.ref).first()
    symbol = refs.Ref(referral.answer).key if referral and referral.answer else ""
    return {"referral": referral, "answer": papers.paper_for(request.person, symbol, request.at) if symbol else None}


def _on_newest(versions: list[Version]) -> list[tuple[str, Any]]:
    """What may be done with the version frozen last: it is what is put before the council."""
    return [pair for version in versions[-1:] for pair in acting.acts_on(version)]


def _item(found: Any) -> dict[str, str]:
    """The item of a text, for the forms that name one."""
    return {"items": f"item/{found.item_id}"} if found.item_id else {}


@require_safe
def question(request: Any, key: str) -> HttpResponse:
    """A question before the council, or its outcome."""
    found = access.question_for(request.person, key, request.at)
    result = Result.objects.filter(question=found).select_related("question__session").first()
    if result is None:
        members = list(Member.objects.all())
        context = {
            "question": found,
            "subject": refs.get(found.subject),
            "cells": rendition.strip(found, members, decided.language()),
            "way": way.of_question(found, decided.language()),
            **_referral(request, found),
            "contests": contests_of(found),
            "acts": access.history_of(request.person, request.at, found.ref),
            "panel": acting.on(request, found),
            "main_act": True,
        }
        return show(request, "desk/question.html", found.session, "decided", context)
    issued = Decision.objects.filter(result=result).first()
    if issued:
        return redirect("house-decision", issued.key)
    return _result(request, result)


@require_safe
def decision(request: Any, symbol: str) -> HttpResponse:
    """A decision with its working, statements, way and proof."""
    return _result(request, access.decision_for(request.person, symbol, request.at).result)


def _result(request: Any, result: Result) -> HttpResponse:
    wanted = request.GET.get("language") or decided.language()
    context = decided.of_result(result, wanted)
    about = [result.question.ref, result.ref] + ([context["decision"].ref] if context["decision"] else [])
    context["acts"] = access.history_of(request.person, request.at, *about)
    context["panel"] = _panel_of(request, result, context["decision"])
    filed = Statement.objects.filter(question=result.question, withdrawal=None)
    context["filed"] = [(statement, acting.on(request, statement)) for statement in filed]
    return show(request, "desk/decision.html", result.question.session, "decided", context)


def _panel_of(request: Any, result: Result, issued: Decision | None) -> acting.Panel:
    """What may happen to a decision; before it is issued, to the result."""
    if issued:
        return acting.on(request, issued)
    return acting.panel(request, [("decision.issue", result), ("statement.file", result.question)])


@require_safe
def log(request: Any, number: str) -> HttpResponse:
    """The register: its head and its entries, newest first."""
    from ..queries.session import session_for

    found = session_for(number)
    context = {"head": public_head(), "entries": register.latest(50)}
    return show(request, "desk/register.html", found, "log", context)


@require_safe
def entry(request: Any, index: int) -> HttpResponse:
    """One entry: the leaf as it stands in the log, and the act it stands for, as far as the reader may see it."""
    found = register.entry(index)
    if found is None:
        raise Unknown(f"entry/{index}", "")
    visible = found.record in access.latest_acts(request.person, found.record.session, request.at, most=100_000)
    context = {"entry": found, "leaf": register.leaf_text(index), "visible": visible}
    return show(request, "desk/entry.html", newest_session(), "log", context)


@require_safe
def instrument_pdf(request: Any, symbol: str) -> HttpResponse:
    """The PDF that signatures name."""
    found: Instrument = access.instrument_for(request.person, symbol, request.at)
    return attachment(found.document)
