"""The PDF of a decision: built once, by a short-lived process, from data and never from markup."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery import fmt
from chancery.council.models import Council, Member, in_language, local_day
from chancery.decisions.models import Decision, Statement
from chancery.prose import render
from chancery.trail.files import File


def pdf_data(decision: Decision, signatories: list[str], language: str) -> dict[str, Any]:
    """What the PDF says: texts per language as structure, statements, who is to sign. `language` is that of labels."""
    council = Council.objects.get()
    order = [code for code in council.authentic if code in decision.text]
    statements = Statement.objects.filter(question=decision.result.question, late=False, withdrawal=None)
    data: dict[str, Any] = {
        "language": language,
        "council": in_language(council.name, language),
        "symbol": decision.key,
        "title": decision.title_in(language),
        "session": decision.session.title_in(language),
        "adopted": _adopted(decision, language),
        "texts": [_text(code, decision.file(code)) for code in order],
    }
    if statements:
        data["statements"] = [_statement(statement, order, language) for statement in statements]
    if council.rehearsal:
        data["rehearsal"] = REHEARSAL.get(language, REHEARSAL["en"])
    if signatories:
        data["signatories"] = [_signatory(member, language) for member in Member.objects.filter(key__in=signatories)]
    return data


REHEARSAL = {"en": "Rehearsal: an invented session", "ru": "Репетиция: вымышленная сессия", "ar": "تمرين: دورة متخيلة"}


def _adopted(decision: Decision, language: str) -> str:
    result = decision.result
    day = fmt.date_long(local_day(result.declared_at, decision.session.zone), language)
    tallies = result.tallies
    counted = f"{tallies['for']} votes to {tallies['against']}, {tallies['abstain']} abstaining" if tallies else ""
    how = "consensus" if result.question.method == "consensus" else counted
    other = (
        result.override and f". The chair decided otherwise: {result.override['status']}, {result.override['reason']}"
    )
    return f"Adopted by {how}, {day}{other or ''}"


def _text(language: str, file: File) -> dict[str, Any]:
    return {
        "language": language,
        "direction": fmt.direction(language),
        "sha256": file.sha256,
        "units": render.structure(file.text()),
    }


def _statement(statement: Statement, order: list[str], language: str) -> dict[str, Any]:
    held = {code: File(**statement.text[code]) for code in order if code in statement.text}
    authors = [member.name.get(language, member.key) for member in Member.objects.filter(key__in=statement.authors)]
    return {
        "heading": KINDS[statement.kind],
        "by": ", ".join(authors),
        "texts": [_text(code, file) for code, file in held.items()],
    }


KINDS = {
    "interpretative": "Interpretative statement",
    "reservation": "Reservation",
    "explanation": "Explanation of vote",
    "record": "Statement for the record",
}


def _signatory(member: Member, language: str) -> dict[str, str]:
    return {"member": in_language(member.name, language), "office": "Head of delegation"}


def build_pdf(decision: Decision, signatories: list[str], at: datetime) -> bytes:
    """The PDF/A of a decision as it is opened for signature."""
    from chancery import pdf

    kind = "final" if signatories else "decision"
    language = Council.objects.get().languages["working"][0]
    return pdf.build(kind, pdf_data(decision, signatories, language), at)
