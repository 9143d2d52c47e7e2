"""Instruments: when a signed text takes effect, how an error in it is corrected, when it becomes public.

Sources: Vienna Convention on the Law of Treaties, article 79 (unverified: proces-verbal of rectification, effect
from the start unless otherwise decided); practice of the UN as depositary (circulated to all, right to object).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chancery.procedure.notice import Check
from chancery.procedure.parameters.keeping import Instruments

LEVELS = "ABCP"
"""Levels of a signature from the strongest to paper, as signing names them."""


@dataclass(frozen=True)
class GivenSignature:
    """A signature given: by whom, when, at which level, on which language versions, or declined."""

    member: str
    at: datetime
    level: str
    languages: tuple[str, ...]
    declined: bool = False


@dataclass(frozen=True)
class Force:
    """Whether an instrument is in force, since when, and who is still missing."""

    in_force: bool
    since: datetime | None
    missing: tuple[str, ...]
    rule: str
    because: str


def force(rules: Instruments, signatories: Sequence[str], signatures: Collection[GivenSignature]) -> Force:
    """Whether an instrument has entered into force by its signatures.

    A signature counts when its level suffices and it covers every authentic language; a declined one never does.
    """
    rule = rules.entry_into_force
    counted = {one.member: one for one in signatures if _counts(rules, one)}
    missing = tuple(member for member in signatories if member not in counted)
    name = "instruments.entry_into_force"
    if rule is None or rule.when not in ("all_signatures", "signature"):
        return Force(False, None, missing, name, "It does not enter into force by signature alone.")
    if rule.when == "signature" and counted:
        since = min(one.at for one in counted.values())
        return Force(True, since, missing, name, "In force between those that signed.")
    if missing:
        return Force(False, None, missing, name, f"Not signed by {', '.join(missing)} in all authentic languages.")
    return Force(True, max(one.at for one in counted.values()), (), name, "All have signed.")


def _counts(rules: Instruments, signature: GivenSignature) -> bool:
    least = rules.entry_into_force.least_level if rules.entry_into_force else None
    strong_enough = least is None or LEVELS.index(signature.level) <= LEVELS.index(least)
    whole = set(rules.languages_authentic) <= set(signature.languages)
    return not signature.declined and strong_enough and whole


def rectified(rules: Instruments, circulated_at: datetime, now: datetime, objections: Collection[str]) -> Check:
    """Whether a proces-verbal of rectification stands: circulated to all, and nobody objected in time."""
    rule = rules.rectification
    if rule is None:
        return Check(False, "instruments.rectification", None, None, "These rules know no rectification.")
    if objections:
        return Check(
            False, "instruments.rectification", 0, len(objections), f"{', '.join(sorted(objections))} objected."
        )
    if now < circulated_at + timedelta(days=rule.objection):
        return Check(False, "instruments.rectification", rule.objection, None, "The time to object has not passed.")
    return Check(True, "instruments.rectification", 0, 0, "Nobody objected: the text is corrected from the start.")


def may_publish(
    rules: Instruments, now: datetime, *, embargo_until: datetime | None, lifted_at: datetime | None = None
) -> Check:
    """Whether a text may be public now. A leak lifts nothing by itself: lifting an embargo is an act."""
    rule = "instruments.publication"
    if embargo_until is None or now >= embargo_until:
        return Check(True, rule, None, None, "No embargo holds.")
    if lifted_at is not None and now >= lifted_at:
        return Check(True, rule, None, None, "The embargo was lifted early by an act.")
    return Check(False, rule, None, None, "The embargo holds; what leaked elsewhere does not lift it.")
