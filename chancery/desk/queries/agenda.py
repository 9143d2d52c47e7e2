"""The agenda with its papers and outcomes: a fixed number of queries, however long it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from chancery.council.models import Person
from chancery.decisions.models import Decision
from chancery.meetings.models import AgendaItem, Session
from chancery.papers.access import audiences_of
from chancery.papers.markings import MARKINGS
from chancery.papers.models import Paper, PaperVersion


@dataclass
class PaperLine:
    """A paper as a list shows it: the languages it exists in and the authentic ones it lacks."""

    paper: Paper
    languages: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def papers_of(session: Session, person: Person, at: datetime, authentic: list[str]) -> list[PaperLine]:
    """The issued papers of a session that the reader may see, in one query."""
    allowed = audiences_of(person, at)
    markings = [marking for marking, who in MARKINGS.items() if who in allowed]
    versions = PaperVersion.objects.filter(
        paper__session=session, paper__issued_at__isnull=False, paper__marking__in=markings
    ).select_related("paper")
    lines: dict[str, PaperLine] = {}
    for version in versions.order_by("paper__tabled_at", "paper", "number"):
        line = lines.setdefault(version.paper_id, PaperLine(version.paper))
        if version.language not in line.languages:
            line.languages.append(version.language)
    for line in lines.values():
        line.languages.sort(key=lambda code: authentic.index(code) if code in authentic else len(authentic))
        line.missing = [code for code in authentic if code not in line.languages]
    return list(lines.values())


@dataclass
class ItemLine:
    """An item with its papers and, where it was decided, the decision or question."""

    item: AgendaItem
    papers: list[PaperLine]
    decision: Decision | None
    result: str


@dataclass
class PartLine:
    """A part of the agenda: its heading (none before the first) and its items."""

    heading: AgendaItem | None
    items: list[ItemLine] = field(default_factory=list)


def agenda(session: Session, person: Person, at: datetime, authentic: list[str]) -> list[PartLine]:
    """The agenda in its parts. Three queries: items, papers, decisions."""
    by_item: dict[str, list[PaperLine]] = defaultdict(list)
    for line in papers_of(session, person, at, authentic):
        if line.paper.item_id:
            by_item[line.paper.item_id].append(line)
    issued = {f"result/{d.result_id}": d for d in Decision.objects.filter(session=session)}
    hidden = {ref for ref, decision in issued.items() if decision.audience not in audiences_of(person, at)}
    parts = [PartLine(None)]
    for item in AgendaItem.objects.filter(session=session):
        if item.category == "section":
            parts.append(PartLine(item))
            continue
        result = str(item.conclusion.get("result", ""))
        result = "" if result in hidden else result
        parts[-1].items.append(ItemLine(item, by_item[item.key], issued.get(result), result.partition("/")[2]))
    return [part for part in parts if part.heading or part.items]
