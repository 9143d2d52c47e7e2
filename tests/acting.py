"""Acts in tests: a council just founded, and one act by one person at a stated instant."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chancery.council import charter
from chancery.play import stage
from chancery.trail import door, files, refs
from chancery.trail.actor import CLOCK, OPERATOR, Actor
from chancery.trail.arguments import Reading, read_instant
from conftest import FOLDERS

ZONE = ZoneInfo("Asia/Kathmandu")


def instant(text: str) -> datetime:
    """An instant of the Meadow Union's local time."""
    return read_instant(text, ZONE)


def found_meadow() -> None:
    """The Meadow Union as founded, before anything was done."""
    folder = FOLDERS["meadow"]
    constitution = charter.read((folder / "council.toml").read_bytes())
    named, wrong = charter.named_files(constitution, folder)
    assert wrong == []
    stage.found_council(folder / "council.toml", constitution, named, None)


def do(act: str, by: str, at: str, to: str | None = None, *, speaking_for: str = "", **given: Any) -> Any:
    """Perform `act`; a key of Python's own carries an underscore, a file is a path of the meadow's folder."""
    deed = door.acts()[act]
    raw = {key.rstrip("_"): value for key, value in given.items()}
    subject, values = deed.read(to, raw, Reading(zone=ZONE, folder=FOLDERS["meadow"]))
    return door.perform(deed, subject, values, by=actor(by, speaking_for), at=instant(at)).product


def actor(by: str, for_: str = "") -> Actor:
    """The clock, the operator, or a person, who speaks for the own member unless said otherwise."""
    if by in ("clock", "operator"):
        return CLOCK if by == "clock" else OPERATOR
    person = refs.get(f"person/{by}")
    member = for_ or getattr(person, "member_id", None)
    return Actor(str(person.ref), for_=f"member/{member}" if member else "")


def stored(name: str) -> files.File:
    """A file of the meadow's folder, kept."""
    path = Path(FOLDERS["meadow"]) / name
    return files.put(path.read_bytes(), path.name)
