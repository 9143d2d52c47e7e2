"""What a paper holds: its newest versions per language, and which translations are stale."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Paper, PaperVersion


@dataclass(frozen=True)
class Language:
    """The newest version of a paper in one language; stale when its source has changed since."""

    version: PaperVersion
    stale: bool

    @property
    def code(self) -> str:
        return self.version.language


def languages(paper: Paper) -> list[Language]:
    """The newest version in each language, the originals first."""
    newest: dict[str, PaperVersion] = {}
    for version in paper.versions.all():
        newest[version.language] = version
    current = {version.sha256 for version in newest.values()}
    found = [Language(v, bool(v.translation_of) and v.translation_of not in current) for v in newest.values()]
    return sorted(found, key=lambda language: (bool(language.version.translation_of), language.code))
