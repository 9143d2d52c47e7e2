"""Addresses of the doors. Names with an underscore are those by which allauth finds its own pages."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as provider
from django.urls import path, reverse_lazy
from django.views.decorators.http import require_POST

from . import operator, views
from .limits import counted

urlpatterns = [
    path("sign-in/", counted(account.login), name="account_login"),
    path("sign-in/passkey/", counted(views.Passkey.as_view()), name="mfa_login_webauthn"),
    path("sign-in/code/", counted(views.SecondStep.as_view()), name="mfa_authenticate"),
    path("sign-in/<slug:provider_id>/", provider.login, name="openid_connect_login"),
    path("sign-in/<slug:provider_id>/back/", provider.callback, name="openid_connect_callback"),
    path("sign-out/", require_POST(views.sign_out), name="account_logout"),
    path("", views.account, name="mfa_index"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", second.reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/", views.password, name="account-password"),
    path("passkeys/new/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        views.RemovePasskey.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_remove_webauthn",
    ),
    path("code/new/", totp.activate_totp, name="mfa_activate_totp"),
    path("code/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("elsewhere/end/", views.end_elsewhere, name="account-elsewhere"),
    path("forgotten/", counted(views.forgotten), name="forgotten"),
    path("recover/<str:token>/", counted(views.recover), name="recover"),
    path("invitation/<str:token>/", counted(views.invitation), name="invitation"),
    path("operator/<str:token>/", counted(operator.enter), name="operator-enter"),
    path("invite/<str:key>/", views.invite, name="invite"),
]
