"""Every bank's file reads as the oracle says; whatever is doubtful is refused whole."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.press.rates import FeedRefused, Rate, RateTable, bank, banks, parse

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
FILES = sorted(
    path.name for path in SAMPLES.iterdir() if path.suffix in {".xml", ".csv", ".json"} and path.name != "expected.json"
)


def bank_of(file: str) -> str:
    return file.replace(".", "_").split("_")[0]


def tables(file: str) -> list[RateTable]:
    return parse(bank_of(file), (SAMPLES / file).read_bytes())


def nbkr(items: str, day: str = "27.03.2027") -> bytes:
    return f'<CurrencyRates Date="{day}">{items}</CurrencyRates>'.encode()


def nbkr_item(code: str = "USD", nominal: str = "1", value: str = "87,45") -> str:
    return f'<Currency ISOCode="{code}"><Nominal>{nominal}</Nominal><Value>{value}</Value></Currency>'


@pytest.mark.parametrize("file", EXPECTED)
def test_each_sample_reads_as_the_oracle_says(file: str) -> None:
    oracle, (table,) = EXPECTED[file], tables(file)
    source = bank(bank_of(file))
    side = "base" if source.direction == "foreign_per_home" else "quote"
    assert (oracle[side], oracle["date"], oracle.get("valid_days")) == (
        source.home,
        table.day.isoformat(),
        table.valid_days,
    )
    for code, value in oracle["rates"].items():
        assert table.rates[code].per_unit == Decimal(value)


def test_the_dynamic_file_of_russia_has_four_days_of_one_currency() -> None:
    found = {table.day.day: table.rates["USD"].value for table in tables("cbr_dynamic.xml")}
    assert found == {25: Decimal("81.4004"), 26: Decimal("81.4500"), 27: Decimal("81.5005"), 30: Decimal("81.6006")}


def test_a_file_of_before_2023_needs_no_unit_rate() -> None:
    (table,) = tables("cbr_daily_before_2023.xml")
    assert (table.day, len(table.rates)) == (date(2022, 2, 22), 6)


def test_the_european_history_comes_oldest_first_and_holds_the_rouble_once() -> None:
    found = tables("ecb_hist.xml")
    assert [table.day for table in found] == sorted(table.day for table in found)
    assert len(found) == 5
    assert [table.rates["RUB"].value for table in found if "RUB" in table.rates] == [Decimal("111.2222")]


def test_the_trailing_comma_makes_no_currency() -> None:
    found = {table.day: table.rates for table in tables("ecb_hist.csv")}
    assert len(found) == 5
    assert set(found[date(2027, 3, 31)]) == {"USD", "JPY", "ISK"}
    assert found[date(2025, 12, 31)]["BGN"].value == Decimal("1.9558")


def test_an_empty_observation_is_skipped() -> None:
    assert [(table.day, set(table.rates)) for table in tables("ecb_sdmx.csv")] == [(date(2027, 3, 25), {"USD"})]


def test_the_rss_form_of_kazakhstan_is_read_too() -> None:
    (table,) = tables("nbk_rates_all.xml")
    assert (table.rates["USD"].per_unit, table.rates["UZS"].per_unit) == (Decimal("486.54"), Decimal("0.0399"))


def test_the_month_comes_first_in_the_xml_of_belarus() -> None:
    (table,) = tables("nbrb_xml.xml")
    assert table.day == date(2027, 3, 27)
    assert table.rates["AMD"].per_unit == Decimal("0.0078014")


def test_georgia_carries_its_date_outside_and_may_have_no_data() -> None:
    answer = (
        b'[{"date":"2026-02-28T00:00:00.000Z","currencies":[{"code":"IRR","quantity":10000,"rate":0.0271,'
        b'"date":"2026-02-27T17:00:00.000Z"},{"code":"USD","quantity":1,"rate":2.6900}]}]'
    )
    (table,) = parse("nbg", answer)
    assert (table.day, table.rates["IRR"].per_unit) == (date(2026, 2, 28), Decimal("0.00000271"))
    assert table.rates["USD"].value == Decimal("2.6900")
    assert parse("nbg", b"[]") == []


def nested(path: list[str], inner: str) -> bytes:
    return ("".join(f"<{step}>" for step in path) + inner + "".join(f"</{step}>" for step in reversed(path))).encode()


def test_armenia_answers_a_range_with_a_zone_that_is_not_converted() -> None:
    day = "<RateDate>2027-03-26T00:00:00+04:00</RateDate>"
    inner = "".join(
        f"<ExchangeRatesByRange><ISO>{code}</ISO><Amount>1</Amount><Rate>377.01</Rate>{day}</ExchangeRatesByRange>"
        for code in ("USD", "XAU")
    )
    call = "ExchangeRatesByDateRangeByISO"
    path = ["Envelope", "Body", f"{call}Response", f"{call}Result", "diffgram", "DocumentElement"]
    (table,) = parse("cba", nested(path, inner))
    assert (table.day, set(table.rates)) == (date(2027, 3, 26), {"USD"})


def test_azerbaijan_lists_metals_first_and_they_are_left_alone() -> None:
    metal = '<Valute Code="GLD"><Nominal>1 t.u.</Nominal><Value>5000</Value></Valute>'
    money = '<Valute Code="RUB"><Nominal>100</Nominal><Value>2.0911</Value></Valute>'
    groups = f'<ValType Type="Bank metalları">{metal}</ValType><ValType Type="Xarici valyutalar">{money}</ValType>'
    (table,) = parse("cbar", f'<ValCurs Date="27.03.2027">{groups}</ValCurs>'.encode())
    assert {code: rate.per_unit for code, rate in table.rates.items()} == {"RUB": Decimal("0.020911")}


@pytest.mark.parametrize(
    ("file", "name"), [("cbr_error.xml", "cbr"), ("cbr_metall.xml", "cbr"), ("nbkr_html_maintenance.html", "nbkr")]
)
def test_errors_sent_as_answers_are_refused(file: str, name: str) -> None:
    with pytest.raises(FeedRefused):
        parse(name, (SAMPLES / file).read_bytes())


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"", "no XML"),
        (nbkr(""), "no rate"),
        (nbkr(nbkr_item(), day=""), "date is missing"),
        (nbkr(nbkr_item(), day="2027-03-27"), "no date of the form"),
        (nbkr(nbkr_item(), day="31.02.2027"), "no date of the form"),
        (nbkr(nbkr_item(nominal="0")), "whole number above zero"),
        (nbkr(nbkr_item(nominal="1 t.u.")), "whole number above zero"),
        (nbkr(nbkr_item(nominal="")), "whole number above zero"),
        (nbkr(nbkr_item(value="0,0000")), "no value above zero"),
        (nbkr(nbkr_item(value="-1")), "no value above zero"),
        (nbkr(nbkr_item(value="NaN")), "no value above zero"),
        (nbkr(nbkr_item(value="1e5")), "no value above zero"),
        (nbkr(nbkr_item(value="")), "no value above zero"),
        (nbkr(nbkr_item(code="Dollar")), "no code of a currency"),
        (nbkr(nbkr_item() + nbkr_item(value="88")), "stands twice"),
        (b'<!DOCTYPE CurrencyRates [<!ENTITY a "1">]>' + nbkr(nbkr_item(value="&a;")), "document type"),
        (b'<!DOCTYPE CurrencyRates SYSTEM "file:///etc/passwd">' + nbkr(nbkr_item()), "document type"),
        (b" " * (2 << 20) + nbkr(nbkr_item()), "longer than"),
    ],
)
def test_a_doubtful_answer_is_refused_with_its_reason(answer: bytes, says: str) -> None:
    with pytest.raises(FeedRefused, match=says):
        parse("nbkr", answer)


@pytest.mark.parametrize("answer", [b'{"a":1}', b'[{"Ccy":"USD"}]', b"[1]", b"[" * 100_000, b'[{"Ccy":NaN}]', b"\xff"])
def test_json_of_another_shape_is_refused(answer: bytes) -> None:
    with pytest.raises(FeedRefused):
        parse("cbu", answer)


def test_an_unknown_bank_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(FeedRefused, match="nbkr"):
        parse("bank", b"")


def test_all_twelve_banks_and_the_invented_one_are_described() -> None:
    real = {"ecb", "cbr", "nbkr", "nbk", "nbt", "cbu", "nbrb", "bnm", "nbg", "cba", "cbar", "nbu"}
    assert {name for name, entry in banks().items() if not entry.invented} == real
    assert all(feed.url.startswith("https://") for name in real for feed in bank(name).feeds)
    assert all(set(bank(name).show).isdisjoint({bank(name).home}) for name in banks())


rates = st.builds(
    Rate,
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVW", min_size=3, max_size=3),
    st.sampled_from([1, 10, 100, 1000, 100_000]),
    st.decimals(min_value="0.0001", max_value="99999", places=4),
)
unique_rates = st.lists(rates, min_size=1, max_size=8, unique_by=lambda rate: rate.code)
days = st.dates(min_value=date(1996, 1, 1), max_value=date(2099, 12, 31))


def as_xml(found: list[Rate], day: date) -> bytes:
    items = "".join(nbkr_item(rate.code, str(rate.nominal), str(rate.value).replace(".", ",")) for rate in found)
    return nbkr(items, f"{day:%d.%m.%Y}")


def as_json(found: list[Rate], day: date) -> bytes:
    items = [
        {"Ccy": rate.code, "Nominal": str(rate.nominal), "Rate": str(rate.value), "Date": f"{day:%d.%m.%Y}"}
        for rate in found
    ]
    return json.dumps(items).encode()


def as_cube(found: list[Rate], day: date) -> bytes:
    items = "".join(f"<Cube currency='{rate.code}' rate='{rate.value}'/>" for rate in found)
    return f"<Envelope><Cube><Cube time='{day}'>{items}</Cube></Cube></Envelope>".encode()


@settings(max_examples=40)
@given(unique_rates, days)
def test_what_was_written_is_read_again(found: list[Rate], day: date) -> None:
    by_code = {rate.code: rate for rate in found}
    assert parse("nbkr", as_xml(found, day)) == [RateTable("nbkr", day, by_code)]
    assert parse("cbu", as_json(found, day)) == [RateTable("cbu", day, by_code)]
    single = [Rate(rate.code, 1, rate.value) for rate in found]
    assert parse("ecb", as_cube(single, day)) == [RateTable("ecb", day, {rate.code: rate for rate in single})]


@settings(max_examples=40)
@given(unique_rates, days, st.randoms())
def test_the_order_of_items_changes_nothing(found: list[Rate], day: date, chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert parse("nbkr", as_xml(found, day)) == parse("nbkr", as_xml(shuffled, day))


@given(rates)
def test_scaling_nominal_and_value_together_changes_no_unit(rate: Rate) -> None:
    assert Rate(rate.code, rate.nominal * 10, rate.value * 10).per_unit == rate.per_unit


@settings(max_examples=200)
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(file: str, data: st.DataObject) -> None:
    whole = (SAMPLES / file).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:at] + data.draw(st.binary(max_size=12)) + whole[at + length :]
    try:
        found = parse(bank_of(file), damaged)
    except FeedRefused:
        return
    assert all(rate.value > 0 and rate.nominal > 0 for table in found for rate in table.rates.values())
