"""Pages that belong to no station: signing in, errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of this house."""
    return HttpResponse("refused", status=403)
