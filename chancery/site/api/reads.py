"""Reads: the rows of each station that the token's person may see, in the order of their names, page by page."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Model

from chancery.council.models import Person
from chancery.desk import access
from chancery.trail import refs
from chancery.trail.errors import Unknown
from chancery.trail.refs import Referable

MOST = 100

# Per kind: the columns a program gets beside `ref`; each is found under the same name in `docs/reference/api.md`.
SHOWN = {
    "council": ("code", "name", "seat", "zone", "languages", "origin"),
    "member": ("name", "seat", "joined", "left"),
    "body": ("name", "chair", "established", "sunset", "dissolved_at"),
    "session": ("number", "kind", "title", "venue", "zone", "opens_at", "closes_at", "state", "convened_at"),
    "item": ("session", "number", "title", "category", "body", "sponsors", "state", "outcome"),
    "meeting": ("session", "body", "number", "room", "mode", "opens_at", "closes_at", "state"),
    "circular": ("session", "title", "sent_at", "reply_by"),
    "paper": ("session", "item", "title", "sponsors", "marking", "late", "tabled_at", "issued_at", "withdrawn_at"),
    "draft": ("session", "item", "title", "sponsors", "tabled_at", "withdrawn_at"),
    "version": ("session", "draft", "number", "title", "content_digest", "frozen_at"),
    "question": ("session", "meeting", "number", "title", "subject", "subject_digest", "method", "state", "put_at"),
    "result": ("session", "question", "status", "outcome", "override", "declared_at"),
    "decision": ("session", "result", "title", "subject", "content_digest", "issued_at"),
    "statement": ("session", "question", "kind", "authors", "late", "filed_at"),
    "instrument": ("session", "decision", "signatories", "level", "until", "opened_at"),
    "release": ("session", "kind", "dateline", "title", "state", "published_at", "embargo_until", "withdrawn_at"),
}
TEXTS = {"draft", "version", "decision", "statement", "release"}


def rows(person: Person, kind: str, at: datetime, *, session: str, after: str, most: int) -> list[Referable]:
    """Rows of a kind after a key, as many as asked. Raises Unknown for a kind that is not read."""
    if kind not in SHOWN:
        raise Unknown(kind, "")
    found: Any = refs.kinds()[kind]._default_manager.filter(key__gt=after).order_by("key")
    if session and "session" in SHOWN[kind]:
        found = found.filter(session=session)
    seen = (row for row in found.iterator(chunk_size=200) if access.sees(row, person, at))
    return list(islice(seen, min(max(most, 1), MOST)))


def row(person: Person, ref: str, at: datetime) -> Referable:
    """One row by its reference. Raises Unknown where there is none that the person may see."""
    try:
        found = refs.get(refs.read(ref, *SHOWN))
    except ValueError:
        raise Unknown(ref, "") from None
    if not access.sees(found, person, at):
        raise Unknown(ref, "")
    return found


def shown(found: Referable) -> dict[str, Any]:
    """A row as a program gets it: references in the place of keys, instants in UTC, texts by their digests."""
    said: dict[str, Any] = {"ref": str(found.ref)}
    for name in SHOWN[found.ref_kind]:
        if hasattr(found, name):
            said[name] = _plain(getattr(found, name))
    if found.ref_kind in TEXTS:
        said["text"] = _texts(getattr(found, "text", None) or getattr(found, "body", {}))
    if found.ref_kind == "paper":
        said["versions"] = [
            {"language": one.language, "number": one.number, "official": one.official, **_file(one.file)}
            for one in found.versions.order_by("language", "number")  # type: ignore[attr-defined]
        ]
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, Referable):
        return str(value.ref)
    if isinstance(value, Model):
        return str(value.pk)
    return value.isoformat() if isinstance(value, date) else value


def _texts(files: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {language: _file(file) for language, file in files.items()}


def _file(file: dict[str, str]) -> dict[str, str]:
    return {"sha256": file["sha256"], "name": file["name"], "type": file["type"]}
