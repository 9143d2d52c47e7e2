"""What is read most: a decaying sum per item and language, without any trace of a visitor.

An event of weight w at t adds w * 2**((t - T0) / H) to the score, with landmark T0 and half-life H; the order of
the list needs no clock. No address, browser or single hit is stored; raw counts are never shown.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from .models import PopularClock, PopularScore, PressItem
from .queries import visible

ENOUGH = 10
FEWEST = 3
LONGEST = 8
REBASE_AT = 500


def weight(t: datetime, landmark: datetime, half_life_hours: int) -> float:
    """What one event at `t` is worth in the scale of the landmark."""
    return float(2.0 ** ((t - landmark).total_seconds() / 3600 / half_life_hours))


def _clock(at: datetime) -> PopularClock:
    found = PopularClock.objects.first()
    return found or PopularClock.objects.create(landmark=at)


def count(item: PressItem, language: str, at: datetime, day: date, visitors: int = 1) -> None:
    """Add readers of an item on a local day."""
    clock = _clock(at)
    row, _ = PopularScore.objects.get_or_create(item=item, language=language, defaults={"day": day})
    _turn_day(row, day)
    added = visitors * weight(at, clock.landmark, clock.half_life_hours)
    PopularScore.objects.filter(pk=row.pk).update(score=F("score") + added, today=F("today") + visitors)


def _turn_day(row: PopularScore, day: date) -> None:
    if row.day == day:
        return
    yesterday = row.today if row.day == day - timedelta(days=1) else 0
    PopularScore.objects.filter(pk=row.pk, day=row.day).update(day=day, yesterday=yesterday, today=0)


def popular(language: str, at: datetime, day: date) -> list[PressItem]:
    """The items read most in a language, most first; nothing while fewer than three are eligible."""
    near = (day, day - timedelta(days=1))
    rows = PopularScore.objects.filter(language=language, day__in=near, item__in=visible(at)).select_related("item")
    eligible = [row for row in rows.order_by("-score", "-item__published_at") if _visitors(row, day) >= ENOUGH]
    return [row.item for row in eligible[:LONGEST]] if len(eligible) >= FEWEST else []


def _visitors(row: PopularScore, day: date) -> int:
    """Distinct visitors of today and yesterday; a row not touched today holds yesterday's count as its own."""
    return row.today + row.yesterday if row.day == day else row.today


def is_new_visitor(address: str, browser: str, item: str, day: date) -> bool:
    """Whether this visitor has not been counted for the item today. Only a salted digest is kept, for a day."""
    salt = cache.get_or_set(f"popular-salt-{day}", lambda: secrets.token_hex(16), 86_400)
    network = _network(address)
    digest = hashlib.blake2b(f"{salt}|{network}|{browser}|{item}".encode(), digest_size=16).hexdigest()
    return bool(cache.add(f"popular-{digest}", 1, 86_400))


def _network(address: str) -> str:
    """The network of an address: /24, or /48."""
    if ":" in address:
        return ":".join(address.split(":")[:3])
    return ".".join(address.split(".")[:3])


def may_count(network_of: str, day: date) -> bool:
    """At most 60 events a minute from one network."""
    minute = int(datetime.now(UTC).timestamp() // 60)
    key = f"popular-flood-{_network(network_of)}-{minute}-{day}"
    cache.add(key, 0, 120)
    return int(cache.incr(key)) <= 60


def rebase_when_due() -> None:
    """Move the landmark once scores grow large: order and values stay, a double never overflows."""
    clock = PopularClock.objects.first()
    if clock is None:
        return
    at = datetime.now(UTC)
    halves = (at - clock.landmark).total_seconds() / 3600 / clock.half_life_hours
    if halves > REBASE_AT:
        rebase(clock, at)


def rebase(clock: PopularClock, landmark: datetime) -> None:
    """All scores in the scale of a new landmark, in one transaction."""
    factor = weight(clock.landmark, landmark, clock.half_life_hours)
    with transaction.atomic():
        PopularScore.objects.update(score=F("score") * factor)
        PopularClock.objects.filter(pk=clock.pk).update(landmark=landmark)
