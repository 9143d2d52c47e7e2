"""Pages of the doors that allauth has not: the account, invitations, recovery, the end of other sign-ins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import logout
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chancery.council import access as council
from chancery.council.models import Person, SignIn
from chancery.desk import access, fresh
from chancery.trail import door
from chancery.trail.actor import Actor
from chancery.trail.errors import Refused, Unknown

from . import adapter, duties, letters, signed_in
from .forms import Forgotten, NewPassword


class Passkey(LoginWebAuthnView):  # type: ignore[misc]  # allauth is half typed
    """Sign-in by a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        signed_in.note(self.request, None, "passkey", "refused")
        return adapter.refused(self.request)


class SecondStep(AuthenticateView):  # type: ignore[misc]  # allauth is half typed
    """The code or passkey that follows a password."""

    def form_invalid(self, form: Any) -> HttpResponse:
        signed_in.note(self.request, self.stage.login.user, "code", "refused")
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 403
        return answer


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth is half typed
    """Removing a passkey, unless nothing would be left to come in by."""

    def form_valid(self, form: Any) -> HttpResponse:
        person: Person = self.request.user
        others = Authenticator.objects.filter(user=person, type="webauthn").exclude(pk=self.get_object().pk)
        if not others.exists() and not person.has_usable_password():
            raise Refused("form", gettext("this is your only way in; set a password or add another passkey first"))
        if not adapter.Means().can_delete_authenticator(self.get_object()):
            raise Refused("roles", str(adapter.Means.error_messages["cannot_delete_authenticator"]))
        answer: HttpResponse = super().form_valid(form)
        return answer


def _mine(request: Any) -> Person:
    """The reader, who must be signed in; strangers are sent to sign in."""
    if request.person is None:
        raise ImmediateHttpResponse(redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}"))
    person: Person = request.person
    return person


def _fresh(request: Any) -> Person:
    """The same, who showed just now who it is. Nothing that was typed is kept: it is a password."""
    person = _mine(request)
    if not fresh.is_fresh(request):
        ways = adapter.Accounts(request).get_reauthentication_methods(person)
        way = ways[0]["url"] if ways else settings.LOGIN_URL
        raise ImmediateHttpResponse(redirect(f"{way}?{urlencode({'next': request.path})}"))
    return person


def sign_out(request: Any) -> HttpResponse:
    """Sign out; the operator leaves nothing behind either."""
    if "operator" in request.session:
        request.session.flush()
    answer: HttpResponse = logout(request)
    return answer


@require_safe
def account(request: Any) -> HttpResponse:
    """Your sign-in: passkeys, codes, password, and where you are signed in."""
    person = _mine(request)
    held = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((one for one in held if one.type == "recovery_codes"), None)
    context = {
        "passkeys": [{"pk": one.pk, "name": one.wrap().name, "row": one} for one in held if one.type == "webauthn"],
        "authenticator": next((one for one in held if one.type == "totp"), None),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_codes": codes is not None,
        "places": signed_in.elsewhere(person),
        "here": request.session.session_key,
        "owes": duties.lacks_second_means(request),
        "advised": duties.holds_an_office(person, request.at) and not any(one.type in fresh.STRONG for one in held),
        "zone": council.council().zone,
        "log": SignIn.objects.filter(person=person)[:10],
    }
    return render(request, "site/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Any) -> HttpResponse:
    """A new password; every other sign-in ends with the old one."""
    person = _fresh(request)
    form = NewPassword(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["password"])
        person.save(update_fields=["password"])
        signed_in.end_elsewhere(request)
        update_session_auth_hash(request, person)
        signed_in.new_key(request)
        letters.tell(person, letters.CHANGED)
        return redirect("mfa_index")
    return render(request, "site/password.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def end_elsewhere(request: Any) -> HttpResponse:
    """End every sign-in but this one."""
    _mine(request)
    signed_in.end_elsewhere(request)
    return redirect("mfa_index")


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link that sets a forgotten password anew; the answer is the same whoever asks."""
    form = Forgotten(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        person = Person.objects.filter(email__iexact=form.cleaned_data["email"], released_at=None).first()
        signed_in.note(request, person, letters.RECOVERY, "asked")
    return render(request, "site/forgotten.html", {"form": form, "sent": sent}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link of recovery. Looking at it uses nothing up."""
    person = letters.person_of(token, letters.RECOVERY)
    if person is None:
        return render(request, "site/link_over.html", {"what": letters.RECOVERY}, status=410)
    form = NewPassword(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        _set_anew(request, person, form.cleaned_data["password"])
        return redirect("account_login")
    context = {"form": form, "one": person, "codes": fresh.has_strong_means(person)}
    return render(request, "site/recover.html", context, status=422 if form.errors else 200)


def _set_anew(request: HttpRequest, person: Person, words: str) -> None:
    """A password set through the mailbox alone makes its person a newcomer again, who has no vote until confirmed."""
    if not fresh.has_strong_means(person) and person.member_id:
        recovered = door.acts()["person.recover"]
        values = {"reason": "password set anew by a link in the mail"}
        door.perform(
            recovered, person, values, by=Actor(str(person.ref), for_=f"member/{person.member_id}"), at=door.now()
        )
    _set_first(request, person, words, letters.RECOVERY)


def _set_first(request: HttpRequest, person: Person, words: str, means: str) -> None:
    person.set_password(words)
    person.save(update_fields=["password"])
    signed_in.end_all(person)
    signed_in.note(request, person, means, "used")
    used = letters.USED_RECOVERY if means == letters.RECOVERY else letters.USED_INVITATION
    letters.tell(person, used)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Any, token: str) -> HttpResponse:
    """The page behind an invitation. A GET, such as a mail scanner's, uses nothing up: only its button does."""
    person = letters.person_of(token, letters.INVITATION)
    if person is None:
        return render(request, "site/link_over.html", {"what": letters.INVITATION}, status=410)
    by_passkey = "passkey" in request.POST
    form = NewPassword(None if by_passkey else request.POST or None, person=person)
    if by_passkey:
        letters.void(person)
        _enter(request, person)
        return redirect("mfa_add_webauthn")
    if request.method == "POST" and form.is_valid():
        _set_first(request, person, form.cleaned_data["password"], letters.INVITATION)
        _enter(request, person)
        return redirect("/house/")
    return render(request, "site/invitation.html", {"form": form, "one": person}, status=422 if form.errors else 200)


def _enter(request: HttpRequest, person: Person) -> None:
    """Sign a newcomer in by the invitation itself."""
    login(request, person)
    record_authentication(request, person, "invitation")
    signed_in.note(request, person, letters.INVITATION, "in")


def _of_own(request: Any, key: str) -> Person:
    """A person whom the reader brings in and out. Unknown to others."""
    reader, found = _mine(request), Person.objects.filter(pk=key, released_at=None).first()
    if found is None or not council.keeps(access.actor(reader), found, request.at):
        raise Unknown(f"person/{key}", "")
    return found


@require_POST
def invite(request: Any, key: str) -> HttpResponse:
    """Send an invitation again, or revoke the one that was sent."""
    person = _of_own(request, key)
    if fresh.means(person):
        raise Refused("order", gettext("this person signs in already"))
    letters.void(person)
    SignIn.objects.filter(person=person, means=letters.INVITATION, outcome="asked").update(outcome="revoked")
    outcome = "revoked" if "revoke" in request.POST else "asked"
    signed_in.note(request, person, letters.INVITATION, outcome)
    return redirect(f"/house/council/#{key}")
