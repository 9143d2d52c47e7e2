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
    newest: dict[str, PaperVersion] = {version.language: version for version in paper.versions.all()}
    stale = paper.stale
    found = [Language(version, code in stale) for code, version in newest.items()]
    return sorted(found, key=lambda language: (bool(language.version.translation_of), language.code))
