"""What holds for every page: headers, whose page it is, which language, and how a refusal reads.

Public addresses use no session, no sign-in and no cookie: the three middlewares for those pass them by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from chancery.council.models import Person
from chancery.live.hub import place as live_place
from chancery.trail import door
from chancery.trail.errors import BadArguments, Refused, Unknown
from chancery.trail.memory import remembering
from chancery.trail.reading import reading

from .doors import duties, limits, operator, signed_in

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def is_private(path: str) -> bool:
    """Whether a path belongs to the house and not to the public."""
    return path.startswith(("/house/", "/accounts/"))


def headers(get_response: Next) -> Next:
    """Security headers on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "")
        if is_private(request.path) or request.path.startswith("/api/"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class PrivateOnly:
    """Passes public addresses by: their pages carry no cookie and depend on none."""

    def __call__(self, request: HttpRequest) -> Any:
        inner: Any = self.get_response  # type: ignore[attr-defined]
        return super().__call__(request) if is_private(request.path) else inner(request)  # type: ignore[misc]


class Sessions(PrivateOnly, SessionMiddleware):
    """Sign-in sessions, for the house alone."""


class Csrf(PrivateOnly, CsrfViewMiddleware):
    """Forms of the house carry a token kept in the session."""

    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        return super().process_view(request, *args) if is_private(request.path) else None


class SignedIn(PrivateOnly, AuthenticationMiddleware):
    """Who is signed in, for the house alone."""


def house(get_response: Next) -> Next:
    """One frozen instant a request, the reader's language, grants loaded once; strangers are sent to sign in."""

    def middleware(request: Any) -> HttpResponse:
        request.person = _person(request)
        if request.path.startswith("/house/") and request.person is None:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        shared = reading(door.last_id) if request.method in ("GET", "HEAD") else remembering()
        with shared, translation.override(_language(request)):
            request.place, request.at = live_place(), datetime.now(UTC)
            if request.person and operator.is_operator(request.person):
                operator.see_as_secretariat()
                return _operator_only_looks(request) or get_response(request)
            return _at_the_door(request) or get_response(request)

    return middleware


def _at_the_door(request: Any) -> HttpResponse | None:
    """What keeps a reader from the pages of the house: a means of signing in that is owed first."""
    if request.person is None:
        return None
    signed_in.prolong(request)
    if not request.path.startswith("/house/"):
        return None
    return redirect("mfa_index") if duties.lacks_second_means(request) else None


def _operator_only_looks(request: Any) -> HttpResponse | None:
    """What the operator may not do: act, and have an account of its own."""
    if request.path in (reverse("account_logout"), reverse("language")):
        return None
    if not request.path.startswith("/house/"):
        return redirect("/house/")
    if request.method in ("GET", "HEAD"):
        return None
    refusal = Refused("roles", gettext("the operator looks, and does nothing for anybody"))
    return render(request, "site/refused.html", {"refusal": refusal}, status=403)


def floods(get_response: Next) -> Next:
    """So many acts a minute and no more. Only forms of this house count: no other site uses up a reader's acts."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: Any, view: Any, args: Any, given: dict[str, Any]) -> HttpResponse | None:
            sends = request.method == "POST" and request.path.startswith("/house/act/")
            flood = sends and limits.too_many_acts(request, request.person, given.get("name", ""))
            return limits.slow_down(request) if flood else None

    return Middleware()


def _person(request: Any) -> Person | None:
    if not is_private(request.path):
        return None
    if not request.user.is_authenticated:
        return operator.reader(request.session, datetime.now(UTC))
    person: Person = request.user
    return person


def _language(request: Any) -> str:
    """The public address says it; in the house the reader chose it, or it is the first of theirs that we speak."""
    known = [code for code, _ in settings.LANGUAGES]
    if not is_private(request.path):
        first = request.path.strip("/").partition("/")[0]
        return first if first in known else known[0]
    chosen = request.session.get("language")
    spoken = request.person.languages if request.person else []
    return next((code for code in (chosen, *spoken) if code in known), known[0])


def _holds_zero(request: HttpRequest) -> bool:
    """Whether an address or a field holds the zero sign: nothing has it in its name, PostgreSQL in no text."""
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return any("\0" in word for name, words in request.POST.lists() for word in (name, *words))


def refusals(get_response: Next) -> Next:
    """Rules that say no become pages, here and nowhere else."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            if _holds_zero(request):
                return render(request, "site/404.html", status=404)
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if isinstance(error, Unknown):
                return render(request, "site/404.html", status=404)
            if isinstance(error, Refused):
                status = 403 if error.rule in ("roles", "credentials") else 409
                return render(request, "site/refused.html", {"refusal": error}, status=status)
            if isinstance(error, BadArguments):
                return render(request, "site/refused.html", {"faults": error.faults}, status=422)
            return None

    return Middleware()
