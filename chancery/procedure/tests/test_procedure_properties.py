"""What holds for every question, whatever the rules, the members and the ballots."""

import copy
import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery import canon
from chancery.procedure import decide_document, quorum
from chancery.procedure.documents import read_inputs
from chancery.procedure.roll import Roll, covers
from chancery.procedure.states import MACHINES, Arrow, may_move, moves_from, states_of
from chancery.procedure.tests.procedure_strategies import ballots_of, documents, with_ballots

MODERATE = settings(max_examples=120, deadline=None)


@MODERATE
@given(documents())
def test_deciding_twice_gives_the_same_bytes_and_leaves_the_input_alone(document):
    before = copy.deepcopy(document)
    first, second = decide_document(document), decide_document(document)
    assert canon.canonical_json(first) == canon.canonical_json(second)
    assert document == before


@MODERATE
@given(documents(), st.data())
def test_the_order_of_ballots_changes_nothing(document, data):
    ballots = data.draw(st.permutations(ballots_of(document)))
    first, second = decide_document(document), decide_document(with_ballots(document, ballots))
    for key in ("status", "tallies", "working"):
        assert first[key] == second[key]


@MODERATE
@given(documents(), st.integers(1, 40), st.integers(1, 40))
def test_scaling_all_weights_changes_nothing(document, numerator, denominator):
    scaled = copy.deepcopy(document)
    weights = scaled["electorate"]["weights"]["w"]
    factor = Fraction(numerator, denominator)
    scaled["electorate"]["weights"]["w"] = {
        m: canon.fraction_text(canon.fraction(w) * factor) for m, w in plain(weights)
    }
    first, second = decide_document(document), decide_document(scaled)
    assert first["status"] == second["status"]
    assert [step["met"] for step in first["working"]] == [step["met"] for step in second["working"]]


def plain(weights):
    """Weights in the one spelling that `canon` reads: lowest terms, no 0/9."""
    return [(m, canon.fraction_text(Fraction(*map(int, w.split("/"))))) for m, w in weights.items()]


@MODERATE
@given(documents(), st.data())
def test_a_vote_added_or_turned_in_favour_never_turns_adopted_into_rejected(document, data):
    """Holds for every majority of tests, blocking and veto, whatever abstention means.

    Not monotone, and so left out: an election that drops candidates (a vote more may change who drops out, and with
    it the next round), turnout tiers that ask more at a higher turnout (a vote more reaches the harder tier), and a
    tie that owes a second vote (a vote less is a plain rejection, a vote more an adoption; both are final).
    """
    cast = dict(ballots_of(document))
    others = [member for member in document["electorate"]["presence"] if cast.get(member) != "for"]
    if not others:
        return
    cast[data.draw(st.sampled_from(others))] = "for"
    if decide_document(document)["status"] == "adopted":
        assert decide_document(with_ballots(document, list(cast.items())))["status"] == "adopted"


@MODERATE
@given(documents())
def test_the_working_adds_up_again_to_the_outcome(document):
    outcome = decide_document(document)
    for step in outcome["working"]:
        assert step["met"] is recomputed(step)
    if outcome["status"] == "void_no_quorum":
        assert any(not step["met"] for step in outcome["working"] if step["test"] == "quorum.decide")
    else:
        assert (outcome["status"] == "adopted") is passed(document["ruleset"]["majority"]["s"], outcome["working"])


def recomputed(step):
    """Whether the step is met, from nothing but its own numbers."""
    need, got = amount(step["need"]), amount(step["got"])
    if step["test"].endswith((".veto", ".abstention")):
        return got <= need
    if step["threshold"] is not None:
        line = canon.fraction(step["threshold"]) * amount(step["base_value"])
        heads = math.floor(line) + 1 if step["strict"] else math.ceil(line)
        assert need == (heads if step["measure"] == "heads" else line)
        if amount(step["base_value"]) == 0:
            return False
    return got > need if step["strict"] and step["measure"] != "heads" else got >= need


