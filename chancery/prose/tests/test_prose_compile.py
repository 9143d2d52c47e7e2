"""Collisions and compilation: laws, vectors, and independence of the order of arrival."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.prose import brackets
from chancery.prose import compile as compiling
from chancery.prose.accept import accept
from chancery.prose.compile import compile
from chancery.prose.errors import BadInput, DoesNotApply, LawBroken
from chancery.prose.merge import chosen
from chancery.prose.ops import EditUnit, Insert, apply, diff
from chancery.prose.proposal import Proposal, propose
from chancery.prose.resolve import resolve
from chancery.prose.units import cut
from chancery.prose.worddiff import Edit

from .strategies import edited, numbered, texts

P = "1. Parties shall report annually.\n"


def proposed(base: str, *wanted: tuple[str, str]) -> list[Proposal]:
    found = [propose(base, text, by=name, id=f"P{n}").proposal for n, (name, text) in enumerate(wanted, 1)]
    assert all(found)
    return found


@pytest.mark.parametrize(
    ("wanted", "compiled", "kinds"),
    [
        (
            [
                ("Arcadia", "shall", "should"),
                ("Borduria", "shall", "may"),
                ("Caspia", "annually", "annually to the Council"),
            ],
            "1. Parties [shall // may // should]{#c1 base // Borduria // Arcadia} report annually"
            "[ to the Council]{#c2 Caspia}.\n",
            ["edit-edit"],
        ),
        (
            [("Arcadia", "shall", "should"), ("Borduria", "shall", "should")],
            "1. Parties [shall // should]{#c1 base // Arcadia, Borduria} report annually.\n",
            ["same"],
        ),
        (
            [("Arcadia", "shall", "should"), ("Borduria", "shall report ", "")],
            "1. Parties [[shall // should]{#c2 base // Arcadia} report  // ∅]{#c1 base // Borduria}annually.\n",
            ["delete-edit"],
        ),
        (
            [("Arcadia", "annually", "annually and publicly"), ("Borduria", "annually", "annually in full")],
            "1. Parties shall report annually[ and publicly //  in full]{#c1 Arcadia // Borduria}.\n",
            ["insert-insert"],
        ),
        (
            [("Arcadia", "Parties shall", "States should"), ("Borduria", "shall report", "may act")],
            "1. [Parties shall report // Parties may act // States should report]{#c1 base // Borduria // Arcadia} annually.\n",
            ["edit-edit"],
        ),
    ],
)
def test_compilations_of_one_paragraph(wanted, compiled, kinds):
    proposals = proposed(P, *((name, P.replace(old, new)) for name, old, new in wanted))
    made = compile(P, proposals)
    assert made.text == compiled
    assert [collision.kind for collision in made.collisions] == kinds
    assert made.annex == ()


BASE = "# T\n\n1. One two three.\n\n2. Four five six.\n\n| a | b |\n| c | d |\n"


@pytest.mark.parametrize(
    ("wanted", "compiled"),
    [
        (
            BASE.replace("\n\n2.", "\n\n1bis. New words. {#n1}\n\n2."),
            BASE.replace("\n\n2.", "\n\n1bis. [New words.]{#c1 A} {#n1}\n\n2."),
        ),
        (
            BASE.replace("2. Four five six.\n\n", ""),
            BASE.replace("Four five six.", "[Four five six. // ∅]{#c1 base // A}"),
        ),
        (
            BASE.replace("| c | d |\n", ""),
            BASE.replace("| c | d |", "| [c // ∅]{#c1 base // A} | [d // ∅]{#c2 base // A} |"),
        ),
        (
            BASE + "| e | f |\n",
            BASE + "| [e]{#c1 A} | [f]{#c2 A} |\n",
        ),
        (
            "# T\n\n2. Four five six.\n\n1. One two three.\n\n| a | b |\n| c | d |\n",
            "# T\n\n1. [One two three. // ∅]{#c1 base // A}\n\n2. Four five six.\n\n1. [One two three.]{#c2 A}\n\n"
            "| a | b |\n| c | d |\n",
        ),
    ],
)
def test_units_that_come_go_and_move(wanted, compiled):
    assert compile(BASE, proposed(BASE, ("A", wanted))).text == compiled


def test_an_edit_follows_the_unit_that_another_moves():
    wanted = "# T\n\n2. Four five six.\n\n1. One two three.\n\n| a | b |\n| c | d |\n"
    made = compile(BASE, proposed(BASE, ("A", wanted), ("B", BASE.replace("two", "2"))))
    assert made.text == (
        "# T\n\n1. [One [two // 2]{#c2 base // B} three. // ∅]{#c1 base // A}\n\n2. Four five six.\n\n"
        "1. [One [two // 2]{#c4 base // B} three.]{#c3 A}\n\n| a | b |\n| c | d |\n"
    )
    assert made.collisions == ()


def test_edits_that_nest_too_deep_are_written_flat():
    words = [f"w{n}" for n in range(160)]
    base = "1. " + " ".join(words) + "\n"
    proposals = []
    for n in range(70):
        inner = base.index(f"w{n} "), base.index(f" w{159 - n}")
        edit = Edit(inner[0], base[inner[0] : inner[1]], f"x{n}")
        op = EditUnit(0, (edit,), base.rstrip("\n"))
        proposals.append(Proposal(f"P{n}", f"D{n}", diff(base, base).before.sha256, (op,)))
    made = compile(base, proposals)
    assert made.annex == ()
    assert brackets.parse(cut(made.text).bodies).depth == 1


def test_a_bracket_inside_an_edit_is_kept_whole():
    base = "1. Parties [shall // should]{#b1 A // B} report.\n"
    made = compile(base, proposed(base, ("C", base.replace("Parties", "States")), ("D", base.replace("shall", "may"))))
    assert made.text == (
        "1. [Parties // States]{#c1 base // C} [[shall // may]{#c2 base // D} // should]{#b1 A // B} report.\n"
    )


def test_an_edit_of_no_text_takes_the_whole_bracket():
    base = "1. Report [annually // ∅]{#b1 A // B}.\n"
    made = compile(base, proposed(base, ("C", base.replace("∅", "yearly"))))
    assert "[[annually // ∅]{#b1 A // B} // [annually // yearly]{#b1 A // B}]{#c1 base // C}" in made.text


@pytest.mark.parametrize(
    ("base", "op", "reason"),
    [
        (P, EditUnit(0, (Edit(0, "1.", "2."),)), "label"),
        ("1. a [b\n\n2. c] d\n", EditUnit(0, (Edit(3, "a [b", "x"),)), "crossing"),
        ("| a | b |\n", EditUnit(0, (Edit(8, "|", "| c |"),)), "structure"),
        ("---\ntitle: x\n---\n\n# T\n", EditUnit(0, (Edit(11, "x", "y"),)), "structure"),
        (P, Insert(0, "two\n\nunits"), "structure"),
    ],
)
def test_what_is_no_bracket_goes_to_the_annex_with_every_word(base, op, reason):
    first = compile(base, []).text
    proposal = Proposal("P9", "Arcadia", diff(base, base).before.sha256, (op,))
    made = compile(base, [proposal])
    assert made.annex == (("P9", reason),)
    assert made.text.startswith(first)
    assert "# Proposals not merged" in made.text
    assert {row.state for row in made.rows} == {"annex"}
    assert brackets.parse(cut(made.text).bodies).unpaired == brackets.parse(cut(first).bodies).unpaired


def test_the_rest_is_compiled_when_one_proposal_is_annexed():
    bad = Proposal("P9", "X", diff(P, P).before.sha256, (EditUnit(0, (Edit(0, "1.", "2."),)),))
    made = compile(P, [bad, *proposed(P, ("A", P.replace("shall", "may")))])
    assert "[shall // may]{#c1 base // A}" in made.text
    assert made.annex == (("P9", "label"),)


def test_no_text_stands_last_whatever_the_script():
    base = "1. 各缔约方应当合作。\n"
    made = compile(base, proposed(base, ("A", base.replace("应当", "可以")), ("B", base.replace("应当", ""))))
    assert made.text == "1. 各缔约方[应当 // 可以 // ∅]{#c1 base // A // B}合作。\n"


def test_an_id_in_use_is_skipped():
    base = "1. Parties [x]{#c1 A} report.\n"
    assert "{#c2 base // B}" in compile(base, proposed(base, ("B", base.replace("Parties", "States")))).text


def test_a_proposal_on_another_base_or_with_the_same_id_is_bad_input():
    (found,) = proposed(P, ("A", P.replace("shall", "may")))
    with pytest.raises(BadInput):
        compile(P + "\n2. x\n", [found])
    with pytest.raises(BadInput):
        compile(P, [found, found])


@st.composite
def rounds(draw: st.DrawFn, base_of: st.SearchStrategy[str] = numbered) -> tuple[str, list[Proposal]]:
    base = draw(base_of)
    made = []
    for n in range(draw(st.integers(1, 4))):
        found = propose(base, draw(edited(base)), by=f"D{n}", id=f"P{n}").proposal
        made += [found] if found else []
    return base, made


@settings(deadline=None, max_examples=150)
@given(rounds(), st.randoms())
def test_the_compilation_does_not_depend_on_the_order_of_arrival(round_, random):
    base, proposals = round_
    shuffled = list(proposals)
    random.shuffle(shuffled)
    assert compile(base, proposals) == compile(base, shuffled)


@settings(deadline=None, max_examples=150)
@given(rounds())
def test_choosing_the_base_everywhere_gives_the_base(round_):
    base, proposals = round_
    made = compile(base, proposals)
    if not made.annex:
        assert _chosen(made.text, None) == base
        for proposal in proposals:
            assert _chosen(made.text, proposal.by) == apply(base, proposal.operations(base))


def _chosen(text: str, holder: str | None) -> str:
    """An independent reading: take alternatives by the names that hold them, outermost first."""
    while pairs := [pair for pair in brackets.parse(cut(text).bodies).pairs if pair.id]:
        groups = [alternative.holders for alternative in pairs[0].alternatives]
        own = [n for n, names in enumerate(groups) if holder in names]
        base = [n for n, names in enumerate(groups) if names == ("base",)]
        keep = (own or base or ["none"])[0]
        text = apply(text, resolve(text, pairs[0].id, keep))
    return text


@settings(deadline=None, max_examples=100)
@given(rounds(texts))
def test_over_texts_with_brackets_and_marks_nothing_is_lost(round_):
    base, proposals = round_
    made = compile(base, proposals)
    named = {name for name, _ in made.annex}
    for row in made.rows:
        assert (row.state == "annex") == (row.proposal in named)
        assert row.state != "merged" or row.bracket


@settings(deadline=None, max_examples=60)
@given(rounds())
def test_every_word_of_the_compilation_has_one_source(round_):
    base, proposals = round_
    made = compile(base, proposals)
    bodies = cut(made.text).bodies
    assert ["".join(span.text for span in unit) for unit in made.spans] == list(bodies[: len(made.spans)])


def test_a_compilation_that_does_not_give_back_its_base_is_not_answered(monkeypatch):
    monkeypatch.setattr(compiling._Draft, "_projected", lambda *_: [])
    with pytest.raises(LawBroken):
        compile(P, proposed(P, ("A", P.replace("shall", "may"))))


def test_a_unit_that_fails_is_written_flat_and_then_annexed(monkeypatch):
    real = chosen
    monkeypatch.setattr(compiling, "chosen", lambda body, picks, who: "wrong" if who else real(body, picks, who))
    made = compile(P, proposed(P, ("A", P.replace("shall", "may"))))
    assert made.annex == (("P1", "structure"),)


def test_accept_takes_all_where_nothing_collides():
    proposals = proposed(P, ("A", P.replace("shall", "may")), ("B", P.replace("annually", "yearly")))
    assert accept(P, proposals) == "1. Parties may report yearly.\n"
    same = proposed(P, ("A", P.replace("shall", "may")), ("B", P.replace("shall", "may")))
    assert accept(P, same) == "1. Parties may report annually.\n"


def test_accept_refuses_collisions():
    with pytest.raises(DoesNotApply, match="P1 and P2"):
        accept(P, proposed(P, ("A", P.replace("shall", "may")), ("B", P.replace("shall", "should"))))
