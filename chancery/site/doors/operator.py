"""The operator's way in: a stated reason, a limited time, a link that is used once; to look, and never to act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chancery.council import access as council
from chancery.council.models import OperatorAccess, Person, RoleGrant, SignIn
from chancery.trail.memory import keep

from . import signed_in

SALT = "door operator"
# No id of a person is written so; nobody can be appointed under this name.
KEY = "(operator)"


def token(access: OperatorAccess) -> str:
    return signing.dumps(access.key, salt=SALT)


def reader(session: Any, at: datetime) -> Person | None:
    """The operator as a reader, while the access stands under which the session came in."""
    if not (key := session.get("operator")):
        return None
    found = council.operator_access_at(at)
    return Person(key=KEY, name="Operator", office="operator") if found and found.key == key else None


def is_operator(person: Person) -> bool:
    return person.pk == KEY


def see_as_secretariat() -> None:
    """For the page in hand the operator reads what the secretariat reads. An act forgets this: its permits say no."""
    keep(f"grants {KEY}", [RoleGrant(person_id=KEY, role="secretary")])


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the operator's link; its button opens the house for as long as the access stands."""
    access = _access(token, getattr(request, "at"))  # noqa: B009 (the middleware sets it)
    if access is None:
        return render(request, "site/link_over.html", {"what": "operator"}, status=410)
    if request.method == "POST":
        request.session.flush()
        request.session["operator"] = access.key
        request.session.save()
        signed_in.note(request, None, "operator", "in")
        return redirect("/house/")
    return render(request, "site/operator.html", {"access": access, "zone": council.council().zone})


def _access(token: str, at: datetime) -> OperatorAccess | None:
    """The access of a link that was not used yet, while it stands."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found = council.operator_access_at(at)
    if found is None or found.key != key:
        return None
    used = SignIn.objects.filter(means="operator", outcome="in", at__gte=found.entered_at)
    return None if used.exists() else found
