"""Which day's rates are in force, and what waits for a person."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.press.rates import FeedRefused, Rate, RateTable, before, beyond, change, in_force, is_stale, jumps, parse

SAMPLES = Path(__file__).parent / "samples"
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


def table(value: str, day: date = date(2026, 10, 22), nominal: int = 1) -> RateTable:
    return RateTable("cre", day, {"USD": Rate("USD", nominal, Decimal(value))})


def test_the_saturday_rate_rules_until_monday() -> None:
    days = [found.day for found in parse("cbr", (SAMPLES / "cbr_dynamic.xml").read_bytes())]
    for sunday_and_monday in (date(2027, 3, 28), date(2027, 3, 29)):
        assert in_force(days, sunday_and_monday) == date(2027, 3, 27)
    assert before(days, date(2027, 3, 27)) == date(2027, 3, 26)


def test_tomorrows_file_leaves_todays_rates_alone() -> None:
    days = [date(2026, 10, 21), date(2026, 10, 22), date(2026, 10, 23)]
    assert in_force(days, date(2026, 10, 22)) == date(2026, 10, 22)


def test_before_the_first_day_the_earliest_known_is_shown() -> None:
    assert in_force([date(2026, 10, 23), date(2026, 10, 24)], date(2026, 10, 1)) == date(2026, 10, 23)
    assert in_force([], date(2026, 10, 1)) is None
    assert before([date(2026, 10, 23)], date(2026, 10, 23)) is None


@given(st.lists(DAYS, min_size=1), DAYS)
def test_a_later_today_never_shows_an_earlier_day(days: list[date], today: date) -> None:
    now, then = in_force(days, today), in_force(days, today + timedelta(days=1))
    assert now is not None and then is not None
    assert now <= then or now > today


@given(st.lists(DAYS), DAYS)
def test_the_day_before_is_the_greatest_smaller_one(days: list[date], day: date) -> None:
    found = before(days, day)
    assert all(other >= day or (found is not None and other <= found) for other in days)


def test_a_change_is_told_in_the_published_nominal() -> None:
    assert change(Rate("USD", 1, Decimal("41.1765")), Rate("USD", 1, Decimal("41.2075"))) == Decimal("0.0310")
    assert change(Rate("RUB", 1, Decimal("0.361")), Rate("RUB", 100, Decimal("36.2"))) == Decimal("0.1")


@pytest.mark.parametrize(("value", "held"), [("120", []), ("120.0001", ["USD"]), ("80", []), ("79.9999", ["USD"])])
def test_a_jump_over_a_fifth_waits_for_a_person(value: str, held: list[str]) -> None:
    assert jumps(table("100"), table(value)) == held


def test_a_change_of_nominal_is_no_jump() -> None:
    assert jumps(table("0.5"), table("50", nominal=100)) == []


def test_a_table_more_than_a_week_ahead_is_refused() -> None:
    today = date(2026, 10, 22)
    beyond([table("1", today + timedelta(days=7))], today)
    with pytest.raises(FeedRefused, match="ahead"):
        beyond([table("1", today + timedelta(days=8))], today)


def test_a_row_is_stale_the_day_after_its_greatest_age() -> None:
    day = date(2026, 10, 20)
    assert not is_stale(day, day + timedelta(days=4), 4)
    assert is_stale(day, day + timedelta(days=5), 4)


def test_a_nominal_that_is_no_power_of_ten_is_divided() -> None:
    assert Rate("USD", 4, Decimal(10)).per_unit == Decimal("2.5")
