"""Where a house keeps its rows: SQLite in its data directory, or the PostgreSQL database that DATABASE_URL names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# What a house needs of its server, whatever the server's own defaults are. An act that waits longer than SQLite would
# is refused as busy; an act whose process hangs lets the others go on; a commit that was answered survives a power cut.
_SESSION = (
    "-c synchronous_commit=on -c lock_timeout=20s -c idle_in_transaction_session_timeout=60s "
    "-c default_transaction_isolation=read\\ committed"
)


def databases(url: str, data_dir: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for `url`; without one the file in `data_dir`."""
    return {"default": _postgresql(url) if url else _sqlite(data_dir)}


def _sqlite(data_dir: Path) -> dict[str, Any]:
    # Durable by default: with synchronous=NORMAL a power cut could undo commits after a checkpoint was signed.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "db.sqlite3",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """Read by libpq's own parser, so that every parameter of its addresses can be given."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = dict(conninfo_to_dict(url)) if url.startswith(("postgresql://", "postgres://")) else {}
    except psycopg.ProgrammingError:
        given = {}  # libpq would repeat the address in its complaint, and the password in it
    if not given.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL is no address like postgresql://USER:PASSWORD@HOST:PORT/NAME")
    own = str(given.pop("options", None) or "")
    return {
        "ENGINE": "chancery.site.postgresql",
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", None) or "",
        "PASSWORD": given.pop("password", None) or "",
        "HOST": given.pop("host", None) or "",
        "PORT": given.pop("port", None) or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": given | {"options": f"{_SESSION} {own}".strip()},
    }
