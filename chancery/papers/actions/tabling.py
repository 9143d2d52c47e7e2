"""Acts that bring papers in and give them out: table, issue, translate."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery import canon
from chancery.council import access as council
from chancery.council import symbols
from chancery.council.actions import stored
from chancery.council.models import Body, Member, Series, local_day
from chancery.meetings import access as meetings
from chancery.meetings.models import AgendaItem, Session
from chancery.procedure import papers as rules
from chancery.trail.actor import Actor, both
from chancery.trail.arguments import Files, Texts
from chancery.trail.door import act
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access, uploads
from ..models import Paper, PaperVersion


@act("paper.table", may=access.may_table, folder="papers")
def table(
    *,
    series: Series,
    session: Session | None = None,
    item: AgendaItem | None = None,
    title: Texts,
    files: Files,
    sponsors: list[Member | Body] | None = None,
    marking: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] = "CLEAR",
    by: Actor,
    at: datetime,
) -> Paper:
    """Table a paper: it takes the next symbol of its series; after the deadline it is late."""
    if series.serves != "paper":
        raise Refused("form", f"series {series.key} is for {series.serves}s, not for papers")
    if item and session and item.session_id != session.key:
        raise Refused("form", f"item {item.key} does not belong to session {session.key}")
    if not files:
        raise Refused("form", "a paper needs a file in at least one language")
    uploads.check_files(files)
    gathering = session or (item.session if item else None)
    zone = gathering.zone if gathering else council.council().zone
    fields = {"session": gathering.key if gathering else "", "item": item.number if item else ""}
    paper = Paper.objects.create(
        key=symbols.take(series, year=local_day(at, zone).year, **fields),
        series=series,
        session=gathering,
        item=item,
        title=title,
        sponsors=[sponsor.key for sponsor in sponsors or []],
        marking=marking,
        late=_is_late(gathering, at),
        tabled_at=at,
        tabled_by=by.id,
    )
    for language, file in files.items():
        PaperVersion.objects.create(
            paper=paper, language=language, number=1, file=stored(file), official=True, entered_at=at
        )
    return paper


def _is_late(session: Session | None, at: datetime) -> bool:
    """Late after the session's own deadline for papers, else after that of the rules."""
    if session is None:
        return False
    if fixed := session.deadlines.get("papers"):
        return at >= canon.instant(fixed)
    return not rules.in_time(meetings.rules_for(session.key), at, session.opens_at, session.zone).ok


@act("paper.issue", may=both(council.secretary, access.may_be_issued))
def issue(paper: Paper, *, by: Actor, at: datetime) -> Paper:
    """Issue a tabled paper: give it to those whom its marking names."""
    if not Paper.objects.filter(pk=paper.pk, issued_at=None, withdrawn_at=None).update(issued_at=at):
        raise Refused("order", f"{paper.key} is issued or withdrawn already")
    paper.issued_at = at
    return paper


@act("paper.translate", may=access.may_translate, folder="papers")
def translate(paper: Paper, *, language: str, file: File, official: bool, of: str, by: Actor, at: datetime) -> Paper:
    """Add a language to a paper, made from the source version whose digest is named."""
    if paper.withdrawn_at:
        raise Refused("order", f"{paper.key} is withdrawn")
    uploads.check_files({language: file})
    source = PaperVersion.objects.filter(paper=paper, file__sha256=of).order_by("-number").first()
    if source is None:
        raise Refused("form", f"no version of {paper.key} has the digest {of[:12]}…")
    newest = PaperVersion.objects.filter(paper=paper, language=source.language).order_by("-number").first()
    if newest and newest.pk != source.pk:
        raise Refused("form", f"the {source.language} text changed since: translate version {newest.number}")
    earlier = PaperVersion.objects.filter(paper=paper, language=language)
    if earlier.filter(translation_of="").exists():
        raise Refused("form", f"{paper.key} was tabled in {language}; a translation cannot replace it")
    PaperVersion.objects.create(
        paper=paper,
        language=language,
        number=earlier.count() + 1,
        file=stored(file),
        official=official,
        translation_of=of,
        entered_at=at,
    )
    return paper
