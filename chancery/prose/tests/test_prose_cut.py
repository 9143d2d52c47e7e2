"""Cutting loses nothing; tokens cut no grapheme; the canonical form is canonical."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.prose.canonical import canonical
from chancery.prose.tokens import cells, grapheme_borders, tokens, words
from chancery.prose.units import BadInput, bodies, cut, meta, prefix, read, units

from .strategies import texts, wild


@settings(deadline=None)
@given(st.one_of(wild, texts, st.text()))
def test_what_is_cut_glues_to_the_same_text(text):
    assert cut(text).glue() == text


@settings(deadline=None)
@given(st.one_of(wild, st.text()))
def test_tokens_make_the_body_and_cut_no_grapheme(body):
    found = tokens(body)
    assert "".join(found) == body
    borders, at = grapheme_borders(body), 0
    for token in found:
        assert at in borders
        at += len(token)


@settings(deadline=None, max_examples=200)
@given(wild)
def test_the_canonical_form_of_a_canonical_text_is_itself(text):
    try:
        form = canonical(text)
    except BadInput:
        return
    assert canonical(form) == form


@given(
    st.lists(
        st.lists(st.sampled_from(["shall", "[open]", "应当", "التعاون", "[a // b]{#b1 A // B}"]), min_size=1).map(
            " ".join
        ),
        min_size=1,
    )
)
def test_a_plain_numbered_text_is_canonical_already(paragraphs):
    text = "# Draft\n\n" + "\n\n".join(f"1. {body}" for body in paragraphs) + "\n"
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("a  b\nc\n", "a b c\n"),
        ("各缔约方\n应当\n", "各缔约方应当\n"),
        ("1. x\n2. y\n", "1. x\n\n2. y\n"),
        ("| a |\n\n| b |\n", "| a |\n| b |\n"),
        ("[annually  // ∅]\n", "[annually  // ∅]\n"),
        ("[annually    //   ∅]\n", "[annually  //  ∅]\n"),
        ("e\u0301\u00ad\ufeff\r\n", "é\n"),
        ("---\ntitle:  x\n---\n# T\n", "---\ntitle: x\n---\n\n# T\n"),
    ],
)
def test_the_canonical_form_of(source, form):
    assert canonical(source) == form


@pytest.mark.parametrize("text", ["", "\n\n", "a\x07b", "a\u202eb", "\x85x"])
def test_controls_and_empty_texts_have_no_canonical_form(text):
    with pytest.raises(BadInput):
        canonical(text)


@pytest.mark.parametrize("data", [b"\xff", b"a\x00b", b"\xed\xa0\x80"])
def test_what_is_no_text_is_bad_input(data):
    with pytest.raises(BadInput):
        read(data)


def test_a_body_begins_at_headings_labels_rows_notes_and_options():
    text = "# T\nfoot\n1. a\n    (а) b\n- c\n| d |\n[^1]: e\nOption II: f\nplain\nplain"
    kinds = [prefix(body).kind for body in bodies(text)]
    assert kinds == ["heading", "paragraph", "paragraph", "item", "item", "row", "note", "option"]
    assert bodies(text)[-1] == "Option II: f\nplain\nplain"


def test_units_have_roles_levels_labels_and_contents():
    found = units("# T {#t}\n\nRecalling x,\n\n1. Decides {#u1}\n\n    (a) one\n\nrest\n")
    assert [(unit.role, unit.level, unit.label, unit.content) for unit in found] == [
        ("title", 1, "#", "T"),
        ("preamble", 0, "", "Recalling x,"),
        ("operative", 0, "1.", "Decides"),
        ("sub", 1, "(a)", "one"),
        ("plain", 0, "", "rest"),
    ]


def test_front_matter_is_no_unit_and_only_known_keys_are_read():
    text = "---\ntitle: Draft\nform: decision\ncolour: red\n---\n\n# T\n"
    assert [unit.role for unit in units(text)] == ["title"]
    assert meta(cut(text).bodies) == {"title": "Draft", "form": "decision"}


def test_words_are_counted_without_signs_and_han_by_cluster():
    assert words("1. Parties [shall]{EU} co-operate**,** [^1]") == ["1", "Parties", "shall", "co", "operate"]
    assert words("应当。") == ["应", "当"]
    assert "ำ" not in words("น้ำ")


def test_a_row_has_cells_between_unescaped_borders():
    body = r"| a \| b | [c] |"
    assert [body[s:t] for s, t in cells(body)] == [r" a \| b ", " [c] "]
