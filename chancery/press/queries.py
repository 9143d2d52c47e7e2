"""What the public sees at an instant. `visible` is the only door to items for public output."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from . import rates as published
from .models import PressItem, Rate, Release


def visible(at: datetime) -> QuerySet[PressItem]:
    """Items the public may see at `at`: the embargo is this predicate, never a scheduled job."""
    return PressItem.objects.filter(state="released", public_from__lte=at, withdrawn_at=None)


def shown(item: PressItem, at: datetime) -> Release | None:
    """The release of an item shown at `at`: the newest one published by then."""
    return Release.objects.filter(item=item, published_at__lte=at).order_by("-number").first()


def rate_table(bank: str, *, before: date) -> published.RateTable | None:
    """The bank's newest table in force before a day, as it stands in the record."""
    day = Rate.objects.filter(bank=bank, effective_on__lt=before, held=False).order_by("-effective_on").first()
    return _table(bank, day.effective_on) if day else None


def _table(bank: str, day: date) -> published.RateTable:
    rows = Rate.objects.filter(bank=bank, effective_on=day, held=False).order_by("pk")
    rates = {row.currency: published.Rate(row.currency, row.nominal, Decimal(row.value)) for row in rows}
    return published.RateTable(bank, day, rates)
