"""Agenda: deadlines for items, admission of late ones, and the wait before they are discussed.

Sources: UNESCO Executive Board (majority, 48 hours), UN General Assembly rule 15 (unverified: majority, seven days,
waiver by two thirds), WHO Executive Board (of two deadlines the earlier), EU Council (A and B items).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chancery.procedure.notice import Check, due_at
from chancery.procedure.parameters.convening import Agenda
from chancery.procedure.rulesets import RuleSet


def items_due_at(
    rules: RuleSet, opens_at: datetime, zone: str, *, draft_sent_at: datetime | None = None
) -> datetime | None:
    """The instant from which an item is late: the earlier of the deadlines the rules state, None without one."""
    rule = rules.agenda.item_deadline
    found = []
    if rule and rule.days_before_opening is not None:
        found.append(due_at(rules.sessions, opens_at, rule.days_before_opening, zone))
    if rule and rule.days_after_draft_agenda is not None and draft_sent_at is not None:
        found.append(later_by_days(draft_sent_at, rule.days_after_draft_agenda, zone))
    return min(found, default=None)


def may_add(rules: Agenda, *, urgent: bool) -> Check:
    """Whether a late item may be put to the vote that admits it (majority: `agenda.late_item.majority`)."""
    rule = rules.late_item
    if rule is None:
        return Check(False, "agenda.late_item", None, None, "These rules admit no late item.")
    if rule.urgent_only and not urgent:
        return Check(False, "agenda.late_item.urgent_only", None, None, "Only an urgent item is admitted late.")
    return Check(True, "agenda.late_item.majority", None, None, f"It is added by the majority “{rule.majority}”.")


def discussed_from(rules: Agenda, added_at: datetime, zone: str, *, waived: bool = False) -> datetime:
    """The instant from which a late item may be discussed; a waiver ends the wait at once.

    Hours are counted between instants; days are local days, at the same hour of the clock.
    """
    rule = rules.late_item
    if rule is None or waived:
        return added_at
    if rule.wait_days is not None:
        return later_by_days(added_at, rule.wait_days, zone)
    return added_at + timedelta(hours=rule.wait_hours or 0)


def later_by_days(instant: datetime, days: int, zone: str) -> datetime:
    """The same hour of the local clock so many days later."""
    return instant.astimezone(ZoneInfo(zone)) + timedelta(days=days)


def leaves_without_debate(rules: Agenda, asked_by: int) -> Check:
    """Whether an item leaves the list of items without debate (A to B) because so many members ask."""
    need = rules.move_A_to_B_threshold
    if need is None:
        return Check(False, "agenda.move_A_to_B_threshold", None, asked_by, "These rules know no items without debate.")
    because = f"{asked_by} asked for debate; {need} suffice."
    return Check(asked_by >= need, "agenda.move_A_to_B_threshold", need, asked_by, because)
