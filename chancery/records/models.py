"""What a delegation contests of what the secretariat entered for it."""

from __future__ import annotations

from django.db import models

from chancery.council.models import member_field
from chancery.meetings.models import session_field
from chancery.trail.reading import Recorded


class Contest(Recorded):
    """A member says that an entry made for it is not what it did or said. The entry stands, and this beside it."""

    never_changes = True

    session = session_field()
    subject = models.CharField(max_length=200)
    question = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=20)
    member = member_field()
    was = models.CharField(max_length=200)
    should_be = models.CharField(max_length=200)
    by = models.CharField(max_length=160)
    contested_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["question"], name="contest_question")]

    def __str__(self) -> str:
        return f"{self.subject} {self.member_id}"
