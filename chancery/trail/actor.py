"""Who acts: a person, the clock or the operator; in which office, for whom, entered by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import Refused


@dataclass(frozen=True)
class Actor:
    """`id` is `person/x`, `clock` or `operator`; people stand in records as ids and offices."""

    id: str
    office: str = ""
    for_: str = ""
    entered_by: str = ""


CLOCK = Actor("clock")
OPERATOR = Actor("operator")


@dataclass(frozen=True)
class Permit:
    """What `access` answers: allowed or not, by which rule, and why in one sentence."""

    allowed: bool
    rule: str
    because: str

    def __bool__(self) -> bool:
        return self.allowed


Rule = Callable[[Any, Actor, datetime], Permit]


def both(*rules: Rule) -> Rule:
    """The first refusal of several rules, asked in their order; else what the last one says."""

    def ask(subject: Any, by: Actor, at: datetime) -> Permit:
        permit = Permit(True, "roles", "")
        for rule in rules:
            if not (permit := rule(subject, by, at)):
                break
        return permit

    return ask


def in_state(*states: str) -> Rule:
    """The rule that the subject stands in one of `states`."""

    def ask(subject: Any, by: Actor, at: datetime) -> Permit:
        allowed = subject.state in states
        stands, wanted = (" or ".join(names).replace("_", " ") for names in ((subject.state,), states))
        return Permit(allowed, "order", "" if allowed else f"{subject.ref} is {stands}; this needs it {wanted}")

    return ask


OfficeHolder = Callable[[Any, dict[str, Any], datetime], str]
_offices: dict[str, OfficeHolder] = {}


def register_office(name: str, holder: OfficeHolder) -> None:
    """Stations tell here who holds an office (`chair`, `secretary`) for a subject at an instant."""
    _offices[name] = holder


def offices() -> frozenset[str]:
    return frozenset(_offices)


def in_office(name: str, subject: Any, arguments: dict[str, Any], at: datetime) -> Actor:
    """The actor who holds `name` for `subject` at `at`. Refused if that is not exactly one person."""
    if name not in _offices:
        raise Refused("roles", f"there is no office {name!r}")
    return Actor(_offices[name](subject, arguments, at), office=name)
