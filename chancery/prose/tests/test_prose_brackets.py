"""Brackets: one stack over the whole text, holders, alternatives, and what is left over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from chancery.prose import brackets
from chancery.prose.units import BadInput, cut

from .strategies import texts


def test_alternatives_have_holders_and_children():
    body = "[a [b]{EU} // c]{#b1 US // EU, CA}"
    outer, inner = brackets.parse([body]).pairs
    assert (outer.id, outer.depth, outer.parent) == ("b1", 1, None)
    assert [(body[a.open[1] : a.close[1]], a.holders) for a in outer.alternatives] == [
        ("a [b]{EU}", ("US",)),
        ("c", ("EU", "CA")),
    ]
    assert (inner.holders, inner.depth, inner.parent) == (("EU",), 2, 0)


def test_one_group_holds_for_all_alternatives():
    (pair,) = brackets.parse(["[a // b]{EU}"]).pairs
    assert [alternative.holders for alternative in pair.alternatives] == [("EU",), ("EU",)]


@pytest.mark.parametrize(
    ("body", "alternatives"), [("[see http://x]", 1), (r"[a \// b]", 1), ("[a // b // ∅]", 3), ("[a](b)", 1)]
)
def test_alternatives_are_parted_by_slashes_with_spaces_only(body, alternatives):
    assert len(brackets.parse([body]).pairs[0].alternatives) == alternatives


@pytest.mark.parametrize("attrs", ["{#1}", "{ }", "{a[b}", "{#b1", "{#b1]x}"])
def test_malformed_attributes_are_text(attrs):
    (pair,) = brackets.parse([f"[x]{attrs}"]).pairs
    assert (pair.id, pair.holders, pair.end) == (None, (), 3)


def test_brackets_pair_across_units_and_the_rest_is_reported():
    found = brackets.parse(["1. [a [b] c", "2. d]] e[^1]"])
    assert [(pair.open, pair.close, pair.is_crossing) for pair in found.pairs] == [
        ((0, 3), (1, 4), True),
        ((0, 6), (0, 8), False),
    ]
    assert (found.unopened, found.unclosed) == (((1, 5),), ())


def test_a_sign_with_a_combining_mark_is_text():
    assert brackets.parse(["[\u0301 a]"]).unopened == ((0, 4),)


def test_escapes_and_calls_are_no_brackets():
    assert brackets.count(r"\[sic\] x[^1]" + "\n") == 0


def test_more_than_64_deep_is_bad_input():
    assert brackets.parse(["[" * 64 + "]" * 64]).depth == 64
    with pytest.raises(BadInput):
        brackets.parse(["[" * 65 + "]" * 65])


@settings(deadline=None)
@given(texts)
def test_every_sign_is_in_a_pair_or_left_over(text):
    found = brackets.parse(cut(text).bodies)
    assert found.signs == brackets.count(text)
    for number, pair in enumerate(found.pairs):
        if pair.parent is not None:
            around = found.pairs[pair.parent]
            assert pair.parent < number
            assert around.open < pair.open
            assert pair.close < around.close
