"""Collisions between proposals; and after a compilation: brackets resolved, clean texts, traces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.prose.accept import accept
from chancery.prose.clean import clean
from chancery.prose.collide import collisions
from chancery.prose.compile import compile
from chancery.prose.errors import DoesNotApply, LawBroken
from chancery.prose.lint import lint
from chancery.prose.ops import apply
from chancery.prose.proposal import Proposal, propose
from chancery.prose.rebase import Rebase
from chancery.prose.resolve import resolve
from chancery.prose.trace import PEN, carried, trace
from chancery.prose.units import cut

from .strategies import edited, texts

P = "1. Parties shall report annually.\n"


def proposed(base: str, *wanted: tuple[str, str]) -> list[Proposal]:
    found = [propose(base, text, by=name, id=f"P{n}").proposal for n, (name, text) in enumerate(wanted, 1)]
    assert all(found)
    return found


D = "1. a b c d e\n\n2. f g h\n"


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (D.replace("b", "x"), D.replace("b", "x"), "same"),
        (D.replace("b", "x"), D.replace("b", "y"), "edit-edit"),
        (D.replace("a b", "x"), D.replace("b c", "y"), "edit-edit"),
        (D.replace("b c d", "x y"), D.replace("c", "z"), "nested"),
        (D.replace("b c d ", ""), D.replace("c", "z"), "delete-edit"),
        (D.replace("b ", ""), D.replace("b", "z"), "delete-edit"),
        (D.replace("1. a b c d e\n\n", ""), D.replace("c", "z"), "delete-edit"),
        (D.replace("b", "b x"), D.replace("b", "b y"), "insert-insert"),
        (D.replace("\n\n2", "\n\n1bis. x\n\n2"), D.replace("\n\n2", "\n\n1bis. y\n\n2"), "insert-insert"),
        (D.replace("\n\n2", "\n\n1bis. x\n\n2"), D.replace("\n\n2", "\n\n1bis. x\n\n2"), "same"),
        (D.replace("1. a b c d e\n\n", ""), D.replace("1. a b c d e\n\n", ""), "same"),
        (D.replace("b", "x"), D.replace("c", "y"), None),
        (D.replace("b", "x"), D.replace("b", "b y"), None),
    ],
)
def test_kinds_of_collision(one, other, kind):
    found = collisions(cut(D).bodies, proposed(D, ("A", one), ("B", other)))
    assert [collision.kind for collision in found] == ([kind] if kind else [])
    assert all(collision.proposals == ("P1", "P2") for collision in found)


def test_moves_collide_with_moves_and_deletions():
    base = "1. one two three\n\n2. four five six\n\n3. seven eight nine\n\n4. ten ten two\n"
    a, b, c, d = base.rstrip("\n").split("\n\n")
    to_end, to_middle = "\n\n".join([b, c, d, a]) + "\n", "\n\n".join([b, a, c, d]) + "\n"
    gone = "\n\n".join([b, c, d]) + "\n"
    kinds = [
        [found.kind for found in collisions(cut(base).bodies, proposed(base, ("A", to_end), ("B", wanted)))]
        for wanted in (to_end, to_middle, gone)
    ]
    assert kinds == [["same"], ["move-move"], ["delete-move"]]


T = "1. Parties [[shall // should]{#c2 base // A} report  // ∅]{#c1 base // B}annually.\n\n2. [x]{#c3 A}\n"


@pytest.mark.parametrize(
    ("bracket", "keep", "text"),
    [
        ("c1", 0, "1. Parties [shall // should]{#c2 base // A} report annually.\n\n2. [x]{#c3 A}\n"),
        ("c1", 1, "1. Parties annually.\n\n2. [x]{#c3 A}\n"),
        ("c2", "all", "1. Parties [shall should report  // ∅]{#c1 base // B}annually.\n\n2. [x]{#c3 A}\n"),
        ("c3", "none", "1. Parties [[shall // should]{#c2 base // A} report  // ∅]{#c1 base // B}annually.\n"),
    ],
)
def test_a_bracket_is_resolved(bracket, keep, text):
    assert apply(T, resolve(T, bracket, keep)) == text


def test_a_crossing_bracket_is_resolved_over_its_units():
    text = "1. a [b c\n\n2. d e\n\n3. f]{#c1 A} g\n"
    assert apply(text, resolve(text, "c1", "all")) == "1. a b c\n\n2. d e\n\n3. f g\n"
    assert apply(text, resolve(text, "c1", "none")) == "1. a \n\n g\n"


@pytest.mark.parametrize(("bracket", "keep"), [("c9", 0), ("c1", 2)])
def test_there_is_no_such_bracket_or_alternative(bracket, keep):
    with pytest.raises(DoesNotApply):
        resolve(T, bracket, keep)


def test_a_clean_text_has_no_ids_and_keeps_its_notes():
    text = "# T {#t}\n\n1. Parties report.[^1] {#u1}\n\n[^1]: {EU reserves} its position {#n}\n"
    assert clean(text) == "# T\n\n1. Parties report.[^1]\n\n[^1]: {EU reserves} its position\n"
    assert clean(text, ids=True) == text


@pytest.mark.parametrize("text", [T, "a ] b\n", "Option 1: x\n\nOption 2: y\n", "1. ∅\n"])
def test_what_is_open_is_not_clean(text):
    with pytest.raises(DoesNotApply):
        clean(text)


def test_the_trace_follows_proposals_and_words_through_versions():
    base = "1. Parties shall report annually.\n\n2. Second one here.\n"
    proposals = proposed(
        base,
        ("A", base.replace("shall", "should")),
        ("B", base.replace("annually", "annually to the Council")),
        ("C", base.replace(" one", "")),
    )
    versions = [
        "1. Parties [shall // should]{#c1 base // A} report annually to all in the Council.\n\n2. Second here.\n",
        "1. Parties shall report annually to all in the Council.\n\n2. Second here.\n",
    ]
    found = trace(base, proposals, versions)
    assert [row.state for row in found.versions[0]] == ["merged", "kept", "kept"]
    assert [row.state for row in found.versions[1]] == ["fell", "kept", "kept"]
    sources = {span.text.strip(): span.source for span in found.spans[0]}
    assert sources["to"] == ("P2", 0, 0)
    assert sources["all in"] == (PEN, 1, None)


@settings(deadline=None, max_examples=80)
@given(texts, st.data())
def test_spans_carried_through_a_version_add_up_to_it(base, data):
    made = compile(base, [])
    now = data.draw(st.one_of(edited(base), texts))
    found = carried(made.text, now, made.spans, 1)
    assert ["".join(span.text for span in unit) for unit in found] == list(cut(now).bodies)


def test_a_bracket_that_came_later_under_an_old_id_is_another_bracket():
    proposals = proposed(P, ("A", P.replace("shall", "should")))
    found = trace(P, proposals, [P, "1. Parties shall report [yearly // annually]{#c1 base // Z}.\n"])
    assert [version[0].state for version in found.versions] == ["fell", "fell"]


def test_a_word_without_a_source_refuses_the_version():
    made = compile(P, [])
    with pytest.raises(LawBroken):
        carried(P, P.replace("shall", "may"), ((made.spans[0][0]._replace(text="1. Parties"),),), 1)


def test_the_rest_is_rebased_after_a_partial_merge():
    proposals = proposed(P, ("A", P.replace("shall", "should")), ("B", P.replace("annually", "yearly")))
    now = accept(P, proposals[:1])
    moved = Rebase(P, now).carry(proposals[1])
    assert moved.proposal
    assert apply(now, moved.proposal.operations(now)) == "1. Parties should report yearly.\n"
    assert [outcome.outcome for outcome in Rebase(P, now).carry(proposals[0]).outcomes] == ["done"]


def test_lint_finds_nothing_wrong_with_a_compilation():
    proposals = proposed(P, ("A", P.replace("shall", "should")), ("B", P.replace("annually", "yearly")))
    assert [f.code for f in lint(compile(P, proposals).text) if f.class_ == "error"] == []
