"""Quorum: how many must be present to open, to debate, to decide, of whom, and when it is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from chancery.procedure.parameters.deciding import Quorum, Share
from chancery.procedure.questions import Electorate
from chancery.procedure.roll import Roll
from chancery.procedure.steps import Ground, Step, share_of

Purpose = Literal["open", "debate", "decide"]


@dataclass(frozen=True)
class Look:
    """One look at the room: when, its name in the working, and who is present without taking part."""

    at: datetime
    moment: str
    idle: frozenset[str] = frozenset()


def present_needed(rules: Quorum, purpose: Purpose, electorate: Electorate, at: datetime) -> int | None:
    """How many must be present at the instant to open, debate or decide; None where the rules ask nothing."""
    step = is_present_enough(rules, purpose, electorate, at)
    return None if step is None else int(step.need)


def is_present_enough(rules: Quorum, purpose: Purpose, electorate: Electorate, at: datetime) -> Step | None:
    """The check with its working, on the presence of the electorate; None where the rules ask nothing."""
    return check(rules, purpose, Roll(electorate), Look(at, purpose))


def check(rules: Quorum, purpose: Purpose, roll: Roll, look: Look) -> Step | None:
    """One look at the room; None where the rules ask nothing."""
    share: Share | None = getattr(rules, purpose)
    if share is None:
        return None
    base = base_of(rules, roll, look.at)
    present = {member for member in base if _counts(rules, roll, member)}
    if not rules.not_participating_counts:
        present -= look.idle
    counted = ("present", "proxy") if rules.proxy_counts else ("present",)
    ground = Ground("heads", rules.base, len(base), counted)
    return share_of(f"quorum.{purpose}", look.moment, ground, (share.f, share.strict), len(present))


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
