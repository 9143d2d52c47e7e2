"""The proceedings of one question: the state that events move, and the votes taken on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chancery.procedure.outcomes import ChairsOverride, Owed, Refusal, SubOutcome, Verdict
from chancery.procedure.parameters.deciding import ElectionTurn, Majority
from chancery.procedure.questions import Electorate, Event, OutOfOrder, QuestionTerms
from chancery.procedure.roll import Roll
from chancery.procedure.rulesets import SIMPLE, RuleSet
from chancery.procedure.steps import Step

Handler = Callable[["Proceedings", Event], None]


@dataclass
class Vote:
    """One vote from its announcement to its result. In a round the values are names of candidates."""

    about: str
    opened_at: datetime
    mode: str
    ballots: dict[str, Any] = field(default_factory=dict)
    counted: Mapping[str, Any] | None = None
    closed_at: datetime | None = None
    quorum: list[Step] = field(default_factory=list)
    challengers: set[str] = field(default_factory=set)
    answer: Verdict | None = None


@dataclass
class RunningSilence:
    """A running silence: its expiry as it stands, and who broke it in time."""

    proposed_at: datetime
    expiry: datetime
    proposed_expiry: datetime
    extensions: int = 0
    breakers: dict[str, Event] = field(default_factory=dict)
    late: list[Event] = field(default_factory=list)


@dataclass
class RunningElection:
    """A running election: posts, or posts by group; candidates in the order of nomination."""

    posts: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    candidates: dict[str, str | None] = field(default_factory=dict)
    standing: list[str] = field(default_factory=list)
    elected: list[str] = field(default_factory=list)
    tied: list[str] = field(default_factory=list)
    seats_by_lot: int = 0
    rounds: int = 0


@dataclass
class MovedMotion:
    """A motion before the house."""

    id: str
    kind: str
    seconded: bool = False
    status: str = "pending"


class Proceedings:
    """Everything that is known between two events; `closed` once the whole is decided."""

    def __init__(self, rules: RuleSet, question: QuestionTerms, electorate: Electorate) -> None:
        self.rules, self.question, self.electorate = rules, question, electorate
        self.roll = Roll(electorate, chair_votes=rules.chair.chair_votes, remote_vote=rules.methods.remote_vote)
        self.votes: list[Vote] = []
        self.current: Vote | None = None
        self.objections: dict[str, Event] = {}
        self.capitals: tuple[str, ...] = question.capitals
        self.confirmations: dict[str, Event] = {}
        self.motions: dict[str, MovedMotion] = {}
        self.challengers: set[str] = set()
        self.division: str | None = None
        self.amendment_order: tuple[str, ...] = ()
        self.implied: Mapping[str, tuple[str, ...]] = {}
        self.not_put: dict[str, str] = {}
        self.silence: RunningSilence | None = None
        self.election = RunningElection()
        self.answer: Verdict | None = None
        self.closed = False
        self.effects: list[dict[str, Any]] = []
        self.warnings: list[dict[str, Any]] = []
        self.refused: list[Refusal] = []
        self.override: ChairsOverride | None = None

    def warn(self, event: Event, rule: str, because: str) -> None:
        """Note what the rules expected otherwise; the chair is not held up."""
        self.warnings.append({"seq": event.seq, "rule": rule, "because": because})

    def settle(self, answer: Verdict) -> None:
        """The whole is decided; what follows has no effect unless the answer itself asks for it."""
        self.answer, self.closed = answer, True

    def check_open(self, event: Event) -> None:
        """Refuse what comes after the whole is decided."""
        if self.closed:
            raise OutOfOrder("order", f"{event.kind} comes after the question was decided.")

    def latest(self, about: str) -> Vote | None:
        """The last vote taken on something."""
        return next((vote for vote in reversed(self.votes) if vote.about == about), None)

    def test_for(self, about: str) -> tuple[str, Majority]:
        """The name and the majority that decide a vote on the whole, a part, an amendment or a motion."""
        name = self.question.test or "procedural"
        if about.startswith("round/"):
            name = self.turn(self.election.rounds).majority
        elif about == "division":
            name = "procedural"
        elif about.startswith("motion/"):
            name = self._motion_test(about.removeprefix("motion/"))
        return _full_name(name, self.rules), self.rules.majority_named(name) or SIMPLE

    def turn(self, number: int) -> ElectionTurn:
        """What the rules ask of a round, counted from 0; the last one stated repeats."""
        turns = self.rules.elections.rounds or (ElectionTurn(majority="procedural"),)
        return turns[min(number, len(turns) - 1)]

    def _motion_test(self, identity: str) -> str:
        motion = self.motions.get(identity)
        if motion and motion.kind == "appeal":
            return "appeal"
        kind = next((kind for kind in self.rules.debate.motions if motion and kind.name == motion.kind), None)
        return kind.majority if kind and kind.majority else "procedural"

    def parts(self) -> tuple[SubOutcome, ...]:
        """A sub-outcome for each vote on the way, the earlier votes on the whole among them."""
        last = self.latest("whole")
        done = [SubOutcome(vote.about, vote.answer or Verdict("pending")) for vote in self.votes if vote is not last]
        return (*done, *(SubOutcome(f"amendment/{name}", Verdict("not_put")) for name in self.not_put))


def _full_name(name: str, rules: RuleSet) -> str:
    if name not in rules.majority and name == "appeal":
        return "debate.appeal"
    if name not in rules.majority and name == "reconsideration":
        return "proposals.reconsideration"
    return f"majority.{name}"


def pending(do: str, **particulars: Any) -> Verdict:
    """No answer yet, and what the chair owes."""
    return Verdict("pending", next=Owed(do, particulars))
