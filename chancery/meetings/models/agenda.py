"""The agenda, its items, and what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery import canon
from chancery.council.models import Body, Person, in_language
from chancery.trail.refs import Referable

from .gathering import session_field


class AgendaVersion(Referable):
    """A state of the agenda: provisional, revised, supplementary; which one was adopted stands on the session."""

    ref_kind = "agenda"

    session = session_field()
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    items = models.JSONField()
    issued_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "number"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def digest(self) -> str:
        return canon.sha256(canon.canonical_json(self.items))


class AgendaItem(Referable):
    """A stable item of the agenda. The key is `51/KEY`; KEY is the item's first number."""

    ref_kind = "item"

    session = session_field()
    number = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    title = models.JSONField()
    category = models.CharField(max_length=20)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    sponsors = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=20, default="listed")
    outcome = models.CharField(max_length=20, blank=True)
    conclusion = models.JSONField(default=dict)
    discussed_from = models.DateTimeField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["listed", "under_debate", "concluded", "withdrawn"]), name="item_state"
            )
        ]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def status(self) -> str:
        return self.outcome

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class Speech(Referable):
    """Words spoken and kept, in their language and in translation. The key is `51/1`."""

    ref_kind = "speech"
    never_changes = True

    session = session_field()
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    text = models.JSONField()
    spoken_at = models.DateTimeField()
    outside_meeting = models.BooleanField(default=False)

    class Meta:
        ordering = ["session", "number"]
