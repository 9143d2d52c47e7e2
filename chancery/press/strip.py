"""The strip at the top of public pages: the seat with its clock, and the rates of the bank the council names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import translation

from chancery import fmt
from chancery.council.models import Council, in_language, local_day

from . import rates as published
from .models import Rate


@dataclass(frozen=True)
class Shown:
    """One rate as shown: nominal and value as published, and how it moved against the rate in force before."""

    currency: str
    nominal: int
    value: str
    home: str
    moved: str
    by: str


@dataclass(frozen=True)
class Strip:
    """The seat, its offset now, and the rates in force (none where they are stale or unknown)."""

    seat: str
    zone: str
    offset: str
    machine_offset: str
    bank: str
    day: date | None
    rates: tuple[Shown, ...]
    invented: bool


def strip(council: Council, at: datetime) -> Strip:
    """What the strip shows at an instant."""
    language = translation.get_language() or "en"
    there = at.astimezone(ZoneInfo(council.zone))
    day, rates, bank = _rates(council, local_day(at, council.zone), language)
    return Strip(
        seat=in_language(council.seat, language),
        zone=council.zone,
        offset=fmt.offset(at, ZoneInfo(council.zone)),
        machine_offset=there.strftime("%z")[:3] + ":" + there.strftime("%z")[3:],
        bank=bank,
        day=day,
        rates=rates,
        invented=council.rehearsal,
    )


def _rates(council: Council, today: date, language: str) -> tuple[date | None, tuple[Shown, ...], str]:
    name = council.rates.get("bank")
    if not name or name not in published.banks():
        return None, (), ""
    bank = published.bank(name)
    rows = list(Rate.objects.filter(bank=name, held=False).order_by("-effective_on", "-pk")[:400])
    day = published.in_force({row.effective_on for row in rows}, today)
    if day is None or published.is_stale(day, today, bank.max_age_days):
        return None, (), bank.name
    earlier = published.before({row.effective_on for row in rows}, day)
    wanted = council.rates.get("show") or list(bank.show)
    shown = [_shown(code, bank.home, rows, day, earlier, language) for code in wanted[:3]]
    return day, tuple(rate for rate in shown if rate), bank.name


def _shown(code: str, home: str, rows: list[Rate], day: date, earlier: date | None, language: str) -> Shown | None:
    row = _newest(rows, code, day)
    if row is None:
        return None
    before = _newest(rows, code, earlier) if earlier else None
    change = Decimal(row.value) - Decimal(before.value) if before and before.nominal == row.nominal else None
    moved = "" if change is None else "up" if change > 0 else "down" if change < 0 else "same"
    by = fmt.number(abs(change), language) if change else ""
    return Shown(code, row.nominal, fmt.number(Decimal(row.value), language), home, moved, by)


def _newest(rows: list[Rate], code: str, day: date) -> Rate | None:
    return next((row for row in rows if row.currency == code and row.effective_on == day), None)
