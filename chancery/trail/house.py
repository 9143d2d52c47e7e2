"""Opening a data directory for a command: Django set up on it, tables migrated, one command at a time."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """The data directory is being served or played by another process."""


def open_house(data_dir: str, *, create: bool) -> Path | None:
    """Set Django up on `data_dir` and bring its tables up to date; None, with a message, where there is none."""
    path = Path(data_dir).resolve()
    if not create and not (path / "db.sqlite3").exists():
        print(
            f"{data_dir} holds no council; `chancery demo` or `chancery play FOLDER --data {data_dir}` makes one",
            file=sys.stderr,
        )
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
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return path


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data directory alone. Raises Busy while another process serves or plays it."""
    with (data_dir / "in-use.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{data_dir} is in use by another process; stop it first") from None
        yield


@contextmanager
def one_of_several(data_dir: Path, *, worker: bool) -> Iterator[None]:
    """Hold the data directory beside web processes and one worker. Raises Busy while another process has it alone."""
    with (data_dir / "in-use.lock").open("w") as lock, (data_dir / "worker.lock").open("w") as working:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if worker:
                fcntl.flock(working, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{data_dir} is in use by another process; stop it first") from None
        yield
