"""Settings, each from an environment variable with a safe default; `docs/reference/settings.md` explains them."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from chancery.notices.transport import mail_settings

from .database import databases
from .doors.settings import passkey_scripts, sign_in_settings
from .secret import secret_key

HERE = Path(__file__).resolve().parent

PRODUCTION = os.environ.get("CHANCERY_PRODUCTION", "") == "1"
DATA_DIR = Path(os.environ.get("CHANCERY_DATA", "data")).resolve()
ALLOWED_HOSTS = os.environ.get("CHANCERY_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
if PRODUCTION and "CHANCERY_HOSTS" not in os.environ:
    raise ImproperlyConfigured("CHANCERY_PRODUCTION=1 needs CHANCERY_HOSTS, the host names this house answers to")

# Who may say from where a reader comes: the addresses of proxies before this house.
PROXIES = [one.strip() for one in os.environ.get("CHANCERY_PROXIES", "").split(",") if one.strip()]

DEBUG = False
SECRET_KEY = secret_key(DATA_DIR)

INSTALLED_APPS = [
    "chancery.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "chancery.trail",
    "chancery.search",
    "chancery.council",
    "chancery.meetings",
    "chancery.floor",
    "chancery.papers",
    "chancery.texts",
    "chancery.decisions",
    "chancery.records",
    "chancery.signing",
    "chancery.register",
    "chancery.press",
    "chancery.notices",
    "chancery.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "chancery.site.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chancery.site.middleware.Sessions",
    "chancery.site.middleware.Csrf",
    "chancery.site.middleware.SignedIn",
    "allauth.account.middleware.AccountMiddleware",
    "chancery.site.middleware.house",
    "chancery.site.middleware.floods",
    "chancery.site.middleware.refusals",
]

ROOT_URLCONF = "chancery.site.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["chancery.site.context.house"],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "chancery.site.templatetags.chancery",
            ],
        },
    }
]

DATABASES = databases(os.environ.get("DATABASE_URL", ""), DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "council.Person"
LOGIN_URL = "/accounts/sign-in/"
LOGIN_REDIRECT_URL = "/house/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
globals().update(sign_in_settings(os.environ))

# Mail goes to files in the data directory unless a server is named. Links in it begin with HOUSE_ADDRESS.
HOUSE_ADDRESS = os.environ.get("CHANCERY_ADDRESS", "http://127.0.0.1:8051").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("CHANCERY_MAIL_FROM", "secretariat@localhost")
globals().update(mail_settings(os.environ.get("CHANCERY_MAIL", ""), DATA_DIR))

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [HERE.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static", passkey_scripts()]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_NAME = "__Host-sid" if PRODUCTION else "sid"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 12 * 3600
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "chancery.site.views.csrf_failed"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
