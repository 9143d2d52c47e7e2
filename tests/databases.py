"""Databases of houses in tests: a file in the house's own directory, or on PostgreSQL a database for each directory.

The suite runs on PostgreSQL when DATABASE_URL names a server; `bin/on-postgresql` starts one.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVER = os.environ.get("DATABASE_URL", "")
ROOT = Path(__file__).parent.parent
BLANK = "blank"


def prepare() -> None:
    """Make the tables once: on PostgreSQL every new database is a copy of this one."""
    if SERVER and not _is_there(BLANK):
        _run(f'CREATE DATABASE "{BLANK}" TEMPLATE template0')
        migrate = [sys.executable, "bin/django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=os.environ | {"DATABASE_URL": _url(BLANK)}, check=True)


def name_for(data: Path) -> str:
    """What Django calls the database of the house in `data`; on PostgreSQL one without a council is made if there is none."""
    if not SERVER:
        return str(data / "db.sqlite3")
    if not exists(data):
        _run(f'CREATE DATABASE "{_own(data)}" TEMPLATE "{BLANK}"')
    return _own(data)


def exists(data: Path) -> bool:
    """Whether a database was made for the house in `data`."""
    if not SERVER:
        return (data / "db.sqlite3").exists()
    return _is_there(_own(data))


def copy(made: Path, to: Path) -> None:
    """Copy a house, which nobody has open, with its database."""
    shutil.copytree(made, to)
    if SERVER:
        _run(f'CREATE DATABASE "{_own(to)}" TEMPLATE "{_own(made)}"')


def drop(data: Path) -> None:
    """Throw the database away, whoever still has it open; a file goes with its directory."""
    if SERVER:
        _run(f'DROP DATABASE IF EXISTS "{_own(data)}" WITH (FORCE)')


def environment(data: Path | str) -> dict[str, str]:
    """The variables with which a process works on the house in `data`."""
    named = {"CHANCERY_DATA": str(data)}
    if SERVER:
        named["DATABASE_URL"] = _url(name_for(Path(data)))
    return named


def for_command(args: tuple[str, ...]) -> dict[str, str]:
    """The same for a command that names the directory by `--data`."""
    return environment(args[args.index("--data") + 1]) if "--data" in args else {}


def sorted_as_english() -> str:
    """The address of a database that sorts B after a."""
    if not _is_there("english"):
        _run("CREATE DATABASE english TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C.UTF-8'")
    return _url("english")


def _own(data: Path) -> str:
    return "house_" + hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:24]


def _url(name: str) -> str:
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()


def _is_there(name: str) -> bool:
    return bool(_run("SELECT 1 FROM pg_database WHERE datname = %s", name).fetchone())


def _run(statement: str, *values: str) -> Any:
    return _server().execute(statement, values)


@cache
def _server() -> Any:
    import psycopg

    server = psycopg.connect(SERVER, autocommit=True)
    atexit.register(server.close)
    return server
