"""Votes: announced, ballots cast, counted, the result announced; with quorum at each moment the rules check it.

Sources: IMO rule 31; UN General Assembly rules 86-88 (unverified); ITU 426 (from announcement to result only a
point of order on the conduct of voting interrupts).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from chancery.procedure import elections, quorum
from chancery.procedure.counting import Case, Count, judge
from chancery.procedure.guards import shut
from chancery.procedure.outcomes import Owed, Verdict
from chancery.procedure.parameters.deciding import Majority
from chancery.procedure.proceedings import Handler, Proceedings, Vote, pending
from chancery.procedure.questions import SIX_VALUES, Event, OutOfOrder
from chancery.procedure.roll import OPTED_OUT
from chancery.procedure.steps import Step


def announce(proceedings: Proceedings, event: Event) -> None:
    """`vote.announced`: opens a vote. A guard that fails leaves it shut: `not_opened`."""
    about = event.data["about"]
    _check_may_open(proceedings, event, about)
    vote = Vote(about, event.at, event.data.get("mode", proceedings.rules.methods.open))
    proceedings.votes.append(vote)
    vote.answer = shut(proceedings, event, about)
    if vote.answer is not None:
        if about == "whole":
            proceedings.answer = vote.answer
        return
    proceedings.current = vote
    _look(proceedings, vote, "vote_start", event)


def _check_may_open(proceedings: Proceedings, event: Event, about: str) -> None:
    current = proceedings.current
    if current is not None:
        raise OutOfOrder(
            "order", f"The vote on {current.about} has no result yet.", f"Announce the result on {current.about}."
        )
    if proceedings.closed and not _is_second_vote(proceedings, about):
        raise OutOfOrder("order", "The question is already decided.")
    if not _is_known(proceedings, about):
        raise OutOfOrder("refs", f"{about} is no part of this question.")
    if about == "whole" and proceedings.question.method in ("consensus", "silence", "election"):
        raise OutOfOrder("methods.default", f"The question was put by {proceedings.question.method}, not to the vote.")
    if about.startswith("round/"):
        elections.check_round(proceedings, about)
    _check_weights(proceedings, about)
    if about.startswith("part/") and proceedings.division == "refused":
        raise OutOfOrder(
            "proposals.division", "There is no separate vote: it was objected to.", "Put the text as a whole."
        )
    name = about.removeprefix("amendment/")
    if name in proceedings.not_put:
        because = f"{name} is not put: the adoption of {proceedings.not_put[name]} implies its rejection."
        raise OutOfOrder("proposals.imply_rejection", because)
    if proceedings.closed:
        _reopen(proceedings, event)


def _check_weights(proceedings: Proceedings, about: str) -> None:
    """Refuse a weighted vote where the electorate does not say what each member weighs."""
    for test in proceedings.test_for(about)[1].tests:
        weights = proceedings.electorate.weights.get(test.measure.removeprefix("weight:"), {})
        if test.measure != "heads" and not set(proceedings.roll.members) <= weights.keys():
            raise OutOfOrder("members.weight_sets", f"Not every member has a weight for {test.measure}.")


def _reopen(proceedings: Proceedings, event: Event) -> None:
    """The second vote after a tie; a late one is shown, not refused."""
    owed = proceedings.answer.next if proceedings.answer else None
    if owed and event.at > owed.with_["before"]:
        name, _ = proceedings.test_for("whole")
        proceedings.warn(event, f"{name}.tie", "The second vote comes after its window has ended.")
    proceedings.closed = False


def _is_second_vote(proceedings: Proceedings, about: str) -> bool:
    return about == "whole" and proceedings.answer is not None and proceedings.answer.status == "second_vote_due"


def _is_known(proceedings: Proceedings, about: str) -> bool:
    kind, _, name = about.partition("/")
    question = proceedings.question
    known = {"part": question.parts, "amendment": question.amendments, "motion": proceedings.motions}
    is_round = kind == "round" and question.method == "election"
    return about in ("whole", "division") or is_round or name in known.get(kind, ())


def cast(proceedings: Proceedings, event: Event) -> None:
    """`ballot.cast`, `ballot.changed`: the last valid ballot of a member counts."""
    vote = _open_vote(proceedings)
    member = proceedings.roll.check_may_vote(event)
    until = proceedings.rules.methods.change_vote_until
    if vote.closed_at is not None and until != "result_announced":
        raise OutOfOrder("methods.change_vote_until", "Voting is closed.")
    if member in vote.ballots and until == "never":
        raise OutOfOrder("methods.change_vote_until", f"{member} has voted; a ballot is not changed.")
    value = event.data["value"]
    in_round = vote.about.startswith("round/")
    if in_round and value not in elections.NO_NAME:
        elections.check_names(proceedings, elections.names_on(value))
    if not in_round and value not in SIX_VALUES:
        raise OutOfOrder("form", f"A ballot on {vote.about} is one of {', '.join(SIX_VALUES)}.")
    vote.ballots.pop(member, None)
    vote.ballots[member] = value


def take_count(proceedings: Proceedings, event: Event) -> None:
    """`ballots.counted`: the tellers' certified count of a secret ballot; they certify who voted."""
    vote = _open_vote(proceedings)
    voted = event.data["voted"]
    for member in voted:
        proceedings.roll.check_standing(member, event.at)
    if len(set(voted)) != len(voted):
        raise OutOfOrder("form", "The count names a member twice.")
    _check_sum(proceedings, vote, event)
    vote.counted = event.data


