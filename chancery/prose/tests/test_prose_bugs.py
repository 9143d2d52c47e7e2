"""What goes wrong in other systems, each as a test of its own name. Nothing of it may happen here."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.prose import marked
from chancery.prose.accept import accept
from chancery.prose.compile import compile
from chancery.prose.ops import Delete, EditUnit, Insert, apply, diff
from chancery.prose.passages import Passage
from chancery.prose.proposal import propose
from chancery.prose.rebase import Rebase
from chancery.prose.tokens import grapheme_borders, tokens
from chancery.prose.trace import trace
from chancery.prose.units import cut
from chancery.prose.worddiff import Edit, word_diff

from .strategies import texts

LIST = "# T\n\n" + "\n".join(f"- item number {n} of the list" for n in ["one", "two", "three", "four", "five"]) + "\n"


def deleted_words(old: str, new: str) -> int:
    found = 0
    for op in diff(old, new).ops:
        if isinstance(op, EditUnit):
            found += sum(not token.isspace() for edit in op.edits for token in tokens(edit.old))
        elif isinstance(op, Delete):
            found += sum(not token.isspace() for token in tokens(op.text))
    return found


def test_deleted_item_is_a_delete():
    new = LIST.replace("- item number three of the list\n", "")
    (op,) = diff(LIST, new).ops
    assert op == Delete(3, "- item number three of the list")


def test_no_deletion_lost():
    chance = random.Random(51)
    for _ in range(400):
        lines = ["| " + " | ".join(chance.choices("abcdefgh", k=4)) + " |" for _ in range(12)]
        kept = list(lines)
        del kept[chance.randrange(12)]
        old, new = "\n".join(lines) + "\n", "\n".join(kept) + "\n"
        assert apply(old, diff(old, new)) == new
        assert any(isinstance(op, Delete) for op in diff(old, new).ops)


def test_shown_words_ratio():
    new = LIST.replace("number three of", "no. 3 of")
    assert deleted_words(LIST, new) == 2


def test_editing_a_draft_rediffs_against_base():
    base = "1. Parties **shall** report annually.\n\n2. The fund is open.\n"
    first = propose(base, base.replace("annually", "yearly").replace("open", "shut"), by="A").proposal
    draft = apply(base, first.operations(base))
    dropped = propose(base, draft.replace("shut", "open"), by="A").proposal
    assert [op.at for op in dropped.ops] == [0]
    corrected = propose(base, draft.replace("yearly", "every year"), by="A").proposal
    assert [edit.old for op in corrected.ops for edit in op.edits] == ["annually", "open"]
    assert "**shall**" in apply(base, corrected.operations(base))


def test_second_edit_uses_its_own_base():
    base = LIST.replace("two", "2")
    wanted = base.replace("four of", "4 of").replace("five", "5")
    found = propose(base, wanted, by="A").proposal
    assert [(op.at, op.text) for op in found.ops] == [(n, cut(base).bodies[n]) for n in (4, 5)]


def test_one_item_changed_one_item_shown():
    shown = marked.as_text(marked.marked(LIST, LIST.replace("two of", "2 of")))
    assert shown == LIST.replace("two", "{-two-}{+2+}")


def test_marks_do_not_disturb_words():
    for length in (10, 100, 1000):
        words = [f"w{n}" for n in range(length)]
        words[length // 2] = f"**{words[length // 2]}**"
        old = " ".join(words)
        assert word_diff(old, old.replace("w1 ", "new ", 1)) == [Edit(3, "w1", "new")]


def test_orphan_is_listed_with_full_text():
    base = "1. One two three.\n\n2. Four five six.\n"
    found = propose(base, base.replace("five", "5"), by="A").proposal
    moved = Rebase(base, "1. One two three.\n").carry(found)
    assert [outcome.outcome for outcome in moved.outcomes] == ["orphan"]
    assert found.ops[0].text == "2. Four five six."


def test_compile_repeats_no_unchanged_word():
    base = "1. " + " ".join(f"w{n}" for n in range(60)) + ".\n"
    proposals = [
        propose(base, base.replace(f"w{n} ", f"new{n} "), by=f"D{n}", id=f"P{n}").proposal for n in (5, 20, 40, 55)
    ]
    made = compile(base, proposals).text
    assert all(made.count(f"w{n} ") <= 1 for n in range(60) if n not in (5, 20, 40, 55))


def test_rest_is_rebased_after_partial_merge():
    base = "1. Parties shall report annually to the Council.\n"
    one, two = (
        propose(base, base.replace(old, new), by=who, id=f"P{who}").proposal
        for who, old, new in (("A", "shall", "should"), ("B", "annually", "yearly"))
    )
    now = accept(base, [one])
    assert apply(now, Rebase(base, now).carry(two).proposal.operations(now)) == now.replace("annually", "yearly")


def test_split_is_small():
    old = "1. The first sentence stands here. The second sentence stands there.\n"
    new = "1. The first sentence stands here.\n\n2. The second sentence stands there.\n"
    assert deleted_words(old, new) <= 6
    kinds = {type(op) for op in diff(old, new).ops}
    assert kinds == {EditUnit, Insert}


@settings(deadline=None)
@given(st.text(alphabet="👩‍👧🇰🇿e\u0301กำ각", max_size=12), st.text(alphabet="👩‍👧🇰🇿e\u0301กำ각", max_size=12))
def test_no_edit_splits_a_grapheme(old, new):
    borders = grapheme_borders(old)
    for edit in word_diff(old, new):
        assert {edit.s, edit.end} <= borders
        edit.old.encode()
        edit.new.encode()


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("1. Linus writes code.", Edit(3, "Linus", "Ada"), "1. The chines of the boat are of wood."),
        ("1. a fund is open now", Edit(5, "fund", "bank"), "1. a funds were opened nowhere"),
    ],
)
def test_no_fuzzy_placement(before, edit, after):
    assert Passage(before, after).place(edit).s is None


def test_diff_is_symmetric_in_size():
    chance = random.Random(3)
    old = " ".join(chance.choices(["the", "of", "and", *(f"w{n}" for n in range(30))], [50, 40, 30, *[1] * 30], k=400))
    new = " ".join(word for word in old.split() if chance.random() > 0.1)
    there, back = word_diff(old, new), word_diff(new, old)
    assert sum(len(edit.old.split()) for edit in there) == sum(len(edit.new.split()) for edit in back)


def test_spaces_never_beat_words():
    assert word_diff("one two three", "one three") == [Edit(4, "two ", "")]
    assert [edit.old.split() for edit in word_diff("one two three", "one  three")] == [["two"]]
    assert [edit.old for edit in word_diff("a b c d", "x b y d")] == ["a", "c"]


def test_space_edit_exact():
    assert word_diff("a  b", "a b") == [Edit(1, "  ", " ")]
    assert word_diff("a\u00a0b", "a b") == [Edit(1, "\u00a0", " ")]


def test_han_edit_is_two_clusters():
    assert word_diff("各缔约方应当合作。", "各缔约方可以合作。") == [Edit(4, "应当", "可以")]


def test_edit_over_bracket_is_widened_or_annexed():
    base = "1. Parties [shall // may]{#b1 A // B} report annually.\n"
    found = propose(base, base.replace("may]{#b1 A // B} report", "must]{#b1 A // B} tell"), by="C").proposal
    over = compile(base, [found])
    assert over.annex == ()
    assert "[shall // [may // must]{#c1 base // C}]{#b1 A // B} [report // tell]{#c2 base // C}" in over.text
    cutting = found.ops[0].__class__(0, (Edit(11, "[shall // may]{#b1 A // B} report", "report"),))
    whole = compile(base, [found.__class__("P2", "D", found.base, (cutting,))])
    assert "[[shall // may]{#b1 A // B} report // report]{#c1 base // D}" in whole.text


@settings(deadline=None, max_examples=50)
@given(texts)
def test_every_word_has_one_source(base):
    found = trace(base, [], [base])
    assert ["".join(span.text for span in unit) for unit in found.spans] == list(cut(base).bodies)


def test_lines_are_drawing_of_the_frozen_version():
    """Nothing of the model counts lines: addresses are units and offsets, the same on page and projector."""
    found = propose(LIST, LIST.replace("two of", "2 of"), by="A").proposal
    narrow = apply(LIST, found.operations(LIST))
    assert [(op.at, op.edits[0].s) for op in found.ops] == [(2, 14)]
    assert narrow.split("\n")[3] == "- item number 2 of the list"


def test_exported_xml_is_valid_and_every_word_of_a_deleted_paragraph_is_there():
    from chancery.prose.docx.read import read
    from chancery.prose.docx.write import write

    base = "1. One.\n\n2. Two words.\n"
    made = write(base, [propose(base, "1. One.\n", by="A").proposal])
    runs = [run for block in read(made.data).blocks for run in block.runs]
    assert "".join(run.text for run in runs if run.fate.deleted == "A") == "2. Two words."
