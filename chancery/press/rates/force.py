"""Which rates are in force, how they moved, and what must wait for a person.

Days are the effective dates of the bank; `today` is the day in the council's zone and always an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from chancery.press.rates.tables import FeedRefused, Rate, RateTable

AHEAD = timedelta(days=7)
JUMP = Fraction(1, 5)


def in_force(days: Iterable[date], today: date) -> date | None:
    """The latest day not after `today`; where there is none, the earliest known; None without any."""
    known = sorted(days)
    return max((day for day in known if day <= today), default=known[0] if known else None)


def before(days: Iterable[date], day: date) -> date | None:
    """The effective day before `day`, with which an arrow compares."""
    return max((known for known in days if known < day), default=None)


def change(earlier: Rate, later: Rate) -> Decimal:
    """By how much the later rate differs, in the nominal in which it is published."""
    if earlier.nominal == later.nominal:
        return later.value - earlier.value
    return later.value - earlier.per_unit * later.nominal


def jumps(earlier: RateTable, later: RateTable) -> list[str]:
    """The codes whose value moved by more than a fifth: a person must say that this is no error."""
    shared = [code for code in later.rates if code in earlier.rates]
    return [code for code in shared if _moved(earlier.rates[code], later.rates[code]) > JUMP]


def beyond(tables: Iterable[RateTable], today: date) -> None:
    """Raises FeedRefused if a table is for a day more than a week ahead: no bank publishes so early."""
    for table in tables:
        if table.day > today + AHEAD:
            raise FeedRefused(f"{table.day} is more than {AHEAD.days} days ahead of {today}")


def is_stale(day: date, today: date, max_age_days: int) -> bool:
    """Whether the row of `day` is too old to be shown."""
    return today - day > timedelta(days=max_age_days)


def _moved(earlier: Rate, later: Rate) -> Fraction:
    old, new = (Fraction(rate.value) / rate.nominal for rate in (earlier, later))
    return abs(new - old) / old
