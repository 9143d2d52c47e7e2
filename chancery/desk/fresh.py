"""A fresh sign-in: acts on keys, roles, tokens and releases ask again who sits there, beside their own form."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import ReauthenticateForm as ByPassword
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm as ByCode
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as ByPasskey
from allauth.mfa.webauthn.internal import auth as webauthn
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from chancery.council import access as council
from chancery.council.models import Person

WINDOW = 600  # seconds
STRONG = ("totp", "webauthn")
NOUNS = ("key", "person", "token")
ACTS = ("chair.assume", "release.clear", "release.issue", "release.correct", "release.withdraw")


def asks_again(name: str) -> bool:
    """Whether an act is one of those that need a fresh sign-in."""
    return name.partition(".")[0] in NOUNS or name in ACTS


def records(request: Any, person: Any) -> list[dict[str, Any]]:
    """What the reader showed in this sign-in, each with its instant."""
    return list(get_authentication_records(request, person))


def is_fresh(request: Any) -> bool:
    """Whether the reader showed who it is within ten minutes. In a rehearsal, people who were given no means but the
    links of the rehearsal are asked for none."""
    shown = records(request, request.user)
    if shown and time.time() - shown[-1]["at"] < WINDOW:
        return True
    return bool(council.council().rehearsal and not means(request.user))


def was_strong(request: Any) -> bool:
    """Whether a passkey or a code was shown in this sign-in."""
    return any(one["method"] == "mfa" for one in records(request, request.user))


def has_strong_means(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=STRONG).exists())


def with_means(people: QuerySet[Person]) -> Any:
    """The same people, each with `strong`: whether there is a passkey or an authenticator."""
    return people.annotate(strong=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=STRONG)))


def means(person: Person) -> set[str]:
    """By what a person can show again who it is: password, code, passkey."""
    names = {"totp": "code", "recovery_codes": "code", "webauthn": "passkey"}
    types = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    return {names[one] for one in types} | ({"password"} if person.has_usable_password() else set())


def challenge(request: Any) -> dict[str, Any]:
    """What a form needs to ask again: the means of its reader, and what a passkey is asked."""
    found = means(request.user)
    options = webauthn.begin_authentication(request.user) if "passkey" in found else None
    return {"means": found, "options_for_script": {"request_options": options}}


def prove(request: Any) -> str:
    """Take the password, code or passkey that came with a form. Gives what is wrong with it, or nothing."""
    person, sent = request.user, request.POST
    if not ratelimit.consume(request, action="reauthenticate", user=person):
        return gettext("Too many tries. Wait a minute.")
    if sent.get("again_credential"):
        passkey = ByPasskey({"credential": sent["again_credential"]}, user=person)
        return _taken(passkey, "credential") or _saved(passkey)
    if sent.get("again_code"):
        code = ByCode({"code": sent["again_code"].strip()}, user=person)
        return _taken(code, "code") or _saved(code)
    if sent.get("again_password"):
        password = ByPassword({"password": sent["again_password"]}, user=person)
        if wrong := _taken(password, "password"):
            return wrong
        reauthenticate_by_password(request)
        return ""
    return gettext("This act asks again who sits here.")


def _taken(form: Any, name: str) -> str:
    return "" if form.is_valid() else str(next(iter(form.errors.get(name, [gettext("This is not right.")]))))


def _saved(form: Any) -> str:
    form.save()
    return ""
