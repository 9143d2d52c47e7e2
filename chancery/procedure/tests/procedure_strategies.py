"""Random questions for properties: electorates, ballots, rules, all as standard documents."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

VALUES = ("for", "against", "abstain", "invalid", "present_not_participating")
MONOTONE_BASES = ("present_voting", "present", "cast_incl_abstain", "members", "entitled", "participating")


def codes(count: int) -> list[str]:
    return [f"M{number:02d}" for number in range(1, count + 1)]


@st.composite
def shares(draw: Any) -> dict[str, Any]:
    """A test: a share of a base, in heads or in the weight set `w`."""
    denominator = draw(st.integers(2, 9))
    numerator = draw(st.integers(1, denominator - 1))
    return {
        "threshold": f"{numerator}/{denominator}",
        "strict": draw(st.booleans()),
        "base": draw(st.sampled_from(MONOTONE_BASES)),
        "measure": draw(st.sampled_from(["heads", "weight:w"])),
    }


@st.composite
def majorities(draw: Any) -> dict[str, Any]:
    majority: dict[str, Any] = {
        "tests": draw(st.lists(shares(), min_size=1, max_size=3)),
        "combine": draw(st.sampled_from(["all", "any"])),
        "abstention": draw(st.sampled_from(["ignored", "against", "blocks", "absent_ok"])),
        "invalid": draw(st.sampled_from(["ignored", "against"])),
        "tie": "rejected",
    }
    if draw(st.booleans()):
        majority["blocking"] = {
            "min_members": draw(st.integers(1, 4)),
            "weight": draw(st.sampled_from(["1/4", "1/3", "1/2"])),
            "else_adopted": draw(st.booleans()),
        }
    if draw(st.booleans()):
        majority["veto_members"] = ["M01"]
    return majority


@st.composite
def documents(draw: Any, majority: Any = None) -> dict[str, Any]:
    """A vote by show of hands with two to twelve members, some of them absent."""
    members = codes(draw(st.integers(2, 12)))
    present = [member for member in members if draw(st.integers(0, 5))]
    ballots = [(member, draw(st.sampled_from(VALUES))) for member in present if draw(st.integers(0, 4))]
    quorum = {"decide": {"f": draw(st.sampled_from(["1/3", "1/2", "2/3"]))}, "check_at": ["vote_start", "vote_end"]}
    weights = {member: f"{draw(st.integers(0, 9))}/{draw(st.integers(1, 9))}" for member in members}
    return document(
        {"majority": {"s": draw(majority if majority is not None else majorities())}, "quorum": quorum},
        {"zone": "UTC", "members": members, "presence": present, "weights": {"w": weights}},
        ballots,
    )


def document(rules: dict[str, Any], electorate: dict[str, Any], ballots: list[tuple[str, str]]) -> dict[str, Any]:
    events: list[dict[str, Any]] = [{"kind": "vote.announced", "by": "chair", "data": {"about": "whole"}}]
    events += [
        {"kind": "ballot.cast", "by": "head", "for": member, "data": {"value": value}} for member, value in ballots
    ]
    events.append({"kind": "result.announced", "by": "chair", "data": {"about": "whole"}})
    stamped = [
        {"seq": seq, "at": f"2026-06-10T10:{seq // 60:02d}:{seq % 60:02d}Z", **event}
        for seq, event in enumerate(events, 1)
    ]
    question = {"id": "q", "method": "vote", "test": "s", "subject": {"ref": "version/1", "sha256": "0" * 64}}
    return {"ruleset": rules, "question": question, "electorate": electorate, "events": stamped}


def ballots_of(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [(event["for"], event["data"]["value"]) for event in given["events"] if event["kind"] == "ballot.cast"]


def with_ballots(given: dict[str, Any], ballots: list[tuple[str, str]]) -> dict[str, Any]:
    return document(given["ruleset"], given["electorate"], ballots)
