"""Who may see a paper, and who may table one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery.council import access as council
from chancery.council.models import Person
from chancery.trail.actor import Actor, Permit

from .markings import MARKINGS
from .models import Paper


def audiences_of(person: Person | None, at: datetime) -> set[str]:
    """The audiences a reader belongs to: public, community, council, heads, secretariat, press."""
    if person is None:
        return {"public"}
    roles = {grant.role for grant in council.grants(person.key) if grant.in_force(at.date())}
    found = {"public", "community"}
    if person.member_id or roles & {"secretary", "centre", "rapporteur"}:
        found.add("council")
    if roles & {"head", "chair", "secretary"}:
        found.add("heads")
    if "press" in roles:
        found |= {"press", "council"}
    if "secretary" in roles:
        found |= {"secretariat", "press"}
    return found


def may_see(paper: Paper, person: Person | None, at: datetime) -> bool:
    """Issued papers go by their marking; a tabled one is seen by the secretariat and its sponsors only."""
    if paper.audience in audiences_of(person, at):
        return True
    if person is None or paper.issued_at:
        return False
    bodies = {grant.body for grant in council.grants(person.key) if grant.role == "rapporteur"}
    return paper.tabled_by == person.ref or bool(set(paper.sponsors) & ({person.member_id} | bodies))


def visible(person: Person | None, at: datetime) -> Any:
    """The issued papers that a reader may see."""
    allowed = audiences_of(person, at)
    markings = [marking for marking, who in MARKINGS.items() if who in allowed]
    return Paper.objects.filter(issued_at__isnull=False, marking__in=markings)


def paper_for(person: Person | None, symbol: str, at: datetime) -> Paper | None:
    """The paper with this symbol, if the reader may see it; to others it looks like none."""
    found = Paper.objects.filter(pk=symbol).select_related("session", "item").first()
    return found if found and may_see(found, person, at) else None


def may_table(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, a rapporteur for the body, or a head of delegation."""
    body = by.for_.removeprefix("body/") if by.for_.startswith("body/") else ""
    rapporteur = bool(body) and council.holds(by, "rapporteur", at, body)
    allowed = council.is_secretary(by, at) or rapporteur or council.holds(by, "head", at)
    return council.permit(allowed, "roles", "only the secretariat, the body's rapporteur or a head may table a paper")
