"""How long a sign-in lasts, and what ends it: time, a changed password, a changed role or seat."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import authentication_step_completed
from allauth.core.internal import ratelimit
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from chancery.council.models import Person, SignIn
from chancery.desk import fresh
from chancery.trail import door

from . import letters

GLANCE = 600  # seconds


def begin(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Every sign-in, by whatever means, carries when it began and the last act known then."""
    request.session.pop("operator", None)
    request.session["since"] = request.session["seen"] = time.time()
    request.session["as_of"] = door.last_id()


def stepped_up(sender: Any, request: HttpRequest, **given: Any) -> None:
    """Proof given again: the sign-in goes on under a new key, and the old one is dead."""
    if given.get("reauthenticated"):
        new_key(request)


def new_key(request: HttpRequest) -> None:
    before = request.session.session_key
    request.session.cycle_key()
    if before:
        SignIn.objects.filter(session=before).update(session=request.session.session_key)


def means_added(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **kwargs: Any) -> None:
    """A passkey or an authenticator just set up was shown just now; its person and the keepers are told."""
    if authenticator.type in fresh.STRONG:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        letters.tell(user, letters.ADDED)


def means_removed(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type in fresh.STRONG:
        letters.tell(user, letters.REMOVED)


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="a sign-in begins")
    authentication_step_completed.connect(stepped_up, dispatch_uid="a new key at step-up")
    authenticator_added.connect(means_added, dispatch_uid="means added")
    authenticator_removed.connect(means_removed, dispatch_uid="means removed")


def prolong(request: Any) -> None:
    """A sign-in in use lasts on; this is written down now and then, not with every page."""
    if time.time() - request.session.get("seen", 0) > GLANCE:
        request.session["seen"] = time.time()


def note(request: HttpRequest, person: Person | None, means: str, outcome: str) -> None:
    """A line of the sign-in log."""
    SignIn.objects.create(
        person=person,
        at=datetime.now(UTC),
        means=means,
        outcome=outcome,
        address=network(request),
        device=device(request),
        session=(request.session.session_key or "") if outcome == "in" else "",
    )


def network(request: HttpRequest) -> str:
    """The address that limits count by: a whole /64 of IPv6 is one."""
    return str(ratelimit.get_ip(request))


def device(request: HttpRequest) -> str:
    """Browser and system in a few words, as far as the browser names them."""
    said = request.headers.get("User-Agent", "")
    browsers = ("Edg", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
    found = [next((name for name in names if name in said), "") for names in (browsers, systems)]
    return ", ".join(filter(None, found)).replace("Edg", "Edge")


def elsewhere(person: Person) -> list[SignIn]:
    """The places where a person is signed in now, newest first."""
    lines = list(SignIn.objects.filter(person=person, outcome="in").exclude(session="")[:50])
    standing = Session.objects.filter(pk__in=[line.session for line in lines], expire_date__gt=datetime.now(UTC))
    keys = set(standing.values_list("pk", flat=True))
    return [line for line in lines if line.session in keys]


def end_elsewhere(request: Any) -> int:
    """End every other sign-in of a person."""
    others = [line for line in elsewhere(request.user) if line.session != request.session.session_key]
    return sum(1 for line in others if end(line))


def end(line: SignIn) -> bool:
    SessionStore(line.session).delete()
    return bool(SignIn.objects.filter(pk=line.pk).update(session=""))


def end_all(person: Person) -> None:
    """End every sign-in of a person."""
    for line in elsewhere(person):
        end(line)
