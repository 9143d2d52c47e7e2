"""Drafts, and versions: immutable states with a digest."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from chancery.council.models import in_language
from chancery.meetings.models import AgendaItem, Session, session_field
from chancery.trail.refs import Referable


class Draft(Referable):
    """A text while it is negotiated. The key is `51/D1`."""

    ref_kind = "draft"

    session = session_field()
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.JSONField()
    text = models.JSONField()
    translated = models.JSONField(default=list)
    sponsors = models.JSONField(default=list)
    tabled_at = models.DateTimeField()
    tabled_by = models.CharField(max_length=160)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["session", "tabled_at", "key"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def audience(self) -> str:
        return "council"

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class Version(Referable):
    """A frozen state of a draft: canonical bytes per language, and one digest over all of them."""

    ref_kind = "version"
    never_changes = True

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.JSONField()
    content_digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["draft", "number"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def audience(self) -> str:
        return "council"

    @property
    def digest(self) -> str:
        return self.content_digest

    @property
    def languages(self) -> list[str]:
        return list(self.text)

    @property
    def known_since(self) -> datetime:
        return self.draft.tabled_at

    @property
    def withdrawn_at(self) -> datetime | None:
        return self.draft.withdrawn_at

    @property
    def sponsors(self) -> list[str]:
        named: list[str] = self.draft.sponsors
        return named

    @property
    def title(self) -> dict[str, str]:
        titles: dict[str, str] = self.draft.title
        return titles
