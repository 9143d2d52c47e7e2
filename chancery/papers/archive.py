"""All papers of a session that a reader may see, in one zip that is made while it is sent."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from chancery import canon
from chancery.council.models import Person
from chancery.meetings.models import Session

from . import access, copies, reading
from .models import Paper, PaperVersion, TakenZip
from .queries import changed_since
from .queries.versions import Line, lines

INDEX = "INDEX.txt"


class Sink(io.RawIOBase):
    """What the zip is written to: it keeps the bytes until they are taken and sent."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        self._held += memoryview(data)  # type: ignore[arg-type]
        return len(memoryview(data))  # type: ignore[arg-type]

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


@dataclass(frozen=True)
class Held:
    """One file of the zip."""

    name: str
    version: PaperVersion


def last_taken(person: Person, session: Session) -> datetime | None:
    """When the person last took the papers of a session, to offer what is new since."""
    found = TakenZip.objects.filter(person=person, session=session).first()
    return found.taken_at if found else None


def zip_of(person: Person, session: Session, at: datetime, *, since: datetime | None = None) -> Iterator[bytes]:
    """The zip in chunks: newest versions in all languages, and an index; with `since`, of what changed after it.

    Everything is fetched through the reader's own eyes before the first byte. That it was taken is remembered
    after the last byte, so that what a broken download lost is offered again.
    """
    visible = access.visible(person, at).filter(session=session)
    chosen = lines((changed_since(visible, since) if since else visible).order_by("tabled_at", "key"), seen=visible)
    held = _files(chosen)
    reading.opened(person, [one.version for one in held], at)
    return _stream(person, session, at, chosen, held)


def _files(chosen: list[Line]) -> list[Held]:
    """The files of papers that stand; a withdrawn one is in the index only."""
    return [
        Held(_name(line.paper, language.version), language.version)
        for line in chosen
        if not line.paper.withdrawn_at
        for language in line.languages
    ]


def _name(paper: Paper, version: PaperVersion) -> str:
    """`QB_3_1_Rev.1.en.md`: from symbol and language alone, so the same in every zip; letters, digits, `_.()-`."""
    stem = re.sub(r"[^\w.()-]", "_", paper.key).strip(".")
    if not stem or re.search(r"[^\w.()/-]|_", paper.key):
        # Another symbol may read alike once its slashes are underscores; some digits of its digest tell them apart.
        stem = f"{stem or 'paper'}_{canon.sha256(paper.key.encode())[:8]}"
    ending = "pdf" if _becomes_pdf(version) else version.stored.name.rpartition(".")[2].lower()
    return f"{stem}.{version.language}.{ending}"


def _becomes_pdf(version: PaperVersion) -> bool:
    return version.paper.restricted and version.stored.type in ("text/markdown", "text/plain")


def _stream(person: Person, session: Session, at: datetime, chosen: list[Line], held: list[Held]) -> Iterator[bytes]:
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, INDEX, index(chosen, held).encode(), at)
        yield sink.take()
        for one in held:
            copy = copies.copy_for(person, one.version, at)
            _put(archive, one.name, copy.data, one.version.entered_at)
            yield sink.take()
    yield sink.take()
    TakenZip.objects.update_or_create(person=person, session=session, defaults={"taken_at": at})


def _put(archive: zipfile.ZipFile, name: str, data: bytes, at: datetime) -> None:
    moment = at.astimezone(UTC)
    info = zipfile.ZipInfo(name, (max(moment.year, 1980), moment.month, moment.day, *moment.timetuple()[3:6]))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def index(chosen: list[Line], held: list[Held]) -> str:
    """What the zip holds, a line a file: symbol, language, marking, file, digest of the stored text, title."""
    names = {one.version.pk: one.name for one in held}
    rows = ["symbol\tlanguage\tmarking\tfile\tSHA-256 of the stored file\tstate\ttitle"]
    for line in chosen:
        for language in line.languages:
            version, paper = language.version, line.paper
            name = names.get(version.pk, "-")
            cells = [paper.key, version.language, paper.marking, name, version.sha256, _state(line, language.stale)]
            rows.append("\t".join([*cells, paper.title_in(version.language)]))
    return "\n".join(rows) + "\n"


def _state(line: Line, stale: bool) -> str:
    if line.paper.withdrawn_at:
        return f"withdrawn: {line.paper.withdrawal_reason}"
    if line.superseded_by:
        return f"replaced by {line.superseded_by}"
    return "older than its source" if stale else "current"
