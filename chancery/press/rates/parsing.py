"""From a bank's answer to its rates: the feed is picked by root or shape, every doubt refuses the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from chancery.press.rates.banks import Bank, Feed, bank
from chancery.press.rates.forms import PARSERS, OtherShape, Row
from chancery.press.rates.tables import FeedRefused, Rate, RateTable

MOST_BYTES = 2 << 20

_CODE = re.compile(r"[A-Z]{3}")
_VALUE = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
_COUNT = re.compile(r"[1-9]\d{0,8}", re.ASCII)


def parse(name: str, data: bytes) -> list[RateTable]:
    """The tables in an answer of the bank `name`, by date, oldest first; empty where it says "no data".

    Raises FeedRefused for a wrong root or shape, an error text or web page, a missing date, a value that
    is not positive, a nominal that is no whole number above 0, a document type, more than 2 MB.
    """
    source = bank(name)
    if len(data) > MOST_BYTES:
        raise FeedRefused(f"the answer is longer than {MOST_BYTES} bytes")
    return _tables(source, *_rows(source, data))


def _rows(source: Bank, data: bytes) -> tuple[Feed, list[Row]]:
    reasons = []
    for feed in source.feeds:
        try:
            rows = list(PARSERS[feed.form.parser](data, feed))
        except OtherShape as reason:
            reasons.append(f"{feed.id}: {reason}")
            continue
        if not rows and feed.form.parser != "json":
            raise FeedRefused(f"{feed.id}: the answer holds no rate")
        return feed, rows
    raise FeedRefused("no feed of this bank looks like this (" + "; ".join(reasons) + ")")


def _tables(source: Bank, feed: Feed, rows: Iterable[Row]) -> list[RateTable]:
    rates: dict[date, dict[str, Rate]] = {}
    days: dict[date, int] = {}
    for row in rows:
        if feed.leaves_out(row.code):
            continue
        day, rate = _day(row.date, feed), _rate(row, feed)
        if rates.setdefault(day, {}).setdefault(rate.code, rate) != rate:
            raise FeedRefused(f"{rate.code} stands twice for {day}, with two values")
        if row.valid_days:
            days[day] = min(days.get(day, _count(row.valid_days, row)), _count(row.valid_days, row))
    return [RateTable(source.id, day, rates[day], days.get(day)) for day in sorted(rates)]


def _rate(row: Row, feed: Feed) -> Rate:
    if not _CODE.fullmatch(row.code):
        raise FeedRefused(f"{row.code!r} is no code of a currency")
    written = row.value.replace(feed.fields.decimal, ".")
    if not _VALUE.fullmatch(written) or not Decimal(written):
        raise FeedRefused(f"{row.code}: {row.value!r} is no value above zero")
    nominal = _count(row.nominal, row) if feed.fields.nominal else 1
    return Rate(row.code, nominal, Decimal(written))


def _count(text: str, row: Row) -> int:
    if not _COUNT.fullmatch(text):
        raise FeedRefused(f"{row.code}: {text!r} is no whole number above zero")
    return int(text)


def _day(text: str, feed: Feed) -> date:
    # Time stamps are cut: the day as written is meant, in the bank's own zone, and is never converted.
    written = text.split("T")[0].strip()
    try:
        return datetime.strptime(written, feed.form.date_format).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        reason = f"{text!r} is no date of the form {feed.form.date_format}" if text else "the date is missing"
        raise FeedRefused(reason) from None
