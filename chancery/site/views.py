"""Pages that belong to no station: the links of a rehearsal, language, the register's files, errors."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from chancery.council import access as council
from chancery.council.models import Person
from chancery.register.sequencer import Sequencer
from chancery.register.tasks import is_founded

from .doors import signed_in

REHEARSAL_SALT = "rehearsal sign-in"
LOG_TYPES = {"checkpoint": "text/plain; charset=utf-8", "checkpoint.pending": "text/plain; charset=utf-8"}


@require_GET
def rehearse(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as a person of an invented council, by a link that `chancery demo` prints."""
    if settings.PRODUCTION or not council.council().rehearsal:
        raise Http404
    try:
        key = signing.loads(token, salt=REHEARSAL_SALT)
    except signing.BadSignature:
        raise Http404 from None
    person = Person.objects.filter(pk=key, released_at=None).first()
    if person is None:
        raise Http404
    login(request, person)
    signed_in.note(request, person, "rehearsal", "in")
    return redirect("/house/")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of the interface, kept with the sign-in."""
    if request.POST.get("language") in dict(settings.LANGUAGES):
        request.session["language"] = request.POST["language"]
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if allowed else "/house/")


@require_GET
def log_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the register, exactly as it stands there."""
    if not re.fullmatch(r"[A-Za-z0-9./-]{1,200}", name):
        raise Http404
    root = (Path(settings.DATA_DIR) / "register").resolve()
    path = (root / name).resolve()
    if name == "checkpoint.pending" and not path.is_file():
        path = root / "checkpoint"
    if not path.is_relative_to(root) or not path.is_file() or path.name.startswith("."):
        raise Http404
    kind = LOG_TYPES.get(
        name, "text/plain; charset=utf-8" if name in ("log.vkey", "policy") else "application/octet-stream"
    )
    response = HttpResponse(path.read_bytes(), content_type=kind)
    fresh = name in LOG_TYPES or name in ("log.vkey", "policy")
    response["Cache-Control"] = "public, max-age=3" if fresh else "public, max-age=31536000, immutable"
    return response


@csrf_exempt
@require_POST
def cosignature(request: HttpRequest) -> HttpResponse:
    """A cosignature that a mirror brings back; answered as the register's rules say."""
    if not is_founded():
        raise Http404
    sequencer = Sequencer(Path(settings.DATA_DIR))
    try:
        answer = sequencer.take_cosignature(request.read(64 * 1024 + 1))
    finally:
        sequencer.close()
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "site/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "site/500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of this house."""
    return render(request, "site/refused.html", {"stale": True}, status=403)
