"""Quorum: how many must be present to open, to debate, to decide, of whom, and when it is looked at."""

from __future__ import annotations

import math
from datetime import datetime
from fractions import Fraction
from typing import Literal

from chancery.procedure.counting import need_of
from chancery.procedure.outcomes import Step
from chancery.procedure.parameters.deciding import Quorum
from chancery.procedure.questions import Electorate
from chancery.procedure.roll import Roll

Purpose = Literal["open", "debate", "decide"]


def present_needed(rules: Quorum, purpose: Purpose, electorate: Electorate, at: datetime) -> int | None:
    """How many must be present at the instant to open, debate or decide; None where the rules ask nothing."""
    step = check(rules, purpose, Roll(electorate), at=at)
    return None if step is None else int(step.need)


def is_present_enough(rules: Quorum, purpose: Purpose, electorate: Electorate, at: datetime) -> Step | None:
    """The check with its working, on the presence of the electorate; None where the rules ask nothing."""
    return check(rules, purpose, Roll(electorate), at=at)


def check(
    rules: Quorum, purpose: Purpose, roll: Roll, *, at: datetime, moment: str = "", idle: frozenset[str] = frozenset()
) -> Step | None:
    """One look at the room. `idle`: present members that took no part, counted or not by the rule."""
    share = getattr(rules, purpose)
    if share is None:
        return None
    base = base_of(rules, roll, at)
    present = {member for member in base if _counts(rules, roll, member)}
    if not rules.not_participating_counts:
        present -= idle
    need, got = need_of(share.f, len(base), strict=share.strict), len(present)
    met = got >= need and bool(base)
    counted = ("present", "proxy") if rules.proxy_counts else ("present",)
    return Step(f"quorum.{purpose}", moment or purpose, "heads", rules.base, len(base), counted, share.f, share.strict, need, got, met)  # fmt: skip


def base_of(rules: Quorum, roll: Roll, at: datetime) -> frozenset[str]:
    """The members of whom the quorum is a share."""
    if rules.base == "accredited":
        return roll.holding("accredited", at)
    if rules.base == "entitled":
        return roll.holding("vote", at)
    if rules.base == "participating":
        return roll.participating(at)
    return frozenset(roll.members)


def challenges_needed(rules: Quorum, members: int) -> int:
    """How many members must challenge before a challenge counts."""
    threshold = rules.challenge_threshold
    if threshold is None:
        return 1
    return math.ceil(threshold * members) if isinstance(threshold, Fraction) else threshold


def _counts(rules: Quorum, roll: Roll, member: str) -> bool:
    channel = roll.channels.get(member)
    if channel is None:
        return rules.proxy_counts and roll.is_represented(member)
    return channel != "remote" or rules.remote_counts
