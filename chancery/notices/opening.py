"""A notice opened in the house by the person it was sent to: part of the proof of delivery."""

from __future__ import annotations

from datetime import datetime

from chancery.trail.refs import Ref

from .models import Mailing


def opened(mailing: Mailing, at: datetime) -> Ref:
    """Write down the first opening, and give what the notice is about."""
    Mailing.objects.filter(pk=mailing.pk, opened_at=None).update(opened_at=at)
    return Ref(mailing.record.result or mailing.record.subject)
