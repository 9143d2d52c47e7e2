"""Circulars that went out and letters that came in."""

from __future__ import annotations

from django.db import models

from chancery.council.models import Series
from chancery.trail.refs import Referable

from .agenda import AgendaItem
from .gathering import Session


class Circular(Referable):
    """A letter of the secretariat to the members, with a symbol. The key is its symbol."""

    ref_kind = "circular"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.JSONField()
    files = models.JSONField()
    recipients = models.JSONField()
    reply_by = models.DateTimeField(null=True)
    replies_to = models.ForeignKey("Letter", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "key"]

    @property
    def audience(self) -> str:
        return "council"


class Letter(Referable):
    """A letter that came in. The key is the year and its number in it: `2026/3`."""

    ref_kind = "letter"
    never_changes = True

    sender = models.CharField(max_length=200)
    reference = models.CharField(max_length=200)
    dated_on = models.DateField()
    file = models.JSONField()
    reply_by = models.DateTimeField(null=True)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="+")
    replies_to = models.ForeignKey(Circular, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at", "key"]

    @property
    def session_id(self) -> str | None:
        row = self.item or self.replies_to
        return row.session_id if row else None

    @property
    def audience(self) -> str:
        return "secretariat"
