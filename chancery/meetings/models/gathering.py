"""Sessions and their meetings: states, spans in which they sat, who was present, challenges of the quorum."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from chancery.council.models import Body, Person, RuleSetVersion, in_language, member_field
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable


class Session(Referable):
    """A numbered gathering of the council. The key is its number."""

    ref_kind = "session"

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=30)
    title = models.JSONField()
    venue = models.JSONField()
    zone = models.CharField(max_length=60)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    host = member_field(null=True)
    rooms = models.JSONField(default=list)
    deadlines = models.JSONField(default=dict)
    state = models.CharField(max_length=20, default="planned")
    ruleset = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    notice = models.JSONField(default=dict)
    notice_check = models.JSONField(default=dict)
    convened_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "convened", "open", "closed", "postponed", "cancelled"]),
                name="session_state",
            ),
            models.CheckConstraint(condition=Q(opens_at__lt=models.F("closes_at")), name="session_opens_first"),
        ]

    @property
    def session_id(self) -> str:
        return self.key

    @property
    def organ(self) -> str:
        return "council"

    @property
    def status(self) -> str:
        return self.state

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


def session_field() -> models.ForeignKey[Session, Session]:
    """A foreign key to the session that a row belongs to."""
    return models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")


# A meeting that is over: closed, or adjourned to a later one.
ENDED = ("adjourned", "closed")


class Meeting(Referable):
    """One sitting, of the session or of a body. The key is `51/2`, or `51/AC.1/1`."""

    ref_kind = "meeting"

    session = session_field()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    room = models.CharField(max_length=40, blank=True)
    mode = models.CharField(max_length=20)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, default="open")
    opening_quorum = models.JSONField(default=dict)

    class Meta:
        ordering = ["session", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "open", "suspended", "adjourned", "closed"]), name="meeting_state"
            )
        ]

    @property
    def organ(self) -> str:
        return self.body_id or "council"

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class Interval(Recorded):
    """A span in which a meeting sat: opened or resumed, until suspended or closed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=20, blank=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting"], condition=Q(to_at=None), name="interval_open_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.from_at:%H:%M}"


class Presence(Recorded):
    """A span in which a delegation was present at a meeting, in the room or remotely."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    member = member_field()
    channel = models.CharField(max_length=10)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_at", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id}"


class QuorumChallenge(Recorded):
    """A member's challenge of the quorum of a meeting or of a question, and the count it led to."""

    never_changes = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    member = member_field()
    found = models.JSONField()
    challenged_at = models.DateTimeField()

    class Meta:
        ordering = ["challenged_at", "pk"]

    def __str__(self) -> str:
        return f"{self.member_id} challenges {self.subject}"


def overlaps(from_at: datetime, to_at: datetime | None, at: datetime) -> bool:
    """Whether a span holds the instant."""
    return from_at <= at and (to_at is None or at < to_at)
