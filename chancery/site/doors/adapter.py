"""What allauth asks of the house: who may come in, by which means, and how it is answered."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from chancery.council import access as council
from chancery.council.models import Person, in_language
from chancery.desk import fresh

from . import duties, signed_in


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is half typed
    """Accounts are people of the house; nobody makes one by signing up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail and password do not belong together."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy("Too many wrong codes. Wait five minutes."),
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures count against the address alone, so that nobody shuts another's account by guessing."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        signed_in.note(request, _known(credentials.get("email", "")), "password", "refused")

    def login(self, request: HttpRequest, user: Any) -> None:
        records = fresh.records(request, user)
        super().login(request, user)
        signed_in.note(request, user, _means(records), "in")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A released person learns no more than a stranger."""
        signed_in.note(request, user, "password", "refused")
        return refused(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        return bool(user.check_password(password))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not fresh.is_fresh(context.request)

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The house writes its own letters (`letters.py`)."""


def _known(email: str) -> Person | None:
    return Person.objects.filter(email__iexact=email).first() if email else None


def _means(records: list[dict[str, Any]]) -> str:
    """By what somebody came in, in one word: the strongest of what was shown."""
    kinds = [str(one.get("type") or one["method"]) for one in records]
    names = {"webauthn": "passkey", "totp": "code", "recovery_codes": "recovery code", "socialaccount": "provider"}
    return names.get(kinds[-1], kinds[-1]) if kinds else "password"


def refused(request: HttpRequest) -> HttpResponse:
    """The answer to everybody who may not come in, whatever the cause."""
    says = gettext("This sign-in leads to nobody who may come in here.")
    return render(request, "account/login.html", {"says": says}, status=403)


class Means(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is half typed
    """Passkeys, codes of an authenticator, recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your office needs a passkey or an authenticator; add another first."
        ),
    }

    def _get_site_name(self) -> str:
        return in_language(council.council().name, "en")

    def build_totp_svg(self, url: str) -> str:
        return str(segno.make(url).svg_inline(scale=5, border=4, light="#fff"))

    def _cipher(self) -> Fernet:
        """Secrets of authenticators lie encrypted by the house's own secret, which is in no backup."""
        digest = hashlib.sha256(b"authenticators " + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        person = Person.objects.get(pk=authenticator.user_id)
        strong = Authenticator.objects.filter(user=person, type__in=fresh.STRONG).exclude(pk=authenticator.pk)
        return strong.exists() or not duties.needs_second_means(person)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's name)
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(n)d") % {"n": count + 1}


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is half typed
    """Sign-in at a ministry's own provider: matched by a verified address to a person who is here already."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        by_link = sociallogin.state.get("process") in (None, "login")
        if not by_link or not sociallogin.is_existing or not sociallogin.user.is_active:
            signed_in.note(request, None, "provider", "refused")
            raise ImmediateHttpResponse(refused(request))

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return True

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(refused(request))
