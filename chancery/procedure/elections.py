"""Elections: nominations, rounds with their majorities, who drops out, ties and lots, groups, acclamation.

Each candidate is judged by the majority of the round: his ballots are `for`, the other valid ones `against`.
Sources: FAO General Rules XII.10(a) (acclamation), IMO rule 52; the rest as each rule set states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chancery.procedure import lots
from chancery.procedure.counting import Case, Count, judge
from chancery.procedure.outcomes import Owed, Verdict
from chancery.procedure.parameters.deciding import Majority
from chancery.procedure.proceedings import Handler, Proceedings, RunningElection, Vote, pending
from chancery.procedure.questions import Event, OutOfOrder

NO_NAME = ("abstain", "invalid")


def check_round(proceedings: Proceedings, about: str) -> None:
    """Refuse a ballot out of turn, without candidates, or by a majority of weights, which names cannot be."""
    election = _called(proceedings)
    if proceedings.question.method != "election" or about != f"round/{election.rounds + 1}":
        raise OutOfOrder("order", f"The next ballot is round/{election.rounds + 1}.")
    if not election.standing or election.tied:
        raise OutOfOrder("order", "A lot is due." if election.tied else "Nobody stands.")
    if any(test.measure != "heads" for test in proceedings.test_for(about)[1].tests):
        raise OutOfOrder("elections.rounds", "A round is counted in heads, not in weights.")


def call(proceedings: Proceedings, event: Event) -> None:
    """`election.called`: posts, or posts for each group."""
    proceedings.check_open(event)
    groups = _posts_by_group(event.data["posts"], event.data.get("groups", {}))
    if groups and sum(groups.values()) != event.data["posts"]:
        raise OutOfOrder("elections.distribution", "The posts of the groups do not add up to all posts.")
    proceedings.election = RunningElection(posts=event.data["posts"], groups=groups)


def _posts_by_group(posts: int, groups: Mapping[str, int] | tuple[str, ...]) -> dict[str, int]:
    """Posts of each group; groups that are only named share the posts equally."""
    if isinstance(groups, Mapping):
        return dict(groups)
    return {group: posts // len(groups) for group in groups}


def nominate(proceedings: Proceedings, event: Event) -> None:
    """`candidate.nominated`: before the first ballot; the order of nomination is the order of the ballot."""
    proceedings.check_open(event)
    election, name, group = _called(proceedings), event.data["name"], event.data.get("group")
    if election.rounds or proceedings.current is not None:
        raise OutOfOrder("elections.nomination_deadline", "Balloting has begun.")
    if election.groups and group not in election.groups:
        raise OutOfOrder("elections.distribution", f"{name} stands for no group that has a post.")
    if name in election.candidates or name in NO_NAME:
        raise OutOfOrder("form", f"{name} stands already.")
    election.candidates[name] = group
    election.standing.append(name)


def withdraw(proceedings: Proceedings, event: Event) -> None:
    """`candidate.withdrawn`: between ballots."""
    proceedings.check_open(event)
    name = event.data["name"]
    if proceedings.current is not None:
        raise OutOfOrder("order", "A ballot is under way.")
    if name not in _called(proceedings).standing:
        raise OutOfOrder("refs", f"{name} is no candidate.")
    proceedings.election.standing.remove(name)


def round_result(proceedings: Proceedings, vote: Vote, event: Event, count: Count) -> Verdict:
    """The answer to one round; fills `election` and says what comes next."""
    election, (test, rule) = proceedings.election, proceedings.test_for(vote.about)
    election.rounds += 1
    votes, valid = _votes(election, vote, count)
    cases = {name: _case(test, rule, count, (votes[name], valid)) for name in election.standing}
    answers = {name: judge(case) for name, case in cases.items()}
    steps = tuple(step._replace(at=f"{vote.about}/{name}") for name in answers for step in answers[name].working)
    passed = [name for name in election.standing if answers[name].status == "adopted"]
    for names, posts in _contests(election, passed):
        _seat(proceedings, sorted(names, key=lambda name: -votes[name]), votes, posts)
    election.standing = [name for name in election.standing if name not in election.elected]
    return _after_round(proceedings, votes, Verdict("next_round", event.at, count.heads, steps))


def _case(name: str, rule: Majority, count: Count, numbers: tuple[int, int]) -> Case:
    got, valid = numbers
    heads = {**count.heads, "for": got, "against": valid - got}
    return Case(name, rule, replace(count, heads=heads, values=None, added_up={}), on_the_way=True)


def _votes(election: RunningElection, vote: Vote, count: Count) -> tuple[Counter[str], int]:
    """Votes for each name, and the number of valid ballots."""
    if vote.counted is not None:
        spoiled = vote.counted.get("invalid", 0) + vote.counted.get("abstain", 0)
        return Counter(vote.counted.get("candidates", {})), len(vote.counted["voted"]) - spoiled
    ballots = [names_on(value) for value in vote.ballots.values() if value not in NO_NAME]
    return Counter(name for names in ballots for name in names), len(ballots)


def names_on(value: Any) -> tuple[str, ...]:
    """The names on a ballot: one, or a list of as many as there are posts."""
    return (value,) if isinstance(value, str) else tuple(value)


def open_posts(election: RunningElection) -> int:
    """How many posts are still to be filled: the names that a ballot may hold."""
    return election.posts - len(election.elected)


def check_names(proceedings: Proceedings, names: tuple[str, ...]) -> None:
    """Refuse a ballot with a stranger, a name twice or too many names."""
    election = proceedings.election
    strangers = [name for name in names if name not in election.standing]
    if strangers:
        raise OutOfOrder("refs", f"{', '.join(strangers)} is no candidate in this round.")
    if len(set(names)) < len(names) or len(names) > open_posts(election):
        raise OutOfOrder("form", f"A ballot holds at most {open_posts(election)} different names.")


def check_candidates(proceedings: Proceedings, data: Mapping[str, Any]) -> None:
    """Refuse a certified count that names somebody who does not stand in this round."""
    strangers = [name for name in data.get("candidates", {}) if name not in proceedings.election.standing]
    if strangers:
        raise OutOfOrder("refs", f"{', '.join(strangers)} is no candidate in this round.")


def _contests(election: RunningElection, passed: list[str]) -> list[tuple[list[str], int]]:
    """Candidates and open posts, by group where posts are distributed."""
    if not election.groups:
        return [(passed, open_posts(election))]
    return [
        ([name for name in passed if election.candidates[name] == group], _open_in(election, group))
        for group in election.groups
    ]


def _open_in(election: RunningElection, group: str) -> int:
    return election.groups[group] - sum(election.candidates[name] == group for name in election.elected)


def _seat(proceedings: Proceedings, ranked: list[str], votes: Mapping[str, int], posts: int) -> None:
    """Seat the best; equal votes across the last post are a tie, decided by lot or another ballot."""
    election = proceedings.election
    if len(ranked) <= posts or posts == 0:
        election.elected += ranked[:posts]
        return
    line = votes[ranked[posts - 1]]
    above = [name for name in ranked if votes[name] > line]
    equal = [name for name in ranked if votes[name] == line]
    election.elected += above
    if len(above) + len(equal) == posts:
        election.elected += equal
    elif proceedings.rules.elections.tie == "lot" and not election.tied:
        election.tied, election.seats_by_lot = equal, posts - len(above)


def _after_round(proceedings: Proceedings, votes: Mapping[str, int], answer: Verdict) -> Verdict:
    election = proceedings.election
    if open_posts(election) == 0:
        return answer._replace(status="elected")
    if election.tied:
        particulars = {"candidates": list(election.tied), "posts": election.seats_by_lot}
        return answer._replace(status="pending", next=Owed("lot", particulars))
    return _next_round(proceedings, votes, answer)


def _next_round(proceedings: Proceedings, votes: Mapping[str, int], answer: Verdict) -> Verdict:
    """Who stands in the next ballot, contest by contest, in the order of the ballot."""
    election = proceedings.election
    drop = proceedings.turn(election.rounds - 1).drop
    left = {
        name for names, posts in _contests(election, election.standing) for name in _left(drop, names, posts, votes)
    }
    election.standing = [name for name in election.standing if name in left]
    particulars = {
        "round": election.rounds + 1,
        "candidates": list(election.standing),
        "posts": open_posts(election),
    }
    do = "restricted_ballot" if drop == "restrict_to_2x_posts" else "ballot"
    return answer._replace(next=Owed(do, particulars))


def _left(drop: str | None, names: list[str], posts: int, votes: Mapping[str, int]) -> list[str]:
    """Who of a contest is left: without the last, or twice as many as open posts with equals at the line.

    Where dropping would leave fewer names than posts nobody drops out; a contest that is filled leaves nobody.
    """
    ranked = sorted((votes[name] for name in names), reverse=True)
    if posts == 0:
        return []
    if drop == "restrict_to_2x_posts" and len(names) > 2 * posts:
        return [name for name in names if votes[name] >= ranked[2 * posts - 1]]
    if drop == "lowest" and names:
        kept = [name for name in names if votes[name] > ranked[-1]]
        return kept if len(kept) >= posts else names
    return names


def draw(proceedings: Proceedings, event: Event) -> None:
    """`lot.drawn`: one name at a time among those tied, in the room or by commit-reveal; never by the clock."""
    if event.by == "clock":
        raise OutOfOrder("elections.lot", "A lot is never drawn by the server alone.")
    between = list(proceedings.election.tied) or _between(proceedings)
    name, how = event.data["result"], event.data["how"]
    if not between:
        raise OutOfOrder("order", "No lot is due.")
    if name not in between:
        raise OutOfOrder("refs", f"{name} does not stand in this lot.")
    if how != proceedings.rules.elections.lot:
        raise OutOfOrder("elections.lot", f"Lots are drawn by {proceedings.rules.elections.lot} under these rules.")
    if how == "commit_reveal":
        lots.check_proof(name, event.data.get("proof"), between)
    _apply_lot(proceedings, event, name)


def _between(proceedings: Proceedings) -> list[str]:
    """A question, not an election, may owe a lot on a tie."""
    answer = proceedings.answer
    return list(answer.next.with_.get("between", ())) if answer and answer.next and answer.next.do == "lot" else []


def _apply_lot(proceedings: Proceedings, event: Event, name: str) -> None:
    election, answer = proceedings.election, proceedings.answer
    assert answer is not None
    if not election.tied:
        proceedings.settle(Verdict(name, event.at, answer.tallies, answer.working))
        return
    election.elected.append(name)
    election.standing.remove(name)
    election.tied.remove(name)
    election.seats_by_lot -= 1
    if election.seats_by_lot:
        owed = Owed("lot", {"candidates": list(election.tied), "posts": election.seats_by_lot})
        proceedings.answer = answer._replace(next=owed)
        return
    election.tied = []
    if open_posts(election) == 0:
        proceedings.settle(Verdict("elected", event.at, answer.tallies, answer.working))
    else:
        proceedings.answer = _next_round(proceedings, Counter(), answer._replace(status="next_round"))


def acclaim(proceedings: Proceedings, event: Event) -> Verdict:
    """`result.announced` on the whole without a ballot: acclamation where nobody objects. Raises OutOfOrder."""
    election, rules = _called(proceedings), proceedings.rules.elections
    if election.rounds:
        raise OutOfOrder("order", "The rounds have decided; there is no other result to announce.")
    if rules.uncontested != "acclamation_unless_objection" or len(election.standing) > election.posts:
        raise OutOfOrder("elections.uncontested", "The election is contested: a ballot is due.", "Announce round/1.")
    if proceedings.objections:
        raise OutOfOrder(
            "elections.uncontested", "A member objects to acclamation: a ballot is due.", "Announce round/1."
        )
    election.elected += election.standing
    return Verdict("elected", event.at)


def unfinished(proceedings: Proceedings) -> Verdict:
    """No round has been held, or the next one is due."""
    election = proceedings.election
    if not election.posts:
        return pending("ballot", about="whole")
    return pending("ballot", round=election.rounds + 1, candidates=list(election.standing), posts=election.posts)


def _called(proceedings: Proceedings) -> RunningElection:
    if not proceedings.election.posts:
        raise OutOfOrder("order", "No election was called.")
    return proceedings.election


HANDLERS: dict[str, Handler] = {
    "election.called": call,
    "candidate.nominated": nominate,
    "candidate.withdrawn": withdraw,
    "lot.drawn": draw,
}
