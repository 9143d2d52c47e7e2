"""Sessions, meetings, delegations with their credentials and presence, agenda, circulars, speeches."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from chancery import canon
from chancery.council.models import Body, Person, RuleSetVersion, Series, in_language, member_field
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
                condition=Q(state__in=["planned", "convened", "open", "closed"]), name="session_state"
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


class Meeting(Referable):
    """One sitting, of the session or of a body. The key is `51/2`, or `51/AC.1/1`."""

    ref_kind = "meeting"

    session = session_field()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    room = models.CharField(max_length=40, blank=True)
    mode = models.CharField(max_length=20)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, default="open")
    opening_quorum = models.JSONField(default=dict)

    class Meta:
        ordering = ["session", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "suspended", "closed"]), name="meeting_state")
        ]

    @property
    def organ(self) -> str:
        return self.body_id or "council"


class Interval(models.Model):
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


class Delegation(Referable):
    """A member at one session. The key is `51/ALD`."""

    ref_kind = "delegation"

    session = session_field()
    member = member_field()
    letter = models.JSONField(null=True)
    notified_at = models.DateTimeField()
    ruling = models.CharField(max_length=10, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["session", "member__seat"]
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="delegation_once")]

    @property
    def organ(self) -> str:
        return "council"


class Delegate(models.Model):
    """A person on a delegation's letter: head, alternate or adviser, within a span."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="delegates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=10)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__in=["head", "alternate", "adviser"]), name="delegate_capacity")
        ]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.person_id} {self.capacity}"


class Credential(models.Model):
    """Proof of who represents a member, as it came in."""

    never_changes = True

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="credentials")
    form = models.CharField(max_length=10)
    letter = models.JSONField(null=True)
    received_at = models.DateTimeField()
    late = models.BooleanField()

    class Meta:
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.form}"


class Presence(models.Model):
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
    taken_up_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["listed", "under_debate", "concluded"]), name="item_state")
        ]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def status(self) -> str:
        return self.outcome

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class Circular(Referable):
    """A letter of the secretariat to the members, with a symbol. The key is its symbol."""

    ref_kind = "circular"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.JSONField()
    files = models.JSONField()
    recipients = models.JSONField()
    reply_by = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "key"]

    @property
    def audience(self) -> str:
        return "council"


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


def overlaps(from_at: datetime, to_at: datetime | None, at: datetime) -> bool:
    """Whether a span holds the instant."""
    return from_at <= at and (to_at is None or at < to_at)
