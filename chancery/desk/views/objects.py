"""Single things: a draft, a question or decision, an instrument, an entry, a history."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chancery.council import access as council
from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut, Referral, Result
from chancery.papers import access as papers
from chancery.press import chain, decided, way
from chancery.press.views.record import attachment
from chancery.records.queries import contests_of
from chancery.register import queries as register
from chancery.register.view import public_head
from chancery.signing.models import Instrument
from chancery.texts.models import Version
from chancery.trail import refs
from chancery.trail.errors import Unknown

from .. import access, acting, fragments, streams
from .page import session_for, session_in_hand, show


@require_safe
def draft(request: Any, key: str) -> HttpResponse:
    """A draft in each of its languages, its frozen versions, its way."""
    found = access.draft_for(request.person, key, request.at)
    session = session_for(request, found.session_id)
    versions = list(Version.objects.filter(draft=found))
    newest = versions[-1] if versions else None
    files = newest.text if newest else found.text
    put = QuestionPut.objects.filter(subject__in=[v.ref for v in versions]).select_related("session")
    question = put.order_by("-number").first() if versions else None
    context = {
        "draft": found,
        "versions": versions,
        "text": decided.text_in(files, request.GET.get("language") or decided.language()),
        "text_languages": list(files),
        "missing": [code for code in council.council().authentic if code not in found.text],
        "question": question,
        **_referral(request, found),
        "way": way.of_draft(found, newest, question, decided.language()),
        "acts": access.history_of(request.person, request.at, found),
        "panel": acting.panel(request, [*acting.acts_on(found), *_on_newest(versions)], **_item(found)),
    }
    return show(request, "desk/draft.html", session, "texts", context)


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
    came = chain.of_question(found)
    if came.result is None:
        return _open_question(request, came)
    if came.decision:
        return redirect("house-decision", came.decision.key)
    return _result(request, came)


def _open_question(request: Any, came: chain.Chain) -> HttpResponse:
    """A question that is before the council, or was referred or withdrawn."""
    question = came.question
    session = session_for(request, question.session_id)
    context = {
        **fragments.question_context(question),
        "subject": came.subject,
        "way": way.of_question(came, decided.language()),
        **_referral(request, question),
        "contests": contests_of(question),
        "acts": access.history_of(request.person, request.at, question),
        "panel": acting.on(request, question),
        "main_act": True,
        "live": streams.for_page(request, question.ref, "question"),
    }
    return show(request, "desk/question.html", session, "decided", context)


@require_safe
def decision(request: Any, symbol: str) -> HttpResponse:
    """A decision with its working, statements, way and proof."""
    return _result(request, chain.of_decision(access.decision_for(request.person, symbol, request.at)))


def _result(request: Any, found: chain.Chain) -> HttpResponse:
    wanted = request.GET.get("language") or decided.language()
    session = session_for(request, found.question.session_id)
    context, result = decided.of_result(found, wanted), found.result
    assert result is not None
    about = [result.question, result] + ([context["decision"]] if context["decision"] else [])
    context["acts"] = access.history_of(request.person, request.at, *about)
    context["panel"] = _panel_of(request, result, context["decision"])
    filed = [one["statement"] for one in context["statements"] if one["withdrawal"] is None]
    context["filed"] = [(statement, acting.on(request, statement)) for statement in filed]
    context["live"] = streams.for_page(request, found.question.ref, "decision")
    return show(request, "desk/decision.html", session, "decided", context)


def _panel_of(request: Any, result: Result, issued: Decision | None) -> acting.Panel:
    """What may happen to a decision; before it is issued, to the result."""
    if issued:
        return acting.on(request, issued)
    return acting.panel(request, [("decision.issue", result), ("statement.file", result.question)])


@require_safe
def log(request: Any, number: str) -> HttpResponse:
    """The register: its head and its entries, newest first."""
    found = session_for(request, number)
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
    return show(request, "desk/entry.html", session_in_hand(request), "log", context)


@require_safe
def instrument_pdf(request: Any, symbol: str) -> HttpResponse:
    """The PDF that signatures name."""
    found: Instrument = access.instrument_for(request.person, symbol, request.at)
    return attachment(found.document)
