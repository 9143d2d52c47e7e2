"""Papers: their deadline, what happens to a late one, and when one may be issued and decided on.

Sources: ICAO Assembly (a late paper in its own language, no action asked is an INF); OAS (a debate not before 12
hours after distribution); WHO, FAO, UN (days and weeks before the opening).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chancery.procedure.notice import Check, days_between
from chancery.procedure.notice import due_at as due_on_the_day
from chancery.procedure.parameters.convening import Papers
from chancery.procedure.rulesets import RuleSet


@dataclass(frozen=True)
class Reception:
    """How a paper is received: in time or late, and what the rules do with it then."""

    on_time: bool
    effect: Literal["accepted", "refused", "own_language", "chair_decides", "inf"]
    rule: str
    because: str


def due_at(rules: RuleSet, opens_at: datetime, zone: str) -> datetime | None:
    """The instant from which a pre-session paper is late; None where the rules set no day."""
    days = rules.papers.deadline_days.pre
    if days is None and rules.papers.submit_weeks is not None:
        days = 7 * rules.papers.submit_weeks
    return None if days is None else due_on_the_day(rules.sessions, opens_at, days, zone)


def in_time(rules: RuleSet, tabled_at: datetime, opens_at: datetime, zone: str) -> Check:
    """Whether a pre-session paper was tabled in time."""
    due = due_at(rules, opens_at, zone)
    got = days_between(rules.sessions, tabled_at, opens_at, zone)
    if due is None:
        return Check(True, "papers.deadline_days", None, got, "The rules set no day for papers.")
    need = rules.papers.deadline_days.pre or 7 * (rules.papers.submit_weeks or 0)
    return Check(
        tabled_at < due, "papers.deadline_days", need, got, f"Tabled {got} days before the opening; due {need}."
    )


def receive(rules: Papers, *, on_time: bool, asks_for_action: bool = True) -> Reception:
    """What happens to a paper; a late one is refused, stays in its own language, or the chair decides."""
    if not asks_for_action and rules.no_action_becomes_INF:
        return Reception(on_time, "inf", "papers.no_action_becomes_INF", "It asks for no action: it becomes an INF.")
    if on_time:
        return Reception(True, "accepted", "papers.deadline_days", "Tabled in time.")
    effects = {"refuse": "refused", "own_language": "own_language", "chair": "chair_decides"}
    return Reception(False, effects[rules.late_paper], "papers.late_paper", "Tabled after the deadline.")  # type: ignore[arg-type]


def may_issue(rules: Papers, languages: Collection[str]) -> Check:
    """Whether a paper, or a revision, may be issued in these languages now."""
    return _languages(rules, languages, rules.issue_when == "all_languages")


def may_decide(rules: Papers, languages: Collection[str]) -> Check:
    """Whether a text stands in all official languages, as a decision on it asks."""
    return _languages(rules, languages, True)


def _languages(rules: Papers, languages: Collection[str], all_needed: bool) -> Check:
    missing = [language for language in rules.languages_official if language not in languages]
    need, got = len(rules.languages_official), len(rules.languages_official) - len(missing)
    because = f"Missing: {', '.join(missing)}." if missing else "It stands in all official languages."
    return Check(not (missing and all_needed), "papers.issue_when", need, got, because)


def debate_opens_at(rules: Papers, distributed_at: datetime) -> datetime:
    """The instant from which a text may be debated and decided, without a waiver."""
    return distributed_at + timedelta(hours=rules.debate_wait or 0)
