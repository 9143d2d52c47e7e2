"""How a decision was taken, as every page about it shows it: public or in the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext

from chancery import canon, fmt
from chancery.council import access as council
from chancery.decisions.models import Decision, Statement
from chancery.floor import rendition
from chancery.floor.models import QuestionPut, Result
from chancery.meetings.models import Session
from chancery.prose import render
from chancery.records.queries import contests_of
from chancery.register.view import public_head
from chancery.trail.files import File
from chancery.trail.memory import keep

from . import sources, way
from .chain import Chain


@dataclass(frozen=True)
class Row:
    """One line of what was decided at a session."""

    result: Result
    decision: Decision | None
    how: str
    cells: list[dict[str, str]]


def language() -> str:
    return translation.get_language() or "en"


def rows(session: Session) -> list[Row]:
    """What was decided at a session, newest first; texts that were not adopted are listed too."""
    results = (
        Result.objects.filter(session=session, question__subject_restricted=False)
        .select_related("question")
        .prefetch_related("question__ballots", "question__objections")
        .order_by("-question__number")
    )
    decisions = {decision.result_id: decision for decision in Decision.objects.filter(session=session)}
    members = council.members()
    return [
        Row(result, decisions.get(result.pk), how(result), rendition.strip(result.question, members, language()))
        for result in results
    ]


def how(result: Result) -> str:
    """In a few words how a question ended: "roll-call, 6 to 2, 1 abstaining"."""
    if result.question.method == "consensus":
        return gettext("consensus") if result.status == "adopted" else gettext("no consensus")
    counts = gettext("{for} to {against}, {abstain} abstaining").format_map(result.tallies)
    if result.status == "adopted":
        return gettext("vote, {counts}").format(counts=counts)
    need = next((s["need"] for s in reversed(result.outcome["working"]) if s["test"].startswith("majority.")), "")
    return gettext("not adopted: {counts}; {need} needed").format(counts=counts, need=need)


def text_in(files: dict[str, dict[str, str]], wanted: str) -> dict[str, Any]:
    """A stored text as HTML in the wanted language, else in the first there is, with its direction."""
    code = wanted if wanted in files else "en" if "en" in files else next(iter(files))
    return {"language": code, "direction": fmt.direction(code), "html": render.html(File(**files[code]).text())}


def statements(question: QuestionPut, wanted: str) -> list[dict[str, Any]]:
    """The statements that belong to a question's text, with their words."""
    names = {member.key: member.name for member in council.members()}
    return [
        {
            "statement": statement,
            "kind": _kind(statement.kind),
            "authors": [names[code] for code in statement.authors],
            "text": text_in(statement.text, wanted),
            "withdrawal": getattr(statement, "withdrawal", None),
        }
        for statement in Statement.objects.filter(question=question).select_related("withdrawal", "question")
    ]


def _kind(kind: str) -> str:
    return {
        "interpretative": gettext("Interpretative statement"),
        "reservation": gettext("Reservation"),
        "explanation": gettext("Explanation of vote"),
        "record": gettext("Statement for the record"),
    }[kind]


def of_result(found: Chain, wanted: str) -> dict[str, Any]:
    """All that a page about a result shows: text, working, strip, statements, way, what is proven."""
    question, result, subject, decision = found.question, found.result, found.subject, found.decision
    assert result is not None
    keep(f"session {question.session_id}", question.session)
    files = decision.text if decision else {code: vars(file) for code, file in sources.texts_of(subject).items()}
    return {
        "result": result,
        "question": question,
        "decision": decision,
        "subject": subject,
        "outcome": rendition.outcome_word(result.status),
        "headline": rendition.headline(result),
        "how": how(result),
        "cells": rendition.strip(question, council.members(), language()),
        "drawing": rendition.tally(result),
        "working": rendition.working(result),
        "text": text_in(files, wanted) if files else None,
        "text_languages": list(files),
        "statements": statements(question, wanted),
        "contests": contests_of(question),
        "way": way.of_question(found, language()),
        "instrument": found.instrument,
        "signatories": found.signatories,
        "proof": proof(found),
    }


@dataclass(frozen=True)
class Proof:
    """What a page may claim, and what it may not."""

    entry: Any
    proven: list[str]
    unproven: list[str]


def proof(found: Chain) -> Proof:
    """What the register proves of a result, and what nobody here can prove."""
    closed, entry, head = found.closed, found.issued or found.closed, public_head()
    proven, unproven = [], []
    if _is_same_text(found):
        proven.append(gettext("The text you see is the text that was put: its bytes have the digest in the record."))
    else:
        unproven.append(gettext("The stored text differs from the digest in the record."))
    if closed:
        proven.append(gettext("The outcome is entry {n} of the register.").format(n=closed.index))
    if head and entry and entry.index < head.witnessed:
        proven.append(f"{head.words(entry.index)} {head.tolerance}")
    else:
        unproven.append(gettext("Not witnessed: no quorum of independent witnesses has seen this entry yet."))
    if signed := found.signed:
        words = ngettext(
            "{n} signature, made with an enrolled key.", "{n} signatures, made with enrolled keys.", signed
        )
        proven.append(words.format(n=signed))
        unproven.append(gettext("That the enrolled keys belong to those members: compare their fingerprints yourself."))
    proven.append(gettext("The same inputs give the same outcome when recomputed: the inputs are below."))
    unproven.append(
        gettext(
            "That each delegate meant what was recorded: ballots called in the room are entered by the secretariat."
        )
    )
    return Proof(entry, proven, unproven)


def _is_same_text(found: Chain) -> bool:
    """Whether what is stored has, byte for byte, the digests that stand in the record of the question."""
    files = found.decision.text.values() if found.decision else []
    whole = all(canon.sha256(File(**file).read()) == file["sha256"] for file in files)
    digest: str = found.subject.digest
    return whole and digest == found.question.subject_digest
