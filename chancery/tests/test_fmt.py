"""What people read: a golden file for each language, and the rules that hold in all of them."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery import fmt

GOLDEN = Path(__file__).parent / "fmt"
DAY = date(2026, 11, 24)
INSTANT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
VELMAR = ZoneInfo("Asia/Dubai")
COUNTS = [0, 1, 2, 5, 11, 21, Decimal("1.5")]


def rendition(language: str) -> dict[str, object]:
    return {
        "direction": fmt.direction(language),
        "name": fmt.language_name(language),
        "short": fmt.date_short(DAY, language),
        "long": fmt.date_long(DAY, language),
        "full": fmt.date_full(DAY, language),
        "work": fmt.date_work(DAY, language),
        "work with year": fmt.date_work(DAY, language, year=True),
        "moment": fmt.moment(INSTANT, VELMAR, language),
        "moment with zone": fmt.moment_with_zone(INSTANT, VELMAR, language),
        "number": fmt.number(Decimal("1234567.50"), language),
        "plurals": {str(count): fmt.plural_form(count, language) for count in COUNTS},
    }


@pytest.mark.parametrize("language", fmt.LANGUAGES)
def test_each_language_reads_as_its_golden_file_says(language: str) -> None:
    assert rendition(language) == json.loads((GOLDEN / f"{language}.json").read_text(encoding="utf-8"))


def test_work_pages_write_the_day_before_the_month() -> None:
    assert fmt.moment(INSTANT, VELMAR, "en") == "Tue 24 Nov, 08:00"
    assert fmt.date_work(DAY, "en", year=True) == "Tue 24 Nov 2026"
    assert fmt.date_full(DAY, "en") == "Tuesday 24 November 2026"


def test_the_russian_year_keeps_its_narrow_space() -> None:
    assert fmt.date_long(DAY, "ru") == "24 ноября 2026\u202fг."


def test_azerbaijani_runs_left_to_right_and_persian_does_not() -> None:
    assert (fmt.direction("az"), fmt.direction("fa"), fmt.direction("ar")) == ("ltr", "rtl", "rtl")


def test_latin_and_cyrillic_uzbek_are_two_languages() -> None:
    assert fmt.language_name("uz") != fmt.language_name("uz-Cyrl")


@pytest.mark.parametrize(("count", "says"), [(1, "1 голос"), (2, "2 голоса"), (5, "5 голосов"), (21, "21 голос")])
def test_russian_votes_are_counted_in_three_forms(count: int, says: str) -> None:
    forms = {"one": "{n} голос", "few": "{n} голоса", "many": "{n} голосов", "other": "{n} голоса"}
    assert fmt.plural(count, "ru", forms) == says


def test_a_missing_form_falls_back_to_other() -> None:
    assert fmt.plural(2, "ar", {"one": "عضو واحد", "other": "{n} أعضاء"}) == "2 أعضاء"


@pytest.mark.parametrize(
    ("count", "form"), [(0, "one"), (1, "one"), (Decimal("0.4"), "one"), (2, "other"), (21, "other")]
)
def test_tajik_has_one_form_for_none_and_one(count: int | Decimal, form: str) -> None:
    assert fmt.plural_form(count, "tg") == form


def test_kyrgyz_letters_stand_in_their_places() -> None:
    words = ["яр", "өрүк", "нан", "үй", "ңор", "обо", "папа", "унаа", "ёлка", "ель"]
    ordered = ["ель", "ёлка", "нан", "ңор", "обо", "өрүк", "папа", "унаа", "үй", "яр"]
    assert sorted(words, key=lambda word: fmt.sort_key(word, "ky")) == ordered


def test_accents_and_case_do_not_part_words() -> None:
    words = ["zone", "Élan", "elan", "École", "eau"]
    assert sorted(words, key=lambda word: fmt.sort_key(word, "fr")) == ["eau", "École", "elan", "Élan", "zone"]


@pytest.mark.parametrize(
    ("zone", "says"),
    [("Asia/Dubai", "UTC+4"), ("UTC", "UTC"), ("Asia/Kolkata", "UTC+5:30"), ("America/St_Johns", "UTC−3:30")],
)
def test_the_offset_is_that_of_the_instant(zone: str, says: str) -> None:
    assert fmt.offset(INSTANT, ZoneInfo(zone)) == says


def test_a_clock_change_shows_in_the_offset() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert fmt.offset(datetime(2026, 7, 1, tzinfo=UTC), berlin) == "UTC+2"
    assert fmt.offset(datetime(2026, 1, 1, tzinfo=UTC), berlin) == "UTC+1"


def test_a_naive_time_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (the fault under test)
    with pytest.raises(TypeError):
        fmt.machine(naive)
    with pytest.raises(TypeError):
        fmt.moment(naive, VELMAR, "en")


def test_the_datetime_attribute_holds_no_microseconds() -> None:
    assert fmt.machine(INSTANT.replace(microsecond=7)) == "2026-11-24T04:00:00+00:00"


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        fmt.number(Decimal("NaN"), "en")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_no_digit_of_a_number_is_lost_in_any_language(value: Decimal) -> None:
    digits = [sign for sign in str(value) if sign.isdigit()]
    for language in fmt.LANGUAGES:
        printed = [sign for sign in fmt.number(value, language) if sign.isdigit()]
        assert printed == digits


@given(st.lists(st.text(alphabet="абвгдеёжзийңнөоүуһ АЁҢabc", max_size=6)), st.sampled_from(fmt.LANGUAGES))
def test_sort_keys_tell_all_texts_apart(texts: list[str], language: str) -> None:
    assert len({fmt.sort_key(text, language) for text in texts}) == len(set(texts))
