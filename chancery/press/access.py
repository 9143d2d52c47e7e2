"""Who drafts, clears and releases; who sees an item before the public does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.meetings import access as meetings
from chancery.trail.actor import Actor, Permit

from .models import PressItem


def is_press(by: Actor, at: datetime) -> bool:
    return council.holds(by, "press", at)


def may_draft(subject: Any, by: Actor, at: datetime) -> Permit:
    return council.permit(is_press(by, at), "roles", "only a press officer may do this")


def may_clear_words(item: PressItem, by: Actor, at: datetime) -> bool:
    """Whether the actor may agree to a wording: the chair, or a head of delegation."""
    return meetings.is_chair(item, by, at) or council.holds(by, "head", at)


def may_clear(item: PressItem, by: Actor, at: datetime) -> Permit:
    """The chair, or a head of delegation, agrees to the wording."""
    if item.state != "draft":
        return Permit(False, "order", f"{item.key} is {item.state}")
    allowed = may_clear_words(item, by, at)
    return council.permit(allowed, "roles", "only the chair or a head of delegation clears a wording")


def may_issue(item: PressItem, by: Actor, at: datetime) -> Permit:
    """A press officer releases what was cleared, and nothing else."""
    if item.state != "cleared":
        because = "is not cleared yet" if item.state == "draft" else "is released already"
        return Permit(False, "order", f"{item.key} {because}")
    return may_draft(item, by, at)


def may_correct(item: PressItem, by: Actor, at: datetime) -> Permit:
    """A press officer adds a note; who clears wordings may give a new text too."""
    if item.state != "released":
        return Permit(False, "order", f"{item.key} is not released; it is changed, not corrected")
    if item.withdrawn_at:
        return Permit(False, "order", f"{item.key} is withdrawn")
    allowed = is_press(by, at) or may_clear_words(item, by, at)
    return council.permit(allowed, "roles", "only a press officer, the chair or a head of delegation may do this")


def may_withdraw(item: PressItem, by: Actor, at: datetime) -> Permit:
    """A press officer, the chair or a head of delegation withdraws what was released."""
    return may_correct(item, by, at)


def may_import_rates(subject: Any, by: Actor, at: datetime) -> Permit:
    return council.permit(
        by.id == "clock" or is_press(by, at), "roles", "only a press officer or the clock may do this"
    )
