"""What a bank published for one day: values as published, exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class FeedRefused(ValueError):
    """A bank's answer that is not taken, and why; what is known already stays in force."""


@dataclass(frozen=True)
class Rate:
    """`nominal` units of `code` are worth `value`; for a bank that counts the other way round, one unit
    of the bank's own currency is worth `value` of `code`."""

    code: str
    nominal: int
    value: Decimal

    @property
    def per_unit(self) -> Decimal:
        """The value of one unit: exact where the nominal is a power of ten, as every bank's is."""
        zeros = len(str(self.nominal)) - 1
        if self.nominal == 10**zeros:
            return self.value.scaleb(-zeros)
        return self.value / self.nominal


@dataclass(frozen=True)
class RateTable:
    """The rates of one bank for one effective date, by code; `valid_days` where the bank states it."""

    bank: str
    day: date
    rates: dict[str, Rate]
    valid_days: int | None = None