def amount(value):
    return canon.fraction(value) if isinstance(value, str) else Fraction(value)


def passed(rule, steps):
    """Whether a majority passed, from the steps of the working alone."""
    if any(not step["met"] for step in steps if step["test"].endswith((".veto", ".abstention"))):
        return False
    tests = [step for step in steps if step["test"] == "majority.s"]
    blocks = [step["met"] for step in steps if step["test"] == "majority.s.blocking"]
    blocked = bool(blocks) and all(blocks)
    deemed = "blocking" in rule and not blocked and rule["blocking"]["else_adopted"]
    met = [step["met"] or (deemed and step["measure"] != "heads") for step in tests]
    return not blocked and (all(met) if rule["combine"] == "all" else any(met))


@MODERATE
@given(documents())
def test_every_member_has_exactly_one_of_six_values(document):
    outcome = decide_document(document)
    assert sum(outcome["tallies"].values()) == len(document["electorate"]["members"])


LATE = st.sampled_from(
    [
        {"kind": "ballot.cast", "by": "head", "for": "M01", "data": {"value": "against"}},
        {"kind": "presence.out", "by": "head", "for": "M01"},
        {"kind": "rights.changed", "by": "chair", "for": "M01", "data": {"right": "vote", "value": False}},
        {"kind": "quorum.challenged", "by": "head", "for": "M01"},
        {"kind": "withdrawal", "by": "head", "for": "M01"},
        {"kind": "vote.announced", "by": "chair", "data": {"about": "whole"}},
        {"kind": "result.announced", "by": "chair", "data": {"about": "whole"}},
        {"kind": "objection", "by": "head", "for": "M01"},
        {"kind": "clock", "by": "clock"},
    ]
)


@MODERATE
@given(documents(), st.lists(LATE, max_size=4))
def test_a_late_event_never_changes_a_closed_outcome(document, late):
    longer = copy.deepcopy(document)
    seq = len(document["events"])
    for number, event in enumerate(late, seq + 1):
        longer["events"].append({"seq": number, "at": "2026-06-10T12:00:00Z", **event})
    first, second = decide_document(document), decide_document(longer)
    for key in ("status", "decided_at", "tallies", "working", "parts", "override"):
        assert first[key] == second[key]


CLOSED = {
    "consensus": [{"kind": "result.announced", "by": "chair", "data": {"about": "whole"}}],
    "silence": [
        {"kind": "silence.proposed", "by": "chair", "data": {"expiry": "2026-06-10T11:00:00Z"}},
        {"kind": "clock", "by": "clock", "at": "2026-06-10T11:00:00Z"},
    ],
    "election": [
        {"kind": "election.called", "by": "chair", "data": {"posts": 1}},
        {"kind": "candidate.nominated", "by": "chair", "data": {"name": "Ana"}},
        {"kind": "vote.announced", "by": "chair", "data": {"about": "round/1"}},
        {"kind": "ballot.cast", "by": "head", "for": "M01", "data": {"value": "Ana"}},
        {"kind": "result.announced", "by": "chair", "data": {"about": "round/1"}},
    ],
}


@MODERATE
@given(st.sampled_from(sorted(CLOSED)), st.lists(LATE, max_size=4))
def test_a_late_event_never_changes_a_closed_consensus_silence_or_election(method, late):
    late = [event for event in late if not (method == "silence" and event["kind"] == "result.announced")]
    events = [{"at": "2026-06-10T10:00:00Z", **event} for event in CLOSED[method]]
    events += [{**event, "at": "2026-06-10T12:00:00Z"} for event in late]
    subject = {"ref": "version/1", "sha256": "0" * 64}
    document = {
        "ruleset": {},
        "question": {"id": "q", "method": method, "subject": subject},
        "electorate": {"zone": "UTC", "members": ["M01", "M02"]},
        "events": [{"seq": seq, **event} for seq, event in enumerate(events, 1)],
    }
    outcome = decide_document(document)
    assert outcome["status"] == {"consensus": "adopted", "silence": "adopted", "election": "elected"}[method]
    assert outcome["decided_at"] == ("2026-06-10T11:00:00Z" if method == "silence" else "2026-06-10T10:00:00Z")


