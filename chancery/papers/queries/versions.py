"""What papers hold: the newest version per language, what is stale, what authentic language is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects

from chancery.council import access as council

from ..models import Paper, PaperVersion


@dataclass(frozen=True)
class Language:
    """The newest version of a paper in one language; stale when its source has changed since."""

    version: PaperVersion
    stale: bool

    @property
    def code(self) -> str:
        return self.version.language


@dataclass(frozen=True)
class Line:
    """A paper as a list shows it: its languages, the authentic ones it lacks, and what stands in its place now."""

    paper: Paper
    languages: list[Language]
    missing: list[str]
    superseded_by: str

    @property
    def stale(self) -> list[str]:
        return [language.code for language in self.languages if language.stale]


def languages(paper: Paper) -> list[Language]:
    """The newest version in each language, the originals first."""
    newest: dict[str, PaperVersion] = {version.language: version for version in paper.versions.all()}
    stale = paper.stale
    found = [Language(version, code in stale) for code, version in newest.items()]
    return sorted(found, key=lambda language: (bool(language.version.translation_of), language.code))


def lines(papers: Iterable[Paper], *, seen: QuerySet[Paper] | None = None) -> list[Line]:
    """Papers for a list, in two queries however many there are (and one for the council, once a request).

    `seen` are the papers that the reader may see: a revision that is none of them is not named to him.
    """
    held = list(papers)
    prefetch_related_objects(held, "versions")
    authentic = council.council().authentic
    known = Paper.objects.all() if seen is None else seen
    later = known.filter(supersedes__in=held, withdrawn_at=None).exclude(issued_at=None)
    superseded = dict(later.values_list("supersedes", "key"))
    return [_line(paper, authentic, superseded.get(paper.pk, "")) for paper in held]


def _line(paper: Paper, authentic: list[str], superseded_by: str) -> Line:
    found = languages(paper)
    codes = {language.code for language in found}
    return Line(paper, found, [code for code in authentic if code not in codes], superseded_by)
