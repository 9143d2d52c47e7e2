"""Acts on records: compile the final document of a session, contest what was entered for a member."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council import access as council
from chancery.council.models import Person
from chancery.decisions.models import Decision, Statement
from chancery.floor.models import QuestionPut
from chancery.meetings.models import Meeting, Session
from chancery.prose import canonical, units
from chancery.texts.actions import check_words, enter_draft
from chancery.texts.models import Draft
from chancery.trail import files
from chancery.trail.actor import Actor
from chancery.trail.arguments import TextFiles, Texts
from chancery.trail.door import act, fill, satisfies
from chancery.trail.errors import Refused

from . import access, queries
from .models import Contest
from .wording import listed


@act("final.compile", may=council.secretary, folder="texts")
def compile_final(
    session: Session,
    *,
    title: Texts,
    decisions: list[Decision] | None = None,
    preamble: TextFiles | None = None,
    text: TextFiles | None = None,
    by: Actor,
    at: datetime,
) -> Draft:
    """Compile the final document from the decisions issued; it is then frozen, put and decided like any text."""
    chosen = decisions or list(Decision.objects.filter(session=session).order_by("issued_at", "key"))
    if not chosen:
        raise Refused("order", f"session {session.key} has issued no decision yet")
    check_words(preamble or {})
    if text is None:
        languages = [language for language in council.council().authentic if language in title]
        text = {language: _compiled(language, title[language], chosen, preamble) for language in languages}
        fill(text=text)
    return enter_draft(session, "FINAL", title, text, item=None, sponsors=[], by=by.id, at=at)


def _compiled(language: str, title: str, decisions: list[Decision], preamble: TextFiles | None) -> files.File:
    opening = preamble[language].text() if preamble and language in preamble else ""
    lines = [f"{number}. {_line(decision, language)}" for number, decision in enumerate(decisions, 1)]
    lines[-1] = lines[-1].rstrip("; ؛") + "."
    try:
        words = canonical.canonical("\n\n".join([f"# {title}", opening, *lines]))
    except units.BadInput as error:
        raise Refused("form", f"the {language} preamble: {error}") from None
    return files.put(words.encode(), f"final.{language}.md")


def _line(decision: Decision, language: str) -> str:
    question = decision.result.question
    title = decision.title_in(language)
    return listed(language, question.method, symbol=decision.key, title=title, **decision.result.tallies)


@act("record.contest", to="question statement meeting", may=access.may_contest)
def contest(
    subject: QuestionPut | Statement | Meeting,
    *,
    place: Literal["ballot", "objection", "presence", "statement"],
    should_be: str,
    was: str | None = None,
    by: Actor,
    at: datetime,
) -> QuestionPut | Statement | Meeting:
    """Contest what somebody else entered for the member; the entry stands, and the contest beside it."""
    member = by.for_.removeprefix("member/")
    own = {str(person.ref) for person in Person.objects.filter(member_id=member)}
    entry = queries.entered_for(member, own, subject.ref, place)
    if entry is None:
        raise Refused("form", f"nobody else entered a {place} of {member} on {subject.ref}")
    if was is not None and was != entry.says:
        raise Refused("form", f"the entry says “{entry.says}”, not “{was}”")
    if should_be == entry.says:
        raise Refused("form", f"the entry says “{entry.says}” already")
    satisfies("records.correction_window")
    question = subject.question if isinstance(subject, Statement) else subject
    Contest.objects.create(
        session_id=subject.session_id,
        subject=subject.ref,
        question=question.key if isinstance(question, QuestionPut) else "",
        place=place,
        member_id=member,
        was=entry.says,
        should_be=should_be,
        by=by.id,
        contested_at=at,
    )
    return subject
