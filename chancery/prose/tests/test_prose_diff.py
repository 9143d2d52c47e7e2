"""Diff and apply: exact for every two texts, minimal in deleted words, and loud where a quote is wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.prose import marked, ops
from chancery.prose.errors import DoesNotApply, LawBroken
from chancery.prose.ops import Delete, EditUnit, Insert, Lead, Move, apply, diff
from chancery.prose.tokens import grapheme_borders, tokens
from chancery.prose.units import cut
from chancery.prose.worddiff import Edit, edit_body, word_diff

from .strategies import WORDS, texts, wild

A = "# Draft decision\n\n1. Parties shall report annually.\n\n2. 各缔约方应当合作。\n\n3. The fund is open.\n"
B = A.replace("shall report annually", "[shall]{Arcadia} report annually to the Council").replace("应当", "可以")


def test_the_worked_example():
    found = diff(A, B)
    assert found.before == ("7b0b229545d01fee806441903742269f404266d9efa8d16c4e5d28981fd2735b", 4)
    assert found.after == ("ca57ce9580ee50db661c7102b6717df1fe005a8d700c0a98f743ebe8e9d07b84", 4)
    assert found.ops == (
        EditUnit(1, (Edit(11, "", "["), Edit(16, "", "]{Arcadia}"), Edit(32, "", " to the Council"))),
        EditUnit(2, (Edit(7, "应当", "可以"),)),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected", "end"),
    [
        ("a b c\n", "a c\n", [EditUnit(0, (Edit(2, "b ", ""),))], None),
        ("1. x\n\n2. y\n", "1. x\n\n2. y", [], ""),
        (
            "seven eight nine\n\none two three\n\nfour five six\n",
            "one two three\n\nfour five six\n\nseven eight nine\n",
            [Move(0, 2, "seven eight nine")],
            None,
        ),
        (
            "| Year | Levy |\n| 2027 | 5 |\n",
            "| Year | Levy |\n| 2027 | 6 |\n| 2028 | 6 |\n",
            [EditUnit(1, (Edit(9, "5", "6"),)), Insert(1, "| 2028 | 6 |", "\n")],
            None,
        ),
        ("ok 👩‍👩‍👧 now\n", "ok 👩‍👧 now\n", [EditUnit(0, (Edit(3, "👩‍👩‍👧", "👩‍👧"),))], None),
    ],
)
def test_small_vectors(old, new, expected, end):
    found = diff(old, new)
    assert list(found.ops) == expected
    assert found.end == end
    assert apply(old, found) == new


@settings(deadline=None, max_examples=200)
@given(st.one_of(texts, wild), st.one_of(texts, wild))
def test_applying_the_difference_makes_the_second_text(old, new):
    assert apply(old, diff(old, new)) == new


@settings(deadline=None)
@given(st.text(), st.text())
def test_so_it_does_for_all_unicode_texts(old, new):
    assert apply(old, diff(old, new)) == new


@given(st.one_of(texts, wild))
def test_a_text_does_not_differ_from_itself(text):
    assert diff(text, text).ops == ()


@settings(deadline=None)
@given(texts, texts)
def test_no_edit_splits_a_grapheme(old, new):
    bodies = cut(old).bodies
    for op in diff(old, new).ops:
        if isinstance(op, EditUnit):
            borders = grapheme_borders(bodies[op.at])
            assert all(edit.s in borders and edit.end in borders for edit in op.edits)


def lcs(old: tuple[str, ...], new: tuple[str, ...]) -> int:
    @lru_cache(None)
    def best(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        if old[i] == new[j]:
            return 1 + best(i + 1, j + 1)
        return max(best(i + 1, j), best(i, j + 1))

    return best(0, 0)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
def test_deleted_words_are_the_fewest_there_can_be(old, new):
    edits = word_diff(" ".join(old), " ".join(new))
    assert edit_body(" ".join(old), edits) == " ".join(new)
    deleted = sum(not token.isspace() for edit in edits for token in tokens(edit.old))
    assert deleted == len(old) - lcs(tuple(old), tuple(new))


@settings(deadline=None)
@given(texts, texts)
def test_rejecting_all_is_before_and_accepting_all_is_after(old, new):
    marks = marked.marked(old, new)
    assert "".join(mark.text for mark in marks if mark.kind != "ins") == old
    assert "".join(mark.text for mark in marks if mark.kind != "del") == new


@pytest.mark.parametrize(
    "wrong",
    [
        replace(diff(A, B), before=ops.State("0" * 64, 4)),
        replace(diff(A, B), after=ops.State("0" * 64, 4)),
        replace(diff(A, B), before=diff(A, B).before._replace(units=5)),
        replace(diff(A, B), after=diff(A, B).after._replace(units=5)),
        replace(diff(A, B), ops=(EditUnit(2, (Edit(7, "应该", "可以"),)),)),
        replace(diff(A, B), ops=(EditUnit(2, (Edit(8, "应当", "可以"),)),)),
        replace(
            diff(A, B),
            ops=(
                EditUnit(
                    2,
                    (Edit(7, "应当", "可以"), Edit(8, "当", "")),
                ),
            ),
        ),
        replace(diff(A, B), ops=(EditUnit(9, ()),)),
        replace(diff(A, B), ops=(Delete(3, "3. The fund is shut."),)),
        replace(diff(A, B), ops=(Delete(3, "3. The fund is open."), Lead(3, None))),
        replace(diff(A, B), ops=(Move(3, 9, "3. The fund is open."),)),
        replace(diff(A, B), ops=(Insert(4, "x"),)),
        replace(diff(A, B), ops=(Delete(3, "3. The fund is open.", "u3"),)),
        replace(diff(A, B), ops=(EditUnit(1, (Edit(11, "", "["),)),)),
    ],
)
def test_one_wrong_digest_quote_or_place_refuses(wrong):
    with pytest.raises(DoesNotApply):
        apply(A, wrong)


def test_a_diff_that_does_not_make_the_text_is_not_answered(monkeypatch):
    monkeypatch.setattr(ops, "token_diff", lambda old, new: [])
    with pytest.raises(LawBroken):
        diff(A, B)


def test_a_marked_text_that_does_not_hold_both_is_not_answered(monkeypatch):
    monkeypatch.setattr(marked, "_edited", lambda body, op: iter([marked.Mark("keep", body)]))
    with pytest.raises(LawBroken):
        marked.marked(A, B)


def test_the_marked_text_shows_what_went_and_what_came():
    assert marked.as_text(marked.marked("a b\n", "a c\n")) == "a {-b-}{+c+}\n"
    assert "<del>b</del><ins>c</ins>" in marked.as_html(marked.marked("a b\n", "a c\n"))
    assert marked.as_words("a b\n", diff("a b\n", "a c\n\nd\n")) == "0: 'b' → 'c'\n0: + 'd'\n"


def test_a_unit_with_an_id_keeps_its_pair_whatever_its_words():
    found = diff("One two three. {#u1}\n\nx\n", "x\n\nQuite another text. {#u1}\n")
    assert {type(op) for op in found.ops} == {EditUnit, Move}


def test_equal_paragraphs_pair_with_the_copy_beside_their_neighbours():
    found = diff("a\n\nsame\n\nb\n\nsame\n\nc\n", "a\n\nsame\n\nc\n")
    assert [type(op) for op in found.ops] == [Delete, Delete]


def test_the_words_of_every_script_are_words():
    assert all(word in "".join(tokens(word)) for word in WORDS)
