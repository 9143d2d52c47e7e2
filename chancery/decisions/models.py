"""Decisions and statements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.council.models import Series, in_language
from chancery.floor.models import QuestionPut, Result
from chancery.meetings.models import session_field
from chancery.trail.files import File
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable


class Decision(Referable):
    """An adopted text under its number. The key is its symbol."""

    ref_kind = "decision"
    never_changes = True

    session = session_field()
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    title = models.JSONField()
    text = models.JSONField()
    content_digest = models.CharField(max_length=64)
    hidden = models.BooleanField(default=False)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["issued_at", "key"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def restricted(self) -> bool:
        return self.hidden

    @property
    def audience(self) -> str:
        return "council" if self.hidden else "public"

    @property
    def digest(self) -> str:
        return self.content_digest

    @property
    def languages(self) -> list[str]:
        return list(self.text)

    def file(self, language: str) -> File:
        return File(**self.text[language])

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class Statement(Referable):
    """What members say beside a decision: it stands on every rendition of it. The key is `51/7/1`."""

    ref_kind = "statement"
    never_changes = True

    session = session_field()
    question = models.ForeignKey(QuestionPut, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    text = models.JSONField()
    authors = models.JSONField()
    paragraph = models.CharField(max_length=20, blank=True)
    late = models.BooleanField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["interpretative", "reservation", "explanation", "record"]), name="statement_kind"
            )
        ]

    @property
    def audience(self) -> str:
        return self.question.audience

    @property
    def restricted(self) -> bool:
        return self.question.restricted

    def words(self, language: str) -> str:
        """The statement in `language`, else in a language it was filed in."""
        file = self.text.get(language) or self.text.get("en") or next(iter(self.text.values()))
        return File(**file).text().strip()


class StatementWithdrawal(Recorded):
    """That an author took its statement back. The statement stays in the record and stands on no rendition."""

    never_changes = True

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.statement_id}"
