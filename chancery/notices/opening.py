"""A notice opened in the house by the person it was sent to: part of the proof of delivery."""

from __future__ import annotations

from datetime import datetime

from .models import Mailing


def opened(mailing: Mailing, at: datetime) -> None:
    """Write down the first opening; a later one changes nothing."""
    Mailing.objects.filter(pk=mailing.pk, opened_at=None).update(opened_at=at)
