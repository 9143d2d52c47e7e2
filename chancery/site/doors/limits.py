"""Floods: so many acts a minute a person, so many failed sign-ins in ten minutes an address; objections pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chancery.council.models import Person, SignIn

from . import signed_in

ACTS_A_MINUTE = "60/m/key"
TRIES, WINDOW = 10, timedelta(minutes=10)
TRIED = ("password", "passkey", "code", "provider", "recovery")
# What a member may do only now, and loses by waiting.
NEVER_LIMITED = ("objection.state",)


def too_many_acts(request: HttpRequest, person: Person, name: str) -> bool:
    """Whether a person has sent more acts in a minute than anybody does by hand; every sent one counts."""
    if name in NEVER_LIMITED:
        return False
    config = {"act": ACTS_A_MINUTE}
    return not ratelimit.consume(request, app="chancery", action="act", config=config, key=f"acts of {person.pk}")


def too_many_tries(request: HttpRequest) -> bool:
    """Whether too many sign-ins failed from the address. Those that succeed do not count: forty people in a room
    come in from one address within minutes."""
    since = datetime.now(UTC) - WINDOW
    tried = SignIn.objects.filter(address=signed_in.network(request), at__gt=since, means__in=TRIED)
    failed = tried.filter(outcome="refused") | tried.filter(means="recovery", outcome__in=("asked", "sent"))
    return failed.count() >= TRIES


def slow_down(request: HttpRequest) -> HttpResponse:
    response = render(request, "site/slow_down.html", status=429)
    response["Retry-After"] = "60"
    return response


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view through which strangers try to come in: no more than a few failures an address."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and too_many_tries(request):
            return slow_down(request)
        return view(request, *args, **kwargs)

    return inner
