"""What is put to the decision, what members answer, and the result with its working."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chancery.council.models import Body, member_field
from chancery.meetings.models import AgendaItem, Meeting, session_field
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable

STATES = ("put", "closed", "referred", "withdrawn", "postponed")
VALUES = ("for", "against", "abstain", "invalid", "present_not_participating", "absent")


class QuestionPut(Referable):
    """A question put to the decision, with the electorate as it stood. The key is `51/7`."""

    ref_kind = "question"

    session = session_field()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    subject_digest = models.CharField(max_length=64)
    subject_restricted = models.BooleanField(default=False)
    title = models.JSONField()
    method = models.CharField(max_length=20)
    test = models.CharField(max_length=40, blank=True)
    items = models.JSONField()
    electorate = models.JSONField()
    checks = models.JSONField(default=list)
    state = models.CharField(max_length=20, default="put")
    subject_audience = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(null=True)
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["session", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="question_state"),
            models.CheckConstraint(condition=Q(method__in=["consensus", "vote"]), name="question_method"),
            models.UniqueConstraint(fields=["session", "number"], name="question_number_once"),
        ]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def restricted(self) -> bool:
        return self.subject_restricted

    @property
    def audience(self) -> str:
        """A question on a restricted paper is seen by those who may see the paper."""
        return (self.subject_audience or "council") if self.restricted else "public"


class Objection(Recorded):
    """A member's stated objection; it blocks consensus."""

    never_changes = True

    question = models.ForeignKey(QuestionPut, on_delete=models.PROTECT, related_name="objections")
    member = member_field()
    reason = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=20)
    by = models.CharField(max_length=160)
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.member_id}"


class Ballot(Recorded):
    """One cast value. A later one of the same member counts in its place, until the result."""

    never_changes = True

    question = models.ForeignKey(QuestionPut, on_delete=models.PROTECT, related_name="ballots")
    member = member_field()
    value = models.CharField(max_length=30)
    mode = models.CharField(max_length=20)
    by = models.CharField(max_length=160)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(value__in=VALUES), name="ballot_value")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.member_id} {self.value}"


class Referral(Recorded):
    """A question or draft sent to a body for its advice, by a date."""

    subject = models.CharField(max_length=200)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    by_when = models.DateField(null=True)
    referred_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.body_id}"


class Poll(Recorded):
    """A show of opinion on an item, as it was counted. It decides nothing."""

    never_changes = True

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    question = models.JSONField()
    values = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.values}"


class Result(Referable):
    """The outcome computed and declared, with the inputs from which anybody recomputes it. Keyed as its question."""

    ref_kind = "result"
    never_changes = True

    question = models.OneToOneField(QuestionPut, on_delete=models.PROTECT, related_name="result")
    session = session_field()
    status = models.CharField(max_length=30)
    document = models.JSONField()
    outcome = models.JSONField()
    override = models.JSONField(null=True)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=160)

    class Meta:
        ordering = ["session", "question__number"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def restricted(self) -> bool:
        return self.question.restricted

    @property
    def audience(self) -> str:
        return self.question.audience

    @property
    def tallies(self) -> dict[str, Any]:
        tallies: dict[str, Any] = self.outcome["tallies"]
        return tallies
