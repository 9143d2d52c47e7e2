"""The append-only record of every act, what each mentions, and what the clock owes."""

from __future__ import annotations

from django.db import models

from .reading import Recorded


class Record(Recorded):
    """The line of one act. Never changes after birth (trigger)."""

    never_changes = True

    id = models.BigIntegerField(primary_key=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    args = models.JSONField()
    by = models.CharField(max_length=160)
    office = models.CharField(max_length=30, blank=True)
    for_whom = models.CharField(max_length=160, blank=True)
    entered_by = models.CharField(max_length=160, blank=True)
    via = models.CharField(max_length=10)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    session = models.CharField(max_length=20, blank=True)
    result = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=10)
    rule = models.CharField(max_length=60, blank=True)
    because = models.TextField(blank=True)
    request_id = models.CharField(max_length=80, blank=True)
    official = models.CharField(max_length=10, blank=True)
    audience = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=["done", "refused"]), name="record_outcome"),
            models.CheckConstraint(condition=models.Q(official__in=["", "open", "sealed"]), name="record_official"),
            models.UniqueConstraint(
                fields=["by", "request_id"], condition=~models.Q(request_id=""), name="record_request_once"
            ),
        ]
        indexes = [models.Index(fields=["session", "id"], name="record_session")]

    def __str__(self) -> str:
        return f"{self.id} {self.act} {self.subject}"


class Mention(Recorded):
    """Every reference in an act's subject, arguments and result: history of an object finds all its acts."""

    never_changes = True

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "ref"], name="mention_once")]
        indexes = [models.Index(fields=["ref", "record"], name="mention_ref")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.ref}"


class Due(models.Model):
    """What the clock owes: an act on a subject at an instant. A row is settled once."""

    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["settled", "at"], name="due_open")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.act} {self.subject}"