@MODERATE
@given(documents(), st.text(max_size=20))
def test_an_override_never_turns_a_lost_count_into_adoption(document, reason):
    longer = copy.deepcopy(document)
    data = {"status": "adopted", "reason": reason}
    event = {"seq": 999, "at": "2026-06-10T12:00:00Z", "kind": "override", "by": "chair", "data": data}
    longer["events"].append(event)
    outcome = decide_document(longer)
    if outcome["status"] == "rejected":
        assert outcome["override"] is None
    if not reason.strip():
        assert outcome["override"] is None


MINUTE = timedelta(minutes=1)
START = datetime(2026, 6, 10, 10, tzinfo=UTC)
moves = st.lists(st.tuples(st.sampled_from("ABCDE"), st.booleans(), st.integers(0, 3)), max_size=20)


@MODERATE
@given(moves)
def test_a_quorum_walked_by_events_equals_a_quorum_by_intervals_at_every_instant(changes):
    """The roll, which walks events once, against brute force over the intervals they make."""
    document = {"ruleset": {"quorum": {"decide": {"f": "1/2"}}}, "events": []}
    at, intervals = START, {member: [(START, None)] for member in "ABCDE"}
    events = []
    for member, enters, minutes in changes:
        at += minutes * MINUTE
        events.append((at, member, enters))
        moved(intervals[member], at, enters)
    document |= presence_document(events)
    roll = Roll(read_inputs(document).electorate)
    for event in read_inputs(document).events:
        (roll.enter if event.kind == "presence.in" else roll.leave)(event)
        if event is last_at(read_inputs(document).events, event.at):
            brute = {member for member, spans in intervals.items() if covers(spans, event.at)}
            assert set(roll.channels) == brute
            step = quorum.check(read_inputs(document).ruleset.quorum, "decide", roll, quorum.Look(event.at, "now"))
            assert (step.got, step.met) == (len(brute), len(brute) >= 3)


def moved(spans, at, enters):
    """Open or close the last interval of a member."""
    is_open = bool(spans) and spans[-1][1] is None
    if enters and not is_open:
        spans.append((at, None))
    elif not enters and is_open:
        spans[-1] = (spans[-1][0], at)


def last_at(events, at):
    return next(event for event in reversed(events) if event.at == at) if events else None


def presence_document(events):
    kinds = {True: "presence.in", False: "presence.out"}
    return {
        "question": {"id": "q", "method": "consensus", "subject": {"ref": "x", "sha256": "0"}},
        "electorate": {"zone": "UTC", "members": list("ABCDE")},
        "events": [
            {"seq": seq, "at": canon.instant_text(at), "kind": kinds[enters], "by": "secretary", "for": member}
            for seq, (at, member, enters) in enumerate(events, 1)
        ],
    }


@MODERATE
@given(st.sampled_from(sorted(MACHINES)), st.lists(st.integers(0, 30), max_size=25))
def test_a_state_machine_never_leaves_its_table(machine, choices):
    state = "" if "" in states_of(machine) else "none"
    for choice in choices:
        possible = moves_from(machine, state)
        if not possible:
            break
        move = possible[choice % len(possible)]
        assert isinstance(may_move(machine, state, move.act), Arrow)
        state = move.to
        assert state in states_of(machine)


@given(st.sampled_from(sorted(MACHINES)), st.text(max_size=12))
def test_an_act_that_does_not_fit_is_refused_with_what_does(machine, act):
    answer = may_move(machine, "no such state", act)
    assert answer.because
    assert answer.possible == ()
