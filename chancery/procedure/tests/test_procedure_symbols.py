"""Symbols: what is printed reads back as what it was made of."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chancery.procedure.symbols import (
    NUMBERS,
    BadSymbol,
    Suffix,
    Symbol,
    Template,
    check,
    next_counter,
    next_suffix,
    ordinal,
    reserve,
    roman,
    superseded_by,
)

PATTERNS = [
    "PC.JOUR/{counter}",
    "PC.DEL/{counter}/{year:yy}",
    "{organ}/{session}/L.{counter}",
    "{organ}/AC.{serial}/{session}/CRP.{counter}",
    "MEPC {session}/INF.{counter}",
    "MEPC {session}/{item}/{counter}",
    "EB{session}.R{counter}",
    "GOV/{year:yyyy}/{counter}",
    "GC({session})/RES/{counter}",
    "EX.CL/{counter} {session:(roman)}",
    "{session:roman}/DOC/{counter:03}",
    "{session:ordinal} session/DOC/{counter}",
    "Decision {counter}/CP.{session}",
    "CFS:{year:yyyy}/{counter}",
    "{body}/WP.{meeting}/{counter:02}",
    "ST {counter:05}/{year:yyyy}",
]
KINDS = st.sampled_from(["Rev", "Add", "Corr", "Amend"])
SUFFIXES = st.lists(st.builds(Suffix, KINDS, st.integers(1, 99)), max_size=4)
TEXT = st.text("ABCXYZabc.-", min_size=1, max_size=6).filter(lambda text: set(text) - {"."} and text[0] not in ".-")


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_parsing_what_was_formatted_gives_it_back(pattern, data):
    template = Template(pattern)
    fields = {name: data.draw(field(name, pattern)) for name in names_in(pattern)}
    suffixes, reissues = tuple(data.draw(SUFFIXES)), data.draw(st.integers(0, 2))
    try:
        symbol = template.format(suffixes=suffixes, reissues=reissues, **fields)
    except BadSymbol:
        assume(False)
    assert template.parse_whole(symbol) == Symbol(fields, suffixes, reissues)
    assert template.parse(symbol) == fields
    assert check(symbol) == symbol


def names_in(pattern):
    return [part.split("}")[0].split(":")[0] for part in pattern.split("{")[1:]]


def field(name, pattern):
    if name not in NUMBERS:
        return TEXT
    if f"{{{name}:yy}}" in pattern:
        return st.integers(2000, 2099)
    return st.integers(1000, 9999) if f"{{{name}:yyyy}}" in pattern else st.integers(1, 3999)


def test_printed_symbols_of_real_bodies():
    assert Template("PC.DEL/{counter}/{year:yy}").format(counter=1237, year=2020) == "PC.DEL/1237/20"
    assert Template("EX.CL/{counter} {session:(roman)}").format(counter=195, session=7) == "EX.CL/195 (VII)"
    assert Template("{organ}/{session}/L.{counter}").format(organ="A", session=51, counter=7) == "A/51/L.7"
    revised = Template("{organ}/{session}/L.{counter}").format(
        organ="A", session=51, counter=7, suffixes=[Suffix("Rev", 1), Suffix("Corr", 2)], reissues=1
    )
    assert revised == "A/51/L.7/Rev.1/Corr.2*"


def test_local_words_for_suffixes():
    words = {"Add": "ADD", "Corr": "COR", "Rev": "REV"}
    template = Template("ST {counter}/{year:yyyy}", words=words, sep=" ", numsep=" ")
    symbol = template.format(counter=12345, year=2000, suffixes=[Suffix("Add", 1), Suffix("Corr", 1)])
    assert symbol == "ST 12345/2000 ADD 1 COR 1"
    assert template.parse_whole(symbol).suffixes == (Suffix("Add", 1), Suffix("Corr", 1))


def test_a_corrigendum_to_an_addendum_is_valid_and_an_addendum_to_a_corrigendum_is_not():
    template = Template("{session}/DOC/{counter}")
    assert template.parse("51/DOC/4/Add.1/Corr.2") == {"session": 51, "counter": 4}
    with pytest.raises(BadSymbol, match="Add may not follow Corr"):
        template.parse("51/DOC/4/Corr.1/Add.1")


def test_the_scope_of_a_counter_is_the_pattern_with_all_else_filled():
    assert Template("{session}/DOC/{counter}").scope(session=51) == "51/DOC/{counter}"


UNREADABLE = [
    "{nobody}/{counter}",
    "{counter}/{counter}",
    "{session}{counter}",
    "A?{counter}",
    "{counter",
    "{body:roman}",
]


@pytest.mark.parametrize("pattern", UNREADABLE)
def test_a_pattern_that_could_not_be_read_back_is_refused(pattern):
    with pytest.raises(BadSymbol):
        Template(pattern)


@pytest.mark.parametrize(
    "symbol", ["", "A?1", "A#1", "A%1", "A\\1", "A/../1", "A/./1", "A//1", "/A", "A/", " A", "A\n"]
)
def test_a_symbol_that_could_not_stand_in_an_address_is_refused(symbol):
    with pytest.raises(BadSymbol):
        check(symbol)


@pytest.mark.parametrize(
    "fields", [{}, {"session": 51}, {"session": "51", "counter": 1}, {"session": -1, "counter": 1}]
)
def test_missing_or_unfit_fields_are_refused(fields):
    with pytest.raises(BadSymbol):
        Template("{session}/DOC/{counter}").format(**fields)


def test_text_that_would_read_back_as_something_else_is_refused():
    with pytest.raises(BadSymbol):
        Template("{body}/{counter}").format(body="A/B", counter=1)


def test_a_symbol_of_another_series_is_refused():
    with pytest.raises(BadSymbol, match="no symbol of the series"):
        Template("{session}/DOC/{counter}").parse("51/INF/4")


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(value):
    template = Template("{session:roman}/{counter}")
    assert template.parse(template.format(session=value, counter=1))["session"] == value
    assert roman(value) == roman(value).upper()


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 51, 111, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "51st", "111th", "112th",
    ]  # fmt: skip


@given(st.lists(st.integers(1, 50)))
def test_a_reserved_number_was_never_taken(taken):
    number = reserve(taken)
    assert number not in taken
    assert next_counter([*taken, number]) == number + 1
    with pytest.raises(BadSymbol, match="never used twice"):
        reserve([*taken, number], wanted=number)


def test_suffixes_count_under_their_parent_and_only_a_revision_supersedes():
    assert next_suffix("Rev", [Suffix("Rev", 1), Suffix("Corr", 5)]) == Suffix("Rev", 2)
    assert superseded_by(Suffix("Rev", 2)) == 1
    assert superseded_by(Suffix("Add", 2)) is None
