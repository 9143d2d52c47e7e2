"""Who must show more than a password: those whose act binds others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chancery.council import access as council
from chancery.council.models import Person
from chancery.desk import fresh

OFFICES = ("secretary", "chair", "head", "press", "operator")


def holds_an_office(person: Person, at: datetime) -> bool:
    """Whether a person is secretary, chair, head of a delegation or press officer on this day."""
    day = at.astimezone(UTC).date()
    if any(grant.role in OFFICES and grant.in_force(day) for grant in council.grants(person.pk)):
        return True
    return any(term.person_id == person.pk and term.is_presiding(at, day) for term in council.terms())


def needs_second_means(person: Person) -> bool:
    """Whether a passkey or an authenticator is asked of a person. In a rehearsal it is only advised."""
    return not council.council().rehearsal and holds_an_office(person, datetime.now(UTC))


def lacks_second_means(request: Any) -> bool:
    """Whether the reader must set up a passkey or an authenticator before anything else."""
    if fresh.was_strong(request) or not needs_second_means(request.user):
        return False
    return not fresh.has_strong_means(request.user)
