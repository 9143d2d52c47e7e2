"""`chancery doctor`: what is wrong with how a house is set up, each in one line with its cure."""

from __future__ import annotations

import argparse
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECRET = ("keys", "head", "private")


def register(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="name what is wrong with how a house is set up",
        description="Look at a data directory and the settings, and name what is wrong. Nothing is changed.",
    )
    doctor.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    doctor.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 where nothing is wrong, 1 where something is, 2 where there is no house."""
    data = Path(args.data).resolve()
    if not data.is_dir():
        print(f"{args.data} is no directory")
        return 2
    os.environ["CHANCERY_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.site.settings")
    faults = [*wrong_modes(data), *weak_secret(data), *open_settings(), *poor_database()]
    for fault in faults:
        print(f"- {fault}")
    print("Nothing is wrong." if not faults else f"{len(faults)} found.")
    return 1 if faults else 0


def wrong_modes(data: Path) -> Iterator[str]:
    """What others on this machine may read."""
    if stat.S_IMODE(data.stat().st_mode) & 0o077:
        yield f"{data} may be entered by others; chmod 700 {data}"
    for part in SECRET:
        for path in sorted((data / part).rglob("*")):
            if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink():
                yield f"{path} may be read by others; chmod go-rwx {path}"


def weak_secret(data: Path) -> Iterator[str]:
    path = data / "keys" / "settings.key"
    if path.exists() and len(path.read_text().strip()) < 40:
        yield f"{path} is too short a secret; remove it, and a new one is made (everybody signs in anew)"


def open_settings() -> Iterator[str]:
    """Settings that are right for a rehearsal and wrong for a house that the world reaches."""
    from django.conf import settings

    if settings.DEBUG:
        yield "debugging is on: pages of errors show what the house holds"
    if not settings.PRODUCTION:
        yield "CHANCERY_PRODUCTION is not 1: cookies travel over plain HTTP, links of a rehearsal work"
    if "*" in settings.ALLOWED_HOSTS:
        yield "CHANCERY_HOSTS names every host; name those of this house"
    if settings.PRODUCTION and not settings.HOUSE_ADDRESS.startswith("https://"):
        yield "CHANCERY_ADDRESS does not begin with https://: links in mails lead to the wrong place"
    if settings.PRODUCTION and not settings.PROXIES:
        yield "CHANCERY_PROXIES is not set: behind a proxy, all readers count as one address"


def poor_database() -> Iterator[str]:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    except sqlite3.OperationalError as error:
        yield f"this SQLite cannot search: {error}"
