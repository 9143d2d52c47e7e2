"""Writing a session as a folder that plays again: the exit door, and the test that the trail is enough."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli_w

from chancery import canon
from chancery.council import charter, queries
from chancery.council.models import Council, Person
from chancery.meetings.models import Session
from chancery.trail import door
from chancery.trail.files import File, clean_name
from chancery.trail.models import Record

from . import emit

LEFT_OUT = """What an export never holds:
- register files and nonces: `chancery verify` and the mirrors hold the register;
- refusals: attempts that a rule refused changed nothing;
- sealed values and the single values of secret ballots: their count stays;
- erased persons: their offices stay.
"""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class CannotExport(Exception):
    """The session or the folder is not what it should be."""


@dataclass
class Shelf:
    """Where each file stands in the folder: its act's folder and its own name, once."""

    root: Path
    placed: dict[str, str] = field(default_factory=dict)

    def place(self, folder: str, file: File) -> str:
        """The path of `file` below the root, written there."""
        name = clean_name(file.name)
        path = f"{folder}/{name}" if folder else name
        if self.placed.get(path, file.sha256) != file.sha256:
            stem, dot, ending = name.rpartition(".")
            path = f"{folder}/{stem or name}-{file.sha256[:8]}{dot}{ending if stem else ''}"
        if path not in self.placed:
            self.placed[path] = file.sha256
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read())
        return path


def write(number: str, folder: Path, *, public: bool = False) -> None:
    """Write session `number` to `folder`, which must not exist. Raises CannotExport."""
    session = Session.objects.filter(pk=number).first()
    if session is None:
        raise CannotExport(f"there is no session {number}; there are {', '.join(_numbers()) or 'none'}")
    if folder.exists():
        raise CannotExport(f"{folder} exists already; an export writes a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        root = Path(temporary) / "folder"
        root.mkdir()
        _fill(root, session, public)
        shutil.move(root, folder)


def _numbers() -> list[str]:
    return list(Session.objects.values_list("key", flat=True))


def _fill(root: Path, session: Session, public: bool) -> None:
    records = [record for record in _belonging(session) if not public or record.audience == "public"]
    shelf = Shelf(root)
    first = records[0].at if records else session.opens_at
    (root / "council.toml").write_bytes(charter.write(_charter(session, first, shelf)))
    zone = ZoneInfo(session.zone)
    members = {person.key: person.member_id for person in Person.objects.all()}
    entries = [_entry(record, session, zone, shelf, members) for record in records]
    (root / "session.toml").write_bytes(_session_toml(session, zone))
    (root / "acts.yaml").write_text(emit.acts(entries), encoding="utf-8")
    (root / "LEFT-OUT.txt").write_text(LEFT_OUT, encoding="utf-8")


def _belonging(session: Session) -> Iterator[Record]:
    """The acts of a session: those that name it, and those that name none while it was the last one convened."""
    current = first = _numbers()[0]
    for record in Record.objects.filter(outcome="done").exclude(act="council.found").order_by("id"):
        if (record.session or current) == session.key:
            yield record
        if record.act == "session.convene":
            current = record.session or first


def _charter(session: Session, first: datetime, shelf: Shelf) -> dict[str, Any]:
    """council.toml: as founded for the first session, later as it stood when convened; its files placed."""
    council = Council.objects.get()
    if session.key == _numbers()[0]:
        value = tomllib.loads(council.charter)
    else:
        value = _as_convened(session) or queries.standing(council)
        value["council"]["as_of"] = first
    charter.replace_files(value, lambda held: _place_held(held, shelf))
    return value


def _as_convened(session: Session) -> dict[str, Any] | None:
    convened = Record.objects.filter(act="session.convene", subject=session.ref, outcome="done").first()
    return tomllib.loads(File(**convened.args["council"]).text()) if convened else None


def _place_held(held: str, shelf: Shelf) -> str:
    digest, slash, name = held.partition("/")
    if not slash or len(digest) != 64:
        return held
    folder = {"vkey": "keys", "toml": ""}.get(name.rpartition(".")[2], "texts")
    return shelf.place(folder, File(digest, name, ""))


def _entry(
    record: Record, session: Session, zone: ZoneInfo, shelf: Shelf, members: dict[str, str | None]
) -> dict[str, Any]:
    deed = door.acts()[record.act]
    person = record.by.removeprefix("person/")
    entry: dict[str, Any] = {"do": record.act, "at": local(record.at, zone), "by": record.office or person}
    own = f"member/{members[person]}" if members.get(person) else ""
    if record.for_whom != own:
        entry["for"] = record.for_whom.partition("/")[2]
    if record.entered_by:
        entry["entered_by"] = record.entered_by.removeprefix("person/")
    if record.subject:
        entry["to"] = record.subject
    if arguments := _arguments(record, deed, session, zone, shelf):
        entry["with"] = arguments
    expect = {"status": record.status, "result": record.result}
    if expect := {key: value for key, value in expect.items() if value}:
        entry["expect"] = expect
    return entry


def _arguments(record: Record, deed: door.Act, session: Session, zone: ZoneInfo, shelf: Shelf) -> dict[str, Any]:
    """The act's arguments in the order of its signature. What session.toml and council.toml say is not said again."""
    if record.act == "session.plan" and record.result == session.ref:
        return {}
    args = {
        key: value for key, value in record.args.items() if not (record.act == "session.convene" and key == "council")
    }
    return {key: _written(args[key], deed.folder, zone, shelf) for key in deed.names if key in args}


def _written(value: Any, folder: str, zone: ZoneInfo, shelf: Shelf) -> Any:
    if isinstance(value, dict) and set(value) == {"sha256", "name", "type"}:
        return shelf.place(folder, File(**value))
    if isinstance(value, dict):
        return {key: _written(value[key], folder, zone, shelf) for key in sorted(value)}
    if isinstance(value, list):
        return [_written(item, folder, zone, shelf) for item in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return local(canon.instant(value), zone)
    return value


def local(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the session's zone, with its offset; seconds only where there are some."""
    moment = at.astimezone(zone)
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")


def _session_toml(session: Session, zone: ZoneInfo) -> bytes:
    """session.toml from the record of the plan, so that the plan plays again as it was."""
    planned = Record.objects.get(act="session.plan", result=session.ref, outcome="done")
    deed = door.acts()["session.plan"]
    value = {key: _toml(planned.args[key], zone) for key in deed.names if key in planned.args}
    if "host" in value:
        value["host"] = str(value["host"]).removeprefix("member/")
    return tomli_w.dumps(value).encode()


def _toml(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, dict):
        return {key: _toml(value[key], zone) for key in sorted(value)}
    if isinstance(value, list):
        return [_toml(item, zone) for item in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return canon.instant(value).astimezone(zone)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return value
