"""What a program sends: files in the arguments of an act, and the zone that its local times mean."""

from __future__ import annotations

from typing import Any

from chancery.council import access as council
from chancery.desk.forms import given
from chancery.meetings import access as meetings
from chancery.meetings.models import Session
from chancery.trail import files
from chancery.trail.errors import BadArguments, Fault
from chancery.trail.refs import Referable

UPLOADED, WRITTEN = {"file"}, {"name", "text"}


def with_files(raw: Any, person: str, place: tuple[str | int, ...] = ("with",)) -> Any:
    """The same arguments with files in the place of `{"file": …}` and `{"name": …, "text": …}`.

    Raises BadArguments for a file that was not uploaded by this person, or is of no type that is kept.
    """
    if isinstance(raw, list):
        return [with_files(part, person, (*place, number)) for number, part in enumerate(raw)]
    if not isinstance(raw, dict):
        return raw
    if set(raw) not in (UPLOADED, WRITTEN) or not all(isinstance(part, str) for part in raw.values()):
        return {key: with_files(part, person, (*place, key)) for key, part in raw.items()}
    try:
        found = given.kept(raw["file"], person) if "file" in raw else files.put(raw["text"].encode(), raw["name"])
    except ValueError as error:
        raise BadArguments([Fault(place, str(error))]) from None
    if found is None:
        raise BadArguments([Fault(place, "no file that you uploaded within a day; POST it to /api/files first")])
    return found


def zone(row: Referable | None, raw: dict[str, Any]) -> str:
    """The zone of local times: that of the session the act belongs to, else the seat's."""
    named = str(raw.get("session", "")).removeprefix("session/")
    key = getattr(row, "session_id", None) or named or meetings.session_of(row, {})
    session = Session.objects.filter(pk=key).first()
    return session.zone if session else str(council.council().zone)
