"""Refusals for programs: problem details (RFC 9457) that carry the rule and the place."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from chancery.trail.errors import BadArguments, Refused, Repeated, Unknown


def problem(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """A problem document. `more`: rule, place, faults."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail} | more
    response = JsonResponse(said, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def refused(request: HttpRequest, error: Any) -> JsonResponse:
    """A rule says no; what is hidden from the caller reads exactly as what does not exist."""
    if isinstance(error, Unknown):
        return problem(404, "Unknown", f"there is no {error.ref}", rule="refs", place="to")
    status = 403 if error.rule in ("roles", "credentials") else 409
    return problem(status, "Refused", error.because, rule=error.rule, place=error.place)


def unreadable(request: HttpRequest, error: Any) -> JsonResponse:
    faults = [{"place": ".".join(map(str, fault.place)), "says": fault.says} for fault in error.faults]
    return problem(422, "Not readable", str(error), rule="form", place=faults[0]["place"], faults=faults)


def repeated(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(422, "Key used before", str(error), rule="form", place="Idempotency-Key")


def malformed(request: HttpRequest, error: Any) -> JsonResponse:
    faults = [{"place": ".".join(map(str, one["loc"][2:] or one["loc"])), "says": one["msg"]} for one in error.errors]
    return problem(422, "Not readable", faults[0]["says"], rule="form", place=faults[0]["place"], faults=faults)


def not_done(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(error.status_code, "Not done", str(error))


def register(api: NinjaAPI) -> None:
    """Answer every refusal of the house as a problem document, here and nowhere else."""
    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(BadArguments, unreadable)
    api.add_exception_handler(Repeated, repeated)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(
        AuthenticationError, lambda *_: problem(401, "No token", "a token of this house is needed")
    )
    api.add_exception_handler(HttpError, not_done)
    api.add_exception_handler(Http404, lambda *_: problem(404, "Unknown", "there is no such thing", rule="refs"))
