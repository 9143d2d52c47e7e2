"""Single rules that need more than one call: lots, second votes, the order of speakers, lengths of silence."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.procedure import decide_document
from chancery.procedure.adoption import decide, second_vote_window
from chancery.procedure.documents import read_inputs
from chancery.procedure.lots import check_proof, commitment, drawn
from chancery.procedure.notice import days_before, days_between, due_at
from chancery.procedure.parameters.convening import Sessions
from chancery.procedure.parameters.deciding import SilenceRules
from chancery.procedure.precedence import put_order
from chancery.procedure.questions import OutOfOrder
from chancery.procedure.rulesets import preset
from chancery.procedure.silence import length_is_lawful, moved_expiry
from chancery.procedure.tests.procedure_cases import cases, document_of

TIED = "7a GA plenary: 16-16-1, X counts once by its alternate, a second vote is due within 48 hours"
FIRST, SECOND = b"\x01" * 32, b"\x02" * 32


def named(name):
    return document_of(next(case for case in cases() if case.content["name"] == name))


def test_a_lot_by_commit_reveal_is_the_digest_of_both_values_modulo_the_candidates():
    number = int(hashlib.sha256(FIRST + SECOND).hexdigest(), 16)
    names = ["Ana", "Ben", "Cem"]
    assert drawn(FIRST, SECOND, names) == names[number % 3]


def test_a_lot_with_its_proof_elects():
    document = named("where lots are drawn by commit-reveal, one in the room or without its proof is refused")
    winner = drawn(FIRST, SECOND, ["Ana", "Ben"])
    proof = {"values": [FIRST.hex(), SECOND.hex()], "commitments": [commitment(FIRST), commitment(SECOND)]}
    lot = document["events"][-1]["data"]
    lot |= {"result": winner, "proof": proof}
    assert decide_document(document)["elected"] == [winner]
    lot["result"] = {"Ana": "Ben", "Ben": "Ana"}[winner]
    assert decide_document(document)["elected"] == []


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {},
        {"values": ["00", "11"], "commitments": ["", ""]},
        {"values": [FIRST.hex(), SECOND.hex()], "commitments": [commitment(SECOND), commitment(FIRST)]},
    ],
)
def test_a_lot_whose_proof_does_not_hold_is_refused(proof):
    with pytest.raises(OutOfOrder):
        check_proof("Ana", proof, ["Ana", "Ben"])


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(1, 20))
def test_every_lot_draws_a_candidate(first, second, count):
    names = [str(number) for number in range(count)]
    assert drawn(first, second, names) in names


def test_the_chair_is_warned_at_once_where_no_meeting_falls_in_the_window_of_the_second_vote():
    outcome = decide(*read_inputs(named(TIED)))
    friday = datetime(2026, 6, 12, 10, 30, tzinfo=UTC)
    assert second_vote_window(outcome, [friday + timedelta(hours=47)]).ok
    assert second_vote_window(outcome, [friday + timedelta(hours=48)]).ok
    late = second_vote_window(outcome, [friday - timedelta(hours=1), friday + timedelta(hours=49)])
    assert not late.ok
    assert late.because == "No meeting falls in the window."


def test_an_outcome_without_a_second_vote_has_no_window():
    outcome = decide(*read_inputs(named("7b committee: equally divided is rejected now")))
    with pytest.raises(ValueError, match="no second vote"):
        second_vote_window(outcome, [])


KINDS = [kind.name for kind in preset("un-assembly/1").debate.motions]


@given(st.lists(st.sampled_from([*KINDS, "unheard"])))
def test_motions_are_put_by_rank_and_then_as_they_were_moved(moved):
    kinds = preset("un-assembly/1").debate.motions
    ranks = {kind.name: kind.rank for kind in kinds}
    pending = [(f"{index}", kind) for index, kind in enumerate(moved)]
    order = put_order(kinds, pending)
    assert sorted(order) == sorted(identity for identity, _ in pending)
    keys = [(ranks.get(moved[int(identity)], 99), int(identity)) for identity in order]
    assert keys == sorted(keys)


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))
zones = st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Pacific/Auckland", "Asia/Bishkek"])


@settings(max_examples=100, deadline=None)
@given(instants, st.integers(1, 200), zones)
def test_a_silence_is_as_long_as_the_instants_say_whatever_the_clocks_do(start, hours, zone):
    length = length_is_lawful(SilenceRules(min_hours=72), start, start + timedelta(hours=hours), zone)
    assert length.got == hours
    assert length.ok is (hours >= 72)
    assert length_is_lawful(SilenceRules(min_hours=72), start, length.earliest, zone).ok


@settings(max_examples=100, deadline=None)
@given(instants, st.lists(st.tuples(st.integers(-600, 60), st.integers(0, 90)), max_size=4))
def test_an_outage_never_shortens_a_silence_and_a_short_one_moves_nothing(expiry, gaps):
    rules = preset("osce/1").silence
    outages = [(expiry + timedelta(minutes=start), expiry + timedelta(minutes=start + long)) for start, long in gaps]
    assert moved_expiry(rules, expiry, outages) >= expiry
    short = [(start, end) for start, end in outages if end - start < timedelta(minutes=10)]
    assert moved_expiry(rules, expiry, short) == expiry


@settings(max_examples=100, deadline=None)
@given(instants, st.integers(0, 120), zones, st.sampled_from(["calendar", "working"]))
def test_the_deadline_is_the_last_day_with_enough_days_before_the_opening(opens, days, zone, count):
    rules = Sessions(day_count=count)
    due = due_at(rules, opens, days, zone)
    assert days_between(rules, due - timedelta(seconds=1), opens, zone) >= days
    assert days_between(rules, due + timedelta(days=4), opens, zone) < max(days, 1)
    assert days_before(rules, opens, days, zone) <= opens.date() + timedelta(days=1)
