"""What `decide` is given: a question, an electorate, events. Frozen plain values (instants UTC and aware)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from chancery.procedure.reading import MemberCode
from chancery.procedure.shapes import Shape, stated

Method = Literal["consensus", "vote", "silence", "election", "ad_referendum", "motion"]
Span = tuple[datetime, datetime | None]
SIX_VALUES = ("for", "against", "abstain", "invalid", "present_not_participating", "absent")


class Subject(Shape):
    """What is put: a reference and the digest of its bytes; for the guards, when and in what it was issued."""

    ref: str
    sha256: str
    distributed_at: datetime | None = stated(None, "when it was distributed, for the wait before debate")
    languages: tuple[str, ...] | None = stated(None, "languages in which it is issued, for the language guard")


class QuestionTerms(Shape):
    """A question put. `test` names a majority; ids of parts that begin with PP are preambular."""

    id: str
    method: Method
    test: str | None = stated(None, "name of a majority, for votes and motions")
    subject: Subject | None = stated(None, "what is put; left out only in elections and motions")
    parts: tuple[str, ...] = stated((), "ids of the paragraphs")
    amendments: tuple[str, ...] = stated((), "ids of the amendments")
    again: str | None = stated(None, "the question put before, which this one repeats")
    capitals: tuple[MemberCode, ...] = stated((), "members that must confirm (ad referendum)")


class Electorate(Shape):
    """The state before the first event; later changes are events, so that it never moves.

    `members` in seating order; `rights`, `accredited`: half-open intervals, a missing member has always;
    `voters`: persons on the letter, a missing member takes anybody; `presence` None: all are present.
    """

    zone: str
    members: tuple[str, ...]
    chair: str | None = None
    rights: Mapping[str, tuple[Span, ...]] = stated({}, "intervals of the right to vote")
    accredited: Mapping[str, tuple[Span, ...]] = stated({}, "intervals of accepted credentials")
    voters: Mapping[str, frozenset[str]] = stated({}, "persons on the letter")
    presence: frozenset[str] | None = None
    weights: Mapping[str, Mapping[str, Fraction]] = stated({}, "weights by set and member")
    groups: Mapping[str, tuple[str, ...]] = stated({}, "groups by name")


class Event(NamedTuple):
    """One event. `by`: a person, `chair` or `clock`; `for_`: the member concerned."""

    seq: int
    at: datetime
    kind: str
    by: str
    for_: str | None
    data: Mapping[str, Any]


class OutOfOrder(Exception):
    """The rules refuse this event: by which rule, why, and what is open instead."""

    def __init__(self, rule: str, because: str, instead: str | None = None) -> None:
        super().__init__(because)
        self.rule, self.because, self.instead = rule, because, instead
