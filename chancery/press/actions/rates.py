"""The act that brings exchange rates in."""

from __future__ import annotations

from datetime import datetime

from chancery.council.access import council
from chancery.council.models import Council, local_day
from chancery.trail.actor import Actor
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File

from .. import access, queries
from .. import rates as published
from ..models import Rate


@act("rates.import", may=access.may_import_rates, folder="rates")
def import_rates(*, bank: str, file: File, fetched_at: datetime, by: Actor, at: datetime) -> Council:
    """Import a bank's published rates; a jump over 20 % is held until a person imports the file again."""
    if fetched_at > at:
        raise Refused("order", "the file was fetched after it is imported")
    house = council()
    try:
        tables = published.parse(bank, file.read())
        published.beyond(tables, local_day(at, house.zone))
    except ValueError as error:
        raise Refused("rates", f"{file.name}: {error}") from None
    for table in tables:
        _enter(table, file, fetched_at, by_person=by.id != "clock")
    satisfies("rates")
    return house


def _enter(table: published.RateTable, file: File, fetched_at: datetime, *, by_person: bool) -> None:
    earlier = queries.rate_table(table.bank, before=table.day)
    jumped = set(published.jumps(earlier, table)) if earlier else set()
    seen = Rate.objects.filter(bank=table.bank, effective_on=table.day, raw_sha256=file.sha256).exists()
    for code, rate in table.rates.items():
        Rate.objects.create(
            bank=table.bank,
            currency=code,
            nominal=rate.nominal,
            value=str(rate.value),
            effective_on=table.day,
            fetched_at=fetched_at,
            raw_sha256=file.sha256,
            held=code in jumped and not (seen and by_person),
        )
