"""Opening a data directory for a command: Django set up on it, tables migrated, one command at a time."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import turns


class Busy(Exception):
    """The data directory is being served or played by another process."""


def open_house(data_dir: str, *, create: bool) -> Path | None:
    """Set Django up on `data_dir` and bring its tables up to date; None, with a message, where there is none."""
    path = Path(data_dir).resolve()
    kept_elsewhere = bool(os.environ.get("DATABASE_URL"))
    if not create and not (path if kept_elsewhere else path / "db.sqlite3").exists():
        _no_council(data_dir)
        return None
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        print(f"{data_dir} cannot be a data directory: {error.strerror}", file=sys.stderr)
        return None
    os.umask(0o077)
    os.environ["CHANCERY_DATA"] = str(path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.site.settings")
    import django

    django.setup()
    if kept_elsewhere:
        if wrong := _unfit():
            print(wrong, file=sys.stderr)
            return None
        if not create and not _has_tables():
            _no_council(data_dir)
            return None
    from django.core.management import call_command

    with _migrating():
        call_command("migrate", verbosity=0, interactive=False)
    return path


def _no_council(data_dir: str) -> None:
    print(
        f"{data_dir} holds no council; `chancery demo` or `chancery play FOLDER --data {data_dir}` makes one",
        file=sys.stderr,
    )


def _unfit() -> str:
    """Why the PostgreSQL database cannot hold a house; nothing when it can.

    References are sorted as bytes on SQLite. A database that sorts as a language does would give other lists.
    """
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'B' < 'a', current_setting('server_encoding') = 'UTF8'")
            sorts_bytes, speaks_utf8 = cursor.fetchone()
    except OperationalError as error:
        return f"the database that DATABASE_URL names cannot be reached: {error}".strip()
    if sorts_bytes and speaks_utf8:
        return ""
    return (
        "the database that DATABASE_URL names must be UTF-8 and sort by bytes: "
        "createdb --template template0 --encoding UTF8 --locale C.UTF-8 NAME"
    )


def _has_tables() -> bool:
    from django.db import connection

    return "trail_record" in connection.introspection.table_names()


@contextmanager
def _migrating() -> Iterator[None]:
    """Two processes that start at once migrate one after the other."""
    from django.db import connection

    with ExitStack() as held:
        if connection.vendor == "postgresql":
            held.enter_context(_database_lock(turns.MIGRATION, shared=False, wait=True))
        yield


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the house alone. Raises Busy while another process serves or plays it."""
    with _held(data_dir, shared=False):
        yield


@contextmanager
def one_of_several(data_dir: Path, *, worker: bool) -> Iterator[None]:
    """Hold the house beside others that serve it; of workers there is one. Raises Busy."""
    with ExitStack() as held:
        held.enter_context(_held(data_dir, shared=True))
        if worker:
            held.enter_context(_held(data_dir, shared=False, name="worker.lock", number=turns.WORKER))
        yield


@contextmanager
def _held(data_dir: Path, *, shared: bool, name: str = "in-use.lock", number: int = turns.HOUSE) -> Iterator[None]:
    """The directory by a lock file; the database by a lock of its own, since processes elsewhere may use it too."""
    from django.db import connection

    busy = Busy(f"{data_dir} is in use by another process; stop it first")
    with ExitStack() as held:
        lock = held.enter_context((data_dir / name).open("w"))
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        if connection.vendor == "postgresql" and not held.enter_context(_database_lock(number, shared=shared)):
            raise busy
        yield


@contextmanager
def _database_lock(number: int, *, shared: bool, wait: bool = False) -> Iterator[bool]:
    """A lock of PostgreSQL on a connection of its own, let go when that ends; False when others hold it."""
    from django.db import connections

    own = connections["default"].copy()
    name = f"pg{'' if wait else '_try'}_advisory_lock{'_shared' if shared else ''}"
    try:
        with own.cursor() as cursor:
            cursor.execute(f"SELECT {name}(%s)", [number])
            answer = cursor.fetchone()[0]
        yield bool(answer) or wait
    finally:
        own.close()
