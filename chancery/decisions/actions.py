"""Acts on decisions: issue one under its number, file a statement, withdraw one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from chancery.council import access as council
from chancery.council import symbols
from chancery.council.actions import stored
from chancery.council.models import Member, Series, local_day
from chancery.floor.actions import subject_of
from chancery.floor.models import QuestionPut, Result
from chancery.meetings import access as meetings
from chancery.texts.actions import check_words
from chancery.trail.actor import Actor, both
from chancery.trail.arguments import TextFiles
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Referable

from . import access
from .models import Decision, Statement, StatementWithdrawal


@act("decision.issue", may=both(council.secretary, access.may_become_decision), official="open")
def issue(result: Result, *, series: Series | None = None, by: Actor, at: datetime) -> Decision:
    """Issue the text that was adopted: it takes the next number of its series."""
    satisfies("adopted")
    chosen = series or symbols.one_series("decision")
    if chosen.serves != "decision":
        raise Refused("form", f"series {chosen.key} is for {chosen.serves}s, not for decisions")
    text = subject_of(result.question)
    if text.digest != result.question.subject_digest:
        raise Refused("form", f"{text.ref} is no longer the text that was put")
    year = local_day(at, result.session.zone).year
    return Decision.objects.create(
        key=symbols.take(chosen, session=result.session_id, year=year),
        session_id=result.session_id,
        series=chosen,
        result=result,
        subject=text.ref,
        title=result.question.title,
        text=_texts(text),
        content_digest=text.digest,
        hidden=text.restricted,
        issued_at=at,
    )


def _texts(text: Referable) -> dict[str, dict[str, str]]:
    """The stored file per language of a frozen version, or of a paper's newest versions."""
    if isinstance(held := getattr(text, "text", None), dict):
        return held
    return {version.language: version.file for version in text.versions.all()}  # type: ignore[attr-defined]


@act("statement.file", to="question decision", may=access.may_file, official="open", folder="texts")
def file(
    subject: QuestionPut | Decision,
    *,
    kind: Literal["interpretative", "reservation", "explanation", "record"],
    text: TextFiles,
    authors: list[Member],
    paragraph: str | None = None,
    by: Actor,
    at: datetime,
) -> Statement:
    """File a statement beside a question or decision; after the window of the rules it stands apart as late."""
    satisfies("statements.window")
    question = subject if isinstance(subject, QuestionPut) else subject.result.question
    if by.for_.removeprefix("member/") not in {author.key for author in authors}:
        raise Refused("roles", "the member that files a statement is among its authors")
    check_words(text)
    number = Statement.objects.filter(question=question).count() + 1
    return Statement.objects.create(
        key=f"{question.key}/{number}",
        session_id=question.session_id,
        question=question,
        number=number,
        kind=kind,
        text={language: stored(words) for language, words in text.items()},
        authors=[author.key for author in authors],
        paragraph=paragraph or "",
        late=_is_late(question, at),
        filed_at=at,
        filed_by=by.id,
    )


def _is_late(question: QuestionPut, at: datetime) -> bool:
    """Whether the window of the rules (`at_adoption`, `same_meeting`, or hours after the result) is over."""
    window = meetings.rules_for(question.session_id).statements.window
    result = Result.objects.filter(question=question).first()
    if window == "same_meeting":
        return question.meeting.state == "closed"
    if window == "at_adoption":
        return result is not None and at > result.declared_at
    return result is not None and at > result.declared_at + timedelta(hours=window)


@act("statement.withdraw", may=access.may_withdraw, official="open")
def withdraw(statement: Statement, *, by: Actor, at: datetime) -> Statement:
    """Withdraw a statement within the window in which it could be filed; later it stands for ever."""
    if not meetings.rules_for(statement.session_id).statements.withdrawable:
        raise Refused("statements.withdrawable", "the rules know no withdrawal of a statement")
    if _is_late(statement.question, at):
        raise Refused("statements.window", "the window for statements is over; file another one beside it")
    satisfies("statements.withdrawable")
    StatementWithdrawal.objects.create(statement=statement, withdrawn_at=at, withdrawn_by=by.id)
    return statement
