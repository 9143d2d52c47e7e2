"""Digests come once a day in the reader's zone, also when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chancery.notices.clock import next_digest, pause

ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Bishkek", "Australia/Lord_Howe", "Africa/Cairo"])


def test_two_digests_over_the_change_to_summer_time_are_23_hours_apart():
    first = next_digest(datetime(2027, 3, 27, 0, tzinfo=UTC), "Europe/Berlin", 7)
    second = next_digest(first, "Europe/Berlin", 7)
    assert [first, second] == [datetime(2027, 3, 27, 6, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC)]


def test_an_hour_that_the_change_leaves_out_is_read_as_the_moment_after_it():
    due = next_digest(datetime(2027, 3, 27, 12, tzinfo=UTC), "Europe/Berlin", 2)
    assert due == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert due.astimezone(ZoneInfo("Europe/Berlin")).hour == 3


def test_an_hour_that_comes_twice_brings_one_digest():
    first = next_digest(datetime(2027, 10, 30, 12, tzinfo=UTC), "Europe/Berlin", 2)
    second = next_digest(first, "Europe/Berlin", 2)
    assert [first, second] == [datetime(2027, 10, 31, 0, tzinfo=UTC), datetime(2027, 11, 1, 1, tzinfo=UTC)]


MINUTES = st.integers(0, 15 * 366 * 24 * 60)


@given(MINUTES.map(lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n)), ZONES, st.integers(0, 23))
def test_each_calendar_day_has_one_digest_later_than_the_last(after, zone, hour):
    days, here = [], after
    for _ in range(4):
        following = next_digest(here, zone, hour)
        assert here < following <= here + timedelta(hours=26)
        here = following
        days.append(here.astimezone(ZoneInfo(zone)).date())
    assert [b - a for a, b in zip(days, days[1:], strict=False)] == [timedelta(days=1)] * 3


@given(st.integers(1, 50))
def test_each_pause_is_at_least_as_long_as_the_one_before(tries):
    assert timedelta(minutes=1) <= pause(tries) <= pause(tries + 1) <= timedelta(hours=4)
