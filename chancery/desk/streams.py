"""Which changes a page follows, and the token that says so: whose page it is, what it shows, for which audience.

A stream trusts its token alone and asks no database. So a token is short, is given only by a page whose fetchers let
the reader in, and is renewed by asking them again.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from chancery.council import access as council
from chancery.council.models import Person
from chancery.meetings.models import AgendaItem, Session
from chancery.papers import access as papers
from chancery.trail.errors import Unknown
from chancery.trail.refs import Ref

from . import access
from .queries import room as rooms

LIFETIME = 300


@dataclass(frozen=True)
class View:
    """What a stream shows: one thing, for one audience, in one language. All its streams are sent the same bytes."""

    about: Ref
    audiences: tuple[str, ...]
    language: str

    @property
    def session(self) -> str:
        return self.about.key.partition("/")[0]


@dataclass(frozen=True)
class Ticket:
    """What a token says, and when it ends."""

    person: str
    member: str
    view: View
    until: float


@functools.cache
def _box(use: str, secret: str) -> Fernet:
    key = salted_hmac(f"chancery.live {use}", use, secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _tokens() -> Fernet:
    return _box("token", settings.SECRET_KEY)


def _places() -> Fernet:
    return _box("place", settings.SECRET_KEY)


def token(person: Person, about: Ref, at: datetime) -> str:
    """A token, from `at` on, for a page about `about` that the reader was let in to."""
    view = view_of(person, about, at)
    said = {"p": person.key, "m": person.member_id or "", "o": about, "a": view.audiences, "l": view.language}
    return _tokens().encrypt_at_time(json.dumps(said).encode(), int(at.timestamp())).decode()


def view_of(person: Person, about: Ref, at: datetime) -> View:
    """The audience is that of the session: who was invited there without its papers sees none of them here either."""
    found = access.audiences(person, at)
    if about.key.partition("/")[0] in papers.withheld(person, found):
        found = found - {"community"}
    return View(about, tuple(sorted(found)), translation.get_language() or "en")


def read(token: str) -> Ticket | None:
    """What a token says; nothing where it is forged or its time is over."""
    box = _tokens()
    try:
        said = json.loads(box.decrypt(token.encode(), ttl=LIFETIME))
        until = box.extract_timestamp(token.encode()) + LIFETIME
    except (InvalidToken, UnicodeError):
        return None
    view = View(Ref(said["o"]), tuple(said["a"]), said["l"])
    return Ticket(said["p"], said["m"], view, float(until))


def seal(place: int) -> str:
    """A place in the trail as a page carries it: nobody reads from it how many acts there were between two."""
    return _places().encrypt(str(place).encode()).decode()


def unseal(text: str) -> int:
    """The place that a page carries; 0, from which everything is new, where it carries none of ours."""
    try:
        return int(_places().decrypt(text.encode()))
    except (InvalidToken, UnicodeError, ValueError):
        return 0


def may_follow(person: Person, about: Ref, at: datetime) -> None:
    """Ask the fetchers of the page about `about` once more. Raises Unknown."""
    allowed: dict[str, Callable[[], object]] = {
        "meeting": lambda: access.is_in_the_room(person, rooms.meeting_for(about.key).session_id, at),
        "question": lambda: access.question_for(person, about.key, at),
        "item": lambda: AgendaItem.objects.filter(pk=about.key).exists(),
        "session": lambda: Session.objects.filter(pk=about.key).exists(),
    }
    if about.kind not in allowed or not allowed[about.kind]():
        raise Unknown(about, "")


def for_page(request: Any, about: Ref, page: str) -> dict[str, Any]:
    """What a page carries in order to follow what it shows. Chair and secretariat are told before all others."""
    person, at = request.person, request.at
    by = access.actor(person)
    return {
        "token": token(person, about, at),
        "after": seal(getattr(request, "place", 0)),
        "renew": f"{reverse('house-live')}?about={about}",
        "page": page,
        "first": council.is_secretary(by, at) or council.holds(by, "chair", at),
    }
