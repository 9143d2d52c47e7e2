"""The papers of a session as a list shows them to one reader, narrowed by what was asked for; the translation desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from chancery.council import access as council
from chancery.council.models import Person
from chancery.meetings.models import Session
from chancery.papers import access, archive
from chancery.papers.models import Paper
from chancery.papers.queries import Job, Line, jobs, lines, unread
from chancery.texts.models import Draft, Version


@dataclass(frozen=True)
class Shown:
    """A paper in the list: its languages, and whether the reader has read it (`new`, `changed` or nothing)."""

    line: Line
    unread: str

    @property
    def paper(self) -> Paper:
        return self.line.paper

    @property
    def origins(self) -> list[str]:
        """Whose paper it is: its sponsors, and the body whose item it belongs to."""
        body = self.paper.item.body_id if self.paper.item else None
        return [*self.paper.sponsors, *([body] if body and body not in self.paper.sponsors else [])]


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list: its name in the address, what may be chosen, what was."""

    name: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Listed:
    """The list as it is shown. `every` counts what the reader may see, narrowed or not."""

    shown: list[Shown]
    facets: list[Facet]
    every: int
    unread: int
    taken_at: datetime | None
    only_unread: bool
    only_changed: bool


def listed(session: Session, person: Person, at: datetime, asked: Mapping[str, str]) -> Listed:
    """The issued papers that the reader may see, in six queries however many there are."""
    visible = access.visible(person, at).filter(session=session)
    held = list(visible.select_related("item").order_by("tabled_at", "key"))
    news = unread(person, held)
    every = [Shown(line, news.get(line.paper.pk, "")) for line in lines(held, seen=visible)]
    taken = archive.last_taken(person, session)
    only_unread, only_changed = "unread" in asked, bool(taken) and "changed" in asked
    facets = _facets(every, asked)
    kept = [one for one in every if _fits(one, facets) and (one.unread or not only_unread)]
    if only_changed and taken:
        kept = [one for one in kept if _changed(one.line, taken)]
    return Listed(kept, facets, len(every), len(news), taken, only_unread, only_changed)


def _facets(every: list[Shown], asked: Mapping[str, str]) -> list[Facet]:
    items = {one.paper.item.number: one.paper.item.number for one in every if one.paper.item}
    origins = sorted({origin for one in every for origin in one.origins})
    codes = dict.fromkeys([*council.council().authentic, *(c for one in every for c in _codes(one.line))])
    choices = {
        "item": [(number, number) for number in items],
        "from": [(code, code) for code in origins],
        "language": [(code, code) for code in codes],
    }
    return [Facet(name, made, asked.get(name, "")) for name, made in choices.items()]


def _codes(line: Line) -> list[str]:
    return [language.code for language in line.languages]


def _fits(one: Shown, facets: list[Facet]) -> bool:
    item = one.paper.item.number if one.paper.item else ""
    own = {"item": [item], "from": one.origins, "language": _codes(one.line)}
    return all(not facet.chosen or facet.chosen in own[facet.name] for facet in facets)


def _changed(line: Line, since: datetime) -> bool:
    """The same rule as `changed_since`, on rows that are read already."""
    paper = line.paper
    moments = [paper.issued_at, paper.marked_at, paper.withdrawn_at]
    moments += [version.entered_at for version in paper.versions.all()]
    return any(moment is not None and moment > since for moment in moments)


def related(paper: Paper, person: Person, at: datetime) -> list[Paper]:
    """Revisions, addenda and corrigenda of a paper, and what it follows itself, as far as the reader knows of them."""
    kin = Q(parent=paper.pk) | Q(supersedes=paper.pk) | Q(pk__in=[paper.parent_id or "", paper.supersedes_id or ""])
    return list(access.in_sight(person, at).filter(kin).order_by("tabled_at", "key"))


@dataclass(frozen=True)
class Order:
    """A translation to be made, the form to deliver it with, and whether its time is over."""

    job: Job
    late: bool
    address: str


@dataclass(frozen=True)
class Lacking:
    """A draft that cannot be frozen, for its text is missing in authentic languages."""

    draft: Draft
    missing: list[str]


def orders(session: Session, person: Person, at: datetime) -> list[Order]:
    """The translations that are open on papers the reader may see: authentic languages, then official ones."""
    back = reverse("house-translation", args=[session.key])
    seen = access.in_sight(person, at)
    found = jobs(session, asked=council.council().languages["official"], papers=seen)
    return [_order(job, at, back) for job in found]


def _order(job: Job, at: datetime, back: str) -> Order:
    filled = {
        "to": str(job.paper.ref),
        "language": job.language,
        "of": job.source.sha256,
        "official": str(job.official).lower(),
        "next": back,
    }
    return Order(job, job.due_at <= at, f"{reverse('house-act', args=['paper.translate'])}?{urlencode(filled)}")


def lacking(session: Session) -> list[Lacking]:
    """The open drafts of a session that lack an authentic language."""
    frozen = Version.objects.filter(session=session).values("draft")
    open_ = Draft.objects.filter(session=session, withdrawn_at=None).exclude(pk__in=frozen)
    authentic = council.council().authentic
    found = [Lacking(draft, [code for code in authentic if code not in draft.text]) for draft in open_]
    return [one for one in found if one.missing]


def by_language(found: Iterable[Order]) -> list[tuple[str, int, int]]:
    """Per language how many translations are open and how many of them late."""
    counts: dict[str, tuple[int, int]] = {}
    for one in found:
        open_, late = counts.get(one.job.language, (0, 0))
        counts[one.job.language] = (open_ + 1, late + one.late)
    return [(code, *counts[code]) for code in sorted(counts)]
