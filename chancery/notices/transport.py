"""Where mail goes: an SMTP server named by an address, or files in the data directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_settings(address: str, data_dir: Path) -> dict[str, Any]:
    """Django's settings for `smtp://`, `smtp+starttls://` or `smtps://USER:PASSWORD@HOST:PORT`; none: files."""
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": data_dir / "private" / "mail",
        }
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "CHANCERY_MAIL must read smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT"
        )
    return {
        "EMAIL_BACKEND": "chancery.notices.post.Smtp",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
