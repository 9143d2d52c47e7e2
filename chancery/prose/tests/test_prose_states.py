"""States of provisions, positions, proposals, languages and the pen: every arrow and every refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chancery.canon import sha256
from chancery.prose import states
from chancery.prose.states import NotPossible, Pen, Position, Provision

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_provision_is_discussed_and_agreed():
    assert Provision().discuss().agree().state == "agreed"


def test_the_last_confirmation_agrees_a_provision():
    pending = Provision().agree(pending=["A", "B"])
    assert pending.state == "agreed_ad_ref"
    assert pending.confirm("A") == Provision("agreed_ad_ref", frozenset({"B"}))
    assert pending.confirm("A").confirm("B") == Provision("agreed")


def test_a_refused_confirmation_reopens():
    assert Provision().agree(pending=["A"]).refuse("A") == Provision("under_discussion")


@pytest.mark.parametrize(
    "step",
    [
        lambda p: p.agree(hindrances=["a bracket"]),
        lambda p: p.confirm("A"),
        lambda p: p.refuse("A"),
        lambda p: p.reopen("because"),
        lambda p: p.restore(),
        lambda p: p.agree().agree(),
        lambda p: p.agree().delete(),
        lambda p: p.agree().reopen(" "),
        lambda p: p.delete().discuss(),
    ],
)
def test_an_arrow_that_is_not_there_is_refused(step):
    with pytest.raises(NotPossible):
        step(Provision())


def test_any_edit_of_an_agreed_provision_reopens_it():
    assert Provision().agree().edited() == Provision("under_discussion")
    assert Provision().agree(pending=["A"]).edited() == Provision("under_discussion")
    assert Provision().edited() == Provision()


def test_a_provision_is_deleted_restored_and_reopened():
    assert Provision().delete().restore() == Provision()
    assert Provision().agree().reopen("new facts") == Provision("under_discussion")


def test_a_position_belongs_to_the_text_it_was_given_on():
    given = Position("A", "reserve", sha256(b"1. x"), "Rev.2")
    assert given.reads("1. x") == "reserve"
    assert given.reads("1. y") == "reserve (given on Rev.2)"
    assert not given.counts_for("1. y")


def test_a_proposal_goes_its_way():
    way = ["proposed", "published", "waits_for_sponsor", "published", "merged", "kept"]
    for before, after in zip(way, way[1:], strict=False):
        assert states.step(before, after) == after
    with pytest.raises(NotPossible):
        states.step("proposed", "kept")
    with pytest.raises(NotPossible):
        states.step("kept", "fell")


def test_a_proposal_is_seen_by_its_delegation_alone_until_it_is_published():
    assert states.may_see("proposed", "A", "A")
    assert not states.may_see("proposed", "A", "B")
    assert states.may_see("published", "A", "B")


def test_languages_are_current_stale_or_missing():
    assert states.language_states({"u1": "x", "u2": "y", "u3": "z"}, {"u1": "x", "u2": "old"}) == {
        "u1": "current",
        "u2": "stale",
        "u3": "missing",
    }


def test_a_freeze_names_what_hinders_it():
    found = states.freeze_hindrances(
        {"L01": False, "L06": True},
        ["P7"],
        final=True,
        open_=["2 brackets"],
        languages={"ru": {"u1": "stale", "u2": "current"}},
    )
    assert found == [
        "finding L01 is not accepted",
        "proposal P7 waits for its sponsor",
        "2 brackets",
        "ru: unit u1 is stale",
    ]
    assert states.freeze_hindrances({"L06": True}, [], final=False, open_=["2 brackets"]) == []


def test_the_pen_has_one_holder_and_lapses():
    pen = Pen("A", AT)
    with pytest.raises(NotPossible):
        pen.take("B", AT + timedelta(minutes=1))
    assert pen.take("B", AT + timedelta(minutes=2)).holder == "B"
    assert pen.hand_over("B", AT + timedelta(seconds=5)).holder == "B"
    with pytest.raises(NotPossible):
        pen.hand_over("B", AT + timedelta(minutes=2))


def test_a_stroke_needs_the_pen_and_the_present_text():
    pen = Pen("A", AT)
    now = AT + timedelta(seconds=30)
    assert pen.stroke("A", now, body="x", before_sha256=sha256(b"x")).last_stroke == now
    for who, at, body in (("B", now, "x"), ("A", AT + timedelta(minutes=3), "x"), ("A", now, "y")):
        with pytest.raises(NotPossible):
            pen.stroke(who, at, body=body, before_sha256=sha256(b"x"))