def _check_sum(proceedings: Proceedings, vote: Vote, event: Event) -> None:
    data, voted = event.data, len(event.data["voted"])
    if vote.about.startswith("round/"):
        elections.check_candidates(proceedings, data)
        spoiled = data.get("invalid", 0) + data.get("abstain", 0)
        most = (voted - spoiled) * elections.open_posts(proceedings.election)
        if spoiled > voted or sum(data.get("candidates", {}).values()) > most:
            raise OutOfOrder("form", f"The count does not add up to the {voted} members that voted.")
        return
    _, rule = proceedings.test_for(vote.about)
    if needs_names(rule):
        raise OutOfOrder("methods.secret_on", "This majority needs names or weights; a secret count has neither.")
    if sum(data.get("values", {}).values()) != voted:
        raise OutOfOrder("form", f"The count does not add up to the {voted} members that voted.")


def needs_names(rule: Majority) -> bool:
    """Whether a majority can be judged only by knowing who cast what."""
    return bool(rule.veto_members) or rule.affiliation_merge or any(test.measure != "heads" for test in rule.tests)


def close(proceedings: Proceedings, event: Event) -> None:
    """`vote.closed`: the last ballot is in."""
    vote = _open_vote(proceedings)
    if event.data["about"] != vote.about:
        raise OutOfOrder("order", f"The vote that is open is the one on {vote.about}.")
    vote.closed_at = event.at
    _look(proceedings, vote, "vote_end", event)


def challenge(proceedings: Proceedings, event: Event) -> None:
    """`quorum.challenged`: counts only before the result, in a vote or before a consensus."""
    proceedings.check_open(event)
    member = proceedings.roll.check_may_act(event)
    vote = proceedings.current
    if vote is None:
        proceedings.challengers.add(member)
        return
    vote.challengers.add(member)
    if len(vote.challengers) == quorum.challenges_needed(proceedings.rules.quorum, len(proceedings.roll.members)):
        _look(proceedings, vote, "on_challenge", event)


def result(proceedings: Proceedings, vote: Vote, event: Event) -> Verdict:
    """The answer to the vote at `result.announced`: the quorum first, then the majority, or the round."""
    if vote.closed_at is None:
        _look(proceedings, vote, "vote_end", event)
    in_round = vote.about.startswith("round/")
    name, rule = proceedings.test_for(vote.about)
    count = _round_count(proceedings, vote, event) if in_round else _count(proceedings, vote, event.at, rule)
    void = _void(proceedings, vote, count, event)
    if void is not None:
        return void
    if in_round:
        answer = elections.round_result(proceedings, vote, event, count)
    else:
        again = proceedings.question.again is not None or _was_tied(proceedings, vote)
        answer = judge(Case(name, rule, count, again=again, on_the_way=vote.about != "whole"))
    return answer._replace(working=(*_checks_that_count(proceedings, vote), *answer.working))


def without_quorum(proceedings: Proceedings, vote: Vote, answer: Verdict) -> Verdict:
    """What the count alone would have given: for a chair who rules that a quorum was present."""
    assert answer.decided_at is not None
    name, rule = proceedings.test_for(vote.about)
    count = _count(proceedings, vote, answer.decided_at, rule)
    return judge(Case(name, rule, count, again=proceedings.question.again is not None))


def _round_count(proceedings: Proceedings, vote: Vote, event: Event) -> Count:
    """The count of a round: heads that cast a valid ballot, spoiled or none; votes for names are counted apart."""
    valid = {member: "for" for member, value in vote.ballots.items() if value not in elections.NO_NAME}
    spoiled = {member: value for member, value in vote.ballots.items() if value in elections.NO_NAME}
    plain = replace(vote, ballots={**valid, **spoiled})
    if vote.counted is not None:
        plain.counted = {"voted": vote.counted["voted"], "values": _round_values(vote)}
    return _count(proceedings, plain, event.at, Majority(tests=()))


def _round_values(vote: Vote) -> dict[str, int]:
    assert vote.counted is not None
    spoiled = {name: vote.counted.get(name, 0) for name in elections.NO_NAME}
    return {"for": len(vote.counted["voted"]) - sum(spoiled.values()), **spoiled}


def _was_tied(proceedings: Proceedings, vote: Vote) -> bool:
    return any(
        earlier.answer is not None and earlier.answer.status == "second_vote_due"
        for earlier in proceedings.votes
        if earlier is not vote and earlier.about == vote.about
    )


