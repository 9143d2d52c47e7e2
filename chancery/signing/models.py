"""Instruments and signed acts."""

from __future__ import annotations

from django.db import models

from chancery.council.models import MemberKey, Person, member_field
from chancery.decisions.models import Decision
from chancery.meetings.models import session_field
from chancery.trail.files import File
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable


class Instrument(Referable):
    """A decision opened for signature, with the PDF that every signature names. The key is its symbol."""

    ref_kind = "instrument"
    never_changes = True

    session = session_field()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    signatories = models.JSONField()
    level = models.CharField(max_length=2)
    until = models.DateTimeField(null=True)
    pdf = models.JSONField()
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["opened_at", "key"]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def restricted(self) -> bool:
        return self.decision.restricted

    @property
    def document(self) -> File:
        return File(**self.pdf)


class SignedAct(Recorded):
    """One signatory's act text with its evidence. Never changes; a withdrawal is another act."""

    never_changes = True

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    session = session_field()
    member = member_field()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(MemberKey, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    note = models.JSONField()
    text_digest = models.CharField(max_length=64, unique=True)
    late = models.BooleanField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.member_id}"


class Declined(Recorded):
    """That a signatory said it would not sign, and why. It may sign all the same while the round is open."""

    never_changes = True

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    member = member_field()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=160)
    declined_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.member_id}"


class SignatureWithdrawal(Recorded):
    """That a signatory took its signature back before the instrument was in force. The signed act stays."""

    never_changes = True

    signed = models.OneToOneField(SignedAct, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=160)
    withdrawn_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.signed_id}"


class RoundClosed(Recorded):
    """That the round of signatures of an instrument is over; who has not signed by then does not."""

    never_changes = True

    instrument = models.OneToOneField(Instrument, on_delete=models.PROTECT, related_name="closing")
    by = models.CharField(max_length=160)
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.instrument_id}"
