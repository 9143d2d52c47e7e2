"""Papers and their versions per language."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from chancery import canon
from chancery.council.models import Person, Series, in_language
from chancery.meetings.models import AgendaItem, Session
from chancery.trail.files import File
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable

from .markings import MARKINGS, audience


class Paper(Referable):
    """A paper under its symbol, tabled and then issued. The key is its symbol."""

    ref_kind = "paper"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.JSONField()
    sponsors = models.JSONField(default=list)
    marking = models.CharField(max_length=20, default="CLEAR")
    late = models.BooleanField(default=False)
    tabled_at = models.DateTimeField()
    tabled_by = models.CharField(max_length=160)
    issued_at = models.DateTimeField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    suffix = models.CharField(max_length=10, blank=True)
    serial = models.PositiveIntegerField(default=0)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.JSONField(default=dict)
    marked_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["tabled_at", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(marking__in=list(MARKINGS)), name="paper_marking"),
            models.UniqueConstraint(
                fields=["parent", "suffix", "serial"], condition=Q(parent__isnull=False), name="paper_suffix_once"
            ),
        ]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def restricted(self) -> bool:
        return self.marking != "CLEAR"

    @property
    def audience(self) -> str:
        """Before it is issued, a paper is the sponsors' and the secretariat's own."""
        return audience(self.marking) if self.issued_at else "secretariat"

    @property
    def digest(self) -> str:
        newest = {version.language: version.sha256 for version in self.versions.all()}
        return canon.sha256(canon.canonical_json(newest))

    @property
    def languages(self) -> list[str]:
        return list(dict.fromkeys(version.language for version in self.versions.all()))

    @property
    def stale(self) -> list[str]:
        """The languages whose newest text was translated from a text that has changed since."""
        newest = {version.language: version for version in self.versions.all()}
        current = {version.sha256 for version in newest.values()}
        return [code for code, held in newest.items() if held.translation_of and held.translation_of not in current]

    @property
    def known_since(self) -> datetime | None:
        return self.issued_at

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class PaperVersion(Recorded):
    """The content of a paper in one language. A new version supersedes; none is overwritten."""

    never_changes = True

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    language = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    file = models.JSONField()
    official = models.BooleanField()
    translation_of = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["paper", "language", "number"]
        constraints = [models.UniqueConstraint(fields=["paper", "language", "number"], name="paper_version_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.language} {self.number}"

    @property
    def sha256(self) -> str:
        return str(self.file["sha256"])

    @property
    def stored(self) -> File:
        return File(**self.file)


class ReadMark(models.Model):
    """That a person read a version. Not an act: it may be lost without harm to the record."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(PaperVersion, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.version_id}"


class Opening(models.Model):
    """That a person was given a version of a restricted paper. The secretariat reads this log."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(PaperVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["version", "opened_at"], name="opening_version")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.version_id}"


class TakenZip(models.Model):
    """When a person last took all papers of a session in one file, so that the next holds what is new."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "session"], name="taken_zip_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.session_id}"
