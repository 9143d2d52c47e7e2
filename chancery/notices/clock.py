"""When a digest is due: once on each calendar day of a zone, at one hour there. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_digest(after: datetime, zone: str, hour: int) -> datetime:
    """The first instant later than `after` at which it is `hour` o'clock in `zone`.

    An hour that a clock change leaves out is read as the moment after it; one that comes twice counts the first time.
    """
    there = ZoneInfo(zone)
    day = after.astimezone(there).date() - timedelta(days=1)
    while True:
        due = datetime.combine(day, time(hour), there).astimezone(UTC)
        if due > after:
            return due
        day += timedelta(days=1)


# Minutes to wait after each failure of the mail server; the last one repeats.
PAUSES = (1, 5, 15, 60, 240)


def pause(tries: int) -> timedelta:
    """How long to wait after so many failures."""
    return timedelta(minutes=PAUSES[min(tries, len(PAUSES)) - 1])