def _look(proceedings: Proceedings, vote: Vote, moment: str, event: Event) -> None:
    rules = proceedings.rules.quorum
    if moment not in rules.check_at:
        return
    idle = frozenset(proceedings.roll.channels) - set(vote.ballots) if moment == "vote_end" else frozenset()
    step = quorum.check(rules, "decide", proceedings.roll, quorum.Look(event.at, moment, idle))
    if step is not None:
        vote.quorum.append(step)


def _checks_that_count(proceedings: Proceedings, vote: Vote) -> list[Step]:
    rules = proceedings.rules.quorum
    needed = quorum.challenges_needed(rules, len(proceedings.roll.members))
    if rules.presumed_unless_challenged and len(vote.challengers) < needed:
        return []
    return vote.quorum


def _void(proceedings: Proceedings, vote: Vote, count: Count, event: Event) -> Verdict | None:
    """Void for want of a quorum: the tallies are kept without effect, and debate may go on where enough are present."""
    checks = _checks_that_count(proceedings, vote)
    failed = next((step for step in checks if not step.met), None)
    if failed is None:
        return None
    debate = quorum.check(proceedings.rules.quorum, "debate", proceedings.roll, quorum.Look(event.at, failed.at))
    steps = (*checks, debate) if debate else tuple(checks)
    goes_on = proceedings.rules.quorum.failed == "debate_continues" and (debate is None or debate.met)
    return Verdict("void_no_quorum", event.at, count.heads, steps, Owed("debate") if goes_on else None)


def _count(proceedings: Proceedings, vote: Vote, at: datetime, rule: Majority) -> Count:
    values = values_of(proceedings, vote)
    members = frozenset(values)
    if rule.affiliation_merge:
        values, members = _merged(proceedings, vote, values)
    roll = proceedings.roll
    rolls = {
        "members": members,
        "entitled": roll.holding("vote", at) & members,
        "participating": roll.participating(at) & members,
    }
    heads = _secret_heads(values, vote) if vote.counted is not None else _heads(values)
    if vote.counted is not None:
        return Count(at, heads, rolls)
    opted_out = {member for member, value in values.items() if value == "present_not_participating"} & set(vote.ballots)
    rolls["participating"] -= opted_out
    return Count(at, heads, rolls, values, proceedings.electorate.weights)


def values_of(proceedings: Proceedings, vote: Vote) -> dict[str, str]:
    """One of the six values for each member, in seating order."""
    roll, ballots = proceedings.roll, vote.ballots
    idle = {True: "present_not_participating", False: "absent"}
    return {member: ballots.get(member) or idle[member in roll.channels] for member in roll.members}


def _merged(proceedings: Proceedings, vote: Vote, values: dict[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Members of one group have one vote together: the last ballot of any of them, under the first one's name."""
    order = list(vote.ballots)
    kept = dict(values)
    for group, codes in proceedings.electorate.groups.items():
        if group == OPTED_OUT or len(codes) < 2:
            continue
        voters = sorted((code for code in codes if code in vote.ballots), key=order.index)
        value = values[voters[-1]] if voters else values[codes[0]]
        for code in codes:
            kept.pop(code, None)
        kept[codes[0]] = value
    return kept, frozenset(kept)


def _heads(values: dict[str, str]) -> dict[str, int]:
    counted = Counter(values.values())
    return {value: counted[value] for value in SIX_VALUES}


def _secret_heads(values: dict[str, str], vote: Vote) -> dict[str, int]:
    assert vote.counted is not None
    voted = set(vote.counted["voted"])
    heads = _heads({member: value for member, value in values.items() if member not in voted})
    for value, number in vote.counted.get("values", {}).items():
        heads[value] += number
    return heads


def open_tallies(proceedings: Proceedings, vote: Vote) -> dict[str, int]:
    """The tallies of a vote whose result is not announced; empty for a round, whose values are names."""
    if vote.about.startswith("round/"):
        return {}
    values = values_of(proceedings, vote)
    return _secret_heads(values, vote) if vote.counted else _heads(values)


def unfinished(proceedings: Proceedings) -> Verdict:
    """The whole has no result yet: what stands so far, and what the chair owes."""
    vote = proceedings.current
    if vote is None:
        return pending("ballot", about="whole")
    whole = vote.about == "whole"
    tallies = open_tallies(proceedings, vote) if whole else {}
    owed = Owed("announce", {"about": vote.about})
    return Verdict("pending", None, tallies, tuple(vote.quorum) if whole else (), owed)


def _open_vote(proceedings: Proceedings) -> Vote:
    if proceedings.current is None:
        raise OutOfOrder("order", "No vote is open.")
    return proceedings.current


HANDLERS: dict[str, Handler] = {
    "vote.announced": announce,
    "vote.closed": close,
    "ballot.cast": cast,
    "ballot.changed": cast,
    "ballots.counted": take_count,
    "quorum.challenged": challenge,
}
