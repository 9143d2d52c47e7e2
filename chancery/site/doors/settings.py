"""What django-allauth is told: sign-in by e-mail, passkeys and codes; nobody signs up."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def passkey_scripts() -> Path:
    """The folder of allauth's own scripts, which speak WebAuthn."""
    found = find_spec("allauth")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "mfa" / "static"


def sign_in_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """All settings of sign-in, for Django and allauth."""
    return {
        "AUTHENTICATION_BACKENDS": ["chancery.site.doors.backend.Backend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 12},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("key", "name", "email")},
            },
        ],
        "ACCOUNT_ADAPTER": "chancery.site.doors.adapter.Accounts",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
        # Tries are counted per address in the sign-in log (`limits.py`). Codes are guessed per person, so they are
        # counted per person here as well; a wrong password counts against nobody's account, or anybody could shut
        # it for its owner.
        "ACCOUNT_RATE_LIMITS": {"login": None, "login_failed": "5/5m/key", "reauthenticate": "10/m/user"},
        "MFA_ADAPTER": "chancery.site.doors.adapter.Means",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "SOCIALACCOUNT_ADAPTER": "chancery.site.doors.adapter.Providers",
        "SOCIALACCOUNT_STORE_TOKENS": False,
        # A link and no form: the policy of our pages lets no form lead to another house. The provider's answer is
        # bound to the browser that asked, so being led there signs nobody in as somebody else.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _providers(environ)}},
        "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "",
    }


def _providers(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """The one provider of sign-in that the environment names, or none."""
    address = environ.get("CHANCERY_OIDC", "")
    if not address:
        return []
    return [
        {
            "provider_id": "house",
            "name": environ.get("CHANCERY_OIDC_NAME", "OpenID Connect"),
            "client_id": environ.get("CHANCERY_OIDC_CLIENT", ""),
            "secret": environ.get("CHANCERY_OIDC_SECRET", ""),
            "settings": {"server_url": address},
        }
    ]
