"""Who may table a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.trail.actor import Actor, Permit


def may_table(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, a head of delegation, or a rapporteur."""
    rapporteur = any(g.role == "rapporteur" for g in council.grants(council.person_key(by)))
    allowed = council.is_secretary(by, at) or council.holds(by, "head", at) or rapporteur
    return council.permit(
        allowed, "roles", "only the secretariat, a head of delegation or a rapporteur may table a draft"
    )
