"""What each person wants to hear of, and every notice that went or goes to a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.council.models import Person
from chancery.trail.models import Record


class Preference(models.Model):
    """A person's zone, the hour of the daily digest there, whether mail is wanted, and what was seen."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    zone = models.CharField(max_length=60)
    hour = models.PositiveSmallIntegerField(default=7)
    mail = models.BooleanField(default=True)
    chosen = models.BooleanField(default=False)
    seen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(hour__lt=24), name="preference_hour")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.zone} {self.hour}"


class Subscription(models.Model):
    """One thing a person hears of: a kind of act, a body, or an object by its symbol; at once or daily."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    at_once = models.BooleanField(default=False)

    class Meta:
        ordering = ["about", "value"]
        constraints = [
            models.UniqueConstraint(fields=["person", "about", "value"], name="subscription_once"),
            models.CheckConstraint(condition=Q(about__in=["act", "body", "item", "symbol"]), name="subscription_about"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.about} {self.value}"


class Mailing(models.Model):
    """One notice to one person about one act, from the queue to the proof of delivery.

    `handing` is written down before the mail server is spoken to; who finds it later knows that a process died there.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    legal = models.BooleanField(default=False)
    daily = models.BooleanField(default=False)
    why = models.CharField(max_length=220)
    state = models.CharField(max_length=10, default="queued")
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    message_id = models.CharField(max_length=120, blank=True)
    tries = models.PositiveIntegerField(default=0)
    handing_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    bounced_at = models.DateTimeField(null=True)
    bounce = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "record"], name="mailing_once"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "handing", "handed", "refused", "dropped", "unsure"]),
                name="mailing_state",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="mailing_due"),
            models.Index(fields=["message_id"], name="mailing_message"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} to {self.person_id}"


class Followed(models.Model):
    """The last record from which notices were made."""

    record = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.record)
