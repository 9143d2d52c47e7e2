"""What is to be translated: per paper and language, until when, how many words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from django.db.models import QuerySet

from chancery import canon
from chancery.council import access as council
from chancery.council.models import Council
from chancery.meetings import access as meetings
from chancery.meetings.models import Session
from chancery.procedure import papers as rules

from ..models import Paper, PaperVersion
from .differences import text_of
from .versions import Line, lines


@dataclass(frozen=True)
class Job:
    """One paper to be translated into one language. `words` is None where the source is no text (a PDF)."""

    paper: Paper
    language: str
    state: Literal["missing", "stale"]
    source: PaperVersion
    due_at: datetime
    words: int | None
    official: bool


def jobs(session: Session, *, asked: Sequence[str] = (), papers: QuerySet[Paper] | None = None) -> list[Job]:
    """The open translations of a session's papers, soonest first: authentic languages and those that are asked for.

    Papers that are withdrawn or were replaced need none. `papers` narrows them to those that a reader may see.
    """
    house = council.council()
    wanted = list(dict.fromkeys([*house.authentic, *asked]))
    chosen = Paper.objects.all() if papers is None else papers
    open_ = lines(chosen.filter(session=session, withdrawn_at=None))
    before = {paper.pk: set(paper.languages) for paper in _replaced(open_)}
    due = _deadline(session)
    found = [
        _job(line, language, before.get(line.paper.supersedes_id or "", set()), due, session, house)
        for line in open_
        if not line.superseded_by
        for language in wanted
    ]
    return sorted((job for job in found if job), key=lambda job: (job.due_at, job.paper.key, job.language))


def _replaced(open_: list[Line]) -> QuerySet[Paper]:
    keys = [line.paper.supersedes_id for line in open_ if line.paper.supersedes_id]
    return Paper.objects.filter(pk__in=keys).prefetch_related("versions")


def _job(
    line: Line, language: str, before: set[str], due: datetime | None, session: Session, house: Council
) -> Job | None:
    held = {found.code: found for found in line.languages}
    if language in held and not held[language].stale:
        return None
    # A revision needs anew what the paper that it replaces had in this language.
    had = language in before
    source = line.languages[0].version
    in_time = due is not None and source.entered_at < due
    return Job(
        paper=line.paper,
        language=language,
        state="stale" if language in held or had else "missing",
        source=source,
        due_at=due if due and in_time else session.opens_at,
        words=words_in(source.sha256, source.stored.name, source.stored.type),
        official=language in house.languages["official"],
    )


def _deadline(session: Session) -> datetime | None:
    """The session's own deadline for papers, else that of the rules."""
    if fixed := session.deadlines.get("papers"):
        return canon.instant(fixed)
    return rules.due_at(meetings.rules_for(session.key), session.opens_at, session.zone)


@lru_cache(maxsize=2000)
def words_in(sha256: str, name: str, kind: str) -> int | None:
    """The words of a stored text; None where it is none. A digest names its bytes for ever, so this is kept."""
    from chancery.trail.files import File

    try:
        return len(re.findall(r"\w+", text_of(File(sha256, name, kind))))
    except ValueError:
        return None
