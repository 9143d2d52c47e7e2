"""One step of the working, and the arithmetic of needs: exact, in heads or in weights."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

Number = int | Fraction


class Ground(NamedTuple):
    """What a step stands on: the measure, the base and its value, and what was counted."""

    measure: str
    base: str
    base_value: Number
    counted: tuple[str, ...]


class Step(NamedTuple):
    """One step of the working.

    `need` is the least that `got` must reach; in a step that limits something (`consensus_minus`, `veto`,
    `abstention`, `abstention_cap`, `breakers`, `absent`) it is the most that `got` may be. Heads are integers,
    weights fractions. `threshold` is None where the rule gives a number and not a share.
    """

    test: str
    at: str
    measure: str
    base: str
    base_value: Number
    counted: tuple[str, ...]
    threshold: Fraction | None
    strict: bool
    need: Number
    got: Number
    met: bool

    def as_json(self) -> dict[str, Any]:
        """The step as an object of the standard JSON."""
        return self._asdict()


def need_of(threshold: Fraction, base: Number, *, strict: bool) -> Number:
    """The least number of heads; for weights the line itself, unrounded.

    ceil(threshold * base), or floor(threshold * base) + 1 where more than the threshold is asked.
    """
    line = threshold * base
    if isinstance(base, Fraction):
        return line
    return math.floor(line) + 1 if strict else math.ceil(line)


def is_met(got: Number, need: Number, base: Number, *, strict: bool) -> bool:
    """Whether support reaches the need; over base 0 never."""
    if base == 0:
        return False
    return got > need if strict and isinstance(base, Fraction) else got >= need


def share_of(test: str, at: str, ground: Ground, share: tuple[Fraction, bool], got: Number) -> Step:
    """A step that asks a share (threshold, strict) of its base."""
    threshold, strict = share
    need = need_of(threshold, ground.base_value, strict=strict)
    met = is_met(got, need, ground.base_value, strict=strict)
    return _step(test, at, ground, share, (need, got, met))


def at_least(test: str, at: str, ground: Ground, need: Number, got: Number) -> Step:
    """A step that asks a number."""
    return _step(test, at, ground, (None, False), (need, got, got >= need))


def at_most(test: str, at: str, ground: Ground, most: Number, got: Number) -> Step:
    """A step that allows a number."""
    return _step(test, at, ground, (None, False), (most, got, got <= most))


def _step(
    test: str, at: str, ground: Ground, share: tuple[Fraction | None, bool], found: tuple[Number, Number, bool]
) -> Step:
    threshold, strict = share
    need, got, met = found
    return Step(
        test, at, ground.measure, ground.base, ground.base_value, ground.counted, threshold, strict, need, got, met
    )
