"""Tokens of programs: made and revoked by their person, asked for at every call."""

from __future__ import annotations

import fnmatch
import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet

from .models import ApiToken, Person

LONGEST = timedelta(days=90)
MARK = "chancery_"


def make(person: Person, name: str, acts: list[str], until: datetime, at: datetime) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown once and not kept. Raises ValueError for a time that is too long.

    `acts` are patterns of acts, `paper.*` or `draft.table`; a token with none only reads.
    """
    if not at < until <= at + LONGEST:
        raise ValueError(f"a token ends within {LONGEST.days} days")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name, digest=_digest(secret), acts=acts, made_at=at, until=until
    )
    return token, secret


def known(secret: str, at: datetime) -> ApiToken | None:
    """The token with this secret, while it stands and its person is in the house."""
    standing = ApiToken.objects.filter(revoked_at=None, until__gt=at, person__released_at=None)
    return standing.filter(digest=_digest(secret)).select_related("person").first()


def may(token: ApiToken, act: str) -> bool:
    """Whether a token is good for an act of this name."""
    return any(matches(pattern, act) for pattern in token.acts)


def matches(pattern: str, act: str) -> bool:
    return fnmatch.fnmatchcase(act, pattern)


def of(person: Person) -> QuerySet[ApiToken]:
    """A person's tokens, the newest first."""
    return ApiToken.objects.filter(person=person)


def revoke(person: Person, number: int, at: datetime) -> bool:
    """End a token of this person at once. False where the person has no such token that stands."""
    return bool(of(person).filter(pk=number, revoked_at=None).update(revoked_at=at))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
