"""What `decide` answers: an outcome with its working. Frozen values; `as_json` is the standard JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from chancery.procedure.steps import Step


class RuleRef(NamedTuple):
    """A parameter that was applied, and where it comes from."""

    parameter: str
    preset: str | None
    version: int | None
    source: str | None
    verified: bool

    def as_json(self) -> dict[str, Any]:
        """The reference as an object of the standard JSON."""
        return self._asdict()


class Owed(NamedTuple):
    """What the chair owes: `do` with its particulars."""

    do: str
    with_: Mapping[str, Any] = MappingProxyType({})
    by: str = "chair"

    def as_json(self) -> dict[str, Any]:
        """`{do, by, with}`."""
        return {"do": self.do, "by": self.by, "with": self.with_}


class Verdict(NamedTuple):
    """The answer to one vote, consensus, silence or round."""

    status: str
    decided_at: datetime | None = None
    tallies: Mapping[str, int] = MappingProxyType({})
    working: tuple[Step, ...] = ()
    next: Owed | None = None


class SubOutcome(NamedTuple):
    """A sub-outcome: one vote on the way (paragraph, amendment, division, motion, round)."""

    about: str
    answer: Verdict

    def as_json(self) -> dict[str, Any]:
        """`{about, status, decided_at, tallies, working}`."""
        answer = self.answer
        return {
            "about": self.about,
            "status": answer.status,
            "decided_at": answer.decided_at,
            "tallies": answer.tallies,
            "working": [step.as_json() for step in answer.working],
        }


class Refusal(NamedTuple):
    """An event left out, by which rule and why, and what is open instead."""

    seq: int
    rule: str
    because: str
    instead: str | None

    def as_json(self) -> dict[str, Any]:
        """The refusal as an object of the standard JSON."""
        return self._asdict()


class ChairsOverride(NamedTuple):
    """The chair decided otherwise, with a reason. `status` of the outcome stays what was computed."""

    status: str
    reason: str
    by: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """The override as an object of the standard JSON."""
        return self._asdict()


class Outcome(NamedTuple):
    """What became of the question, with the working, the rules applied and what comes next."""

    status: str
    decided_at: datetime | None
    tallies: Mapping[str, int]
    parts: tuple[SubOutcome, ...]
    elected: tuple[str, ...]
    next: Owed | None
    working: tuple[Step, ...]
    rules: tuple[RuleRef, ...]
    effects: tuple[Mapping[str, Any], ...]
    warnings: tuple[Mapping[str, Any], ...]
    refused: tuple[Refusal, ...]
    override: ChairsOverride | None

    def as_json(self) -> dict[str, Any]:
        """The outcome as an object of the standard JSON, without the digests."""
        return {
            "status": self.status,
            "decided_at": self.decided_at,
            "tallies": self.tallies,
            "parts": [part.as_json() for part in self.parts],
            "elected": self.elected,
            "next": self.next and self.next.as_json(),
            "working": [step.as_json() for step in self.working],
            "rules": [rule.as_json() for rule in self.rules],
            "effects": self.effects,
            "warnings": self.warnings,
            "refused": [refusal.as_json() for refusal in self.refused],
            "override": self.override and self.override.as_json(),
        }
