"""Delegations with their credentials, and those who are invited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.council.models import Person, member_field
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable

from .gathering import session_field


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


class Delegate(Recorded):
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


class Credential(Recorded):
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


class CredentialObjection(Recorded):
    """A member's objection to the credentials of another delegation; it stands until the ruling."""

    never_changes = True

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="objections")
    member = member_field()
    reason = models.CharField(max_length=200)
    objected_at = models.DateTimeField()

    class Meta:
        ordering = ["objected_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["delegation", "member"], name="credentials_objected_once")]

    def __str__(self) -> str:
        return f"{self.member_id} against {self.delegation_id}"


class Invitation(Referable):
    """An observer, guest or expert invited to a session, with a right set and, perhaps, named people."""

    ref_kind = "invitation"

    session = session_field()
    number = models.PositiveIntegerField()
    invitee = models.JSONField()
    kind = models.CharField(max_length=20)
    rights = models.JSONField()
    people = models.JSONField(default=list)
    state = models.CharField(max_length=20, default="sent")
    sent_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["sent", "accepted", "declined"]), name="invitation_state")
        ]

    @property
    def audience(self) -> str:
        """Who is invited with which rights is the council's business, and that of the people named."""
        return "council"

    @property
    def status(self) -> str:
        return self.state
