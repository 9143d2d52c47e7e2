"""Who may table a draft, translate it, join its sponsors, freeze it and withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.floor.access import speaks_as_sponsor
from chancery.meetings import access as meetings
from chancery.trail.actor import Actor, Permit

from .models import Draft, Version


def may_table(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, a head of delegation, or a rapporteur."""
    rapporteur = bool(council.reports_for(council.person_key(by), at))
    allowed = council.is_secretary(by, at) or council.holds(by, "head", at) or rapporteur
    return council.permit(
        allowed, "roles", "only the secretariat, a head of delegation or a rapporteur may table a draft"
    )


def may_sponsor(draft: Draft, by: Actor, at: datetime) -> Permit:
    """A head of delegation or alternate for its member; the secretariat enters what was said, for a member."""
    if draft.withdrawn_at:
        return Permit(False, "order", f"{draft.key} is withdrawn")
    return meetings.speaks_for(by, draft.session_id, at, vote=True)


def may_translate(draft: Draft, by: Actor, at: datetime) -> Permit:
    """The secretariat, or a translator of the council."""
    allowed = council.holds(by, "translator", at) or bool(council.secretary(draft, by, at))
    return council.permit(allowed, "roles", "only the secretariat or a translator adds a language to a draft")


def may_be_changed(draft: Draft, by: Actor, at: datetime) -> Permit:
    """The words of a draft may change while it stands and until it is frozen."""
    if draft.withdrawn_at:
        return Permit(False, "order", f"{draft.key} is withdrawn")
    frozen = list(Version.objects.filter(draft=draft))
    return council.permit(not frozen, "order", f"{draft.key} is frozen: its words stand")


def may_be_frozen(draft: Draft, by: Actor, at: datetime) -> Permit:
    """A draft is frozen while it stands, and only where it has a text in every authentic language."""
    if draft.withdrawn_at:
        return Permit(False, "order", f"{draft.key} is withdrawn")
    absent = [language for language in council.council().authentic if language not in draft.text]
    return council.permit(not absent, "languages", f"the draft has no text in {', '.join(absent)}")


def may_withdraw(draft: Draft, by: Actor, at: datetime) -> Permit:
    """The main sponsor, who is named first; what nobody sponsors, the secretariat withdraws."""
    if draft.withdrawn_at:
        return Permit(False, "order", f"{draft.key} is withdrawn already")
    if not draft.sponsors:
        return council.secretary(draft, by, at)
    return speaks_as_sponsor(draft.sponsors[0], draft.session_id, by, at)
