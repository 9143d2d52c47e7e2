"""Stored files: content-addressed, written once, never changed; a file in a record is its digest, name and type."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from chancery import canon

from .sniff import media_type

LIMIT = 20 * 1024 * 1024

_store: ContextVar[Path | None] = ContextVar("store", default=None)


@dataclass(frozen=True)
class File:
    """A stored file as it stands in a record."""

    sha256: str
    name: str
    type: str

    def read(self) -> bytes:
        return path_of(self.sha256).read_bytes()

    def text(self) -> str:
        return self.read().decode()

    @property
    def size(self) -> int:
        return path_of(self.sha256).stat().st_size


@dataclass(frozen=True)
class Secret:
    """The path of a private key: used, never stored."""

    path: Path

    def read(self) -> str:
        return self.path.read_text()


def store() -> Path:
    return _store.get() or Path(settings.DATA_DIR) / "files"


@contextmanager
def temporary_store() -> Iterator[None]:
    """Files put meanwhile vanish afterwards: a check leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="chancery-check-") as folder:
        token = _store.set(Path(folder))
        try:
            yield
        finally:
            _store.reset(token)


def path_of(sha256: str) -> Path:
    held = store() / sha256[:2] / sha256
    kept = Path(settings.DATA_DIR) / "files" / sha256[:2] / sha256
    return held if held.exists() else kept


def put(data: bytes, name: str) -> File:
    """Store `data` under its digest. Raises ValueError for what is too large or no allowed type."""
    if len(data) > LIMIT:
        raise ValueError(f"{name} has {len(data):,} bytes; the limit is {LIMIT:,}")
    kind = media_type(data, name)
    digest = canon.sha256(data)
    if not path_of(digest).exists():
        _write(store() / digest[:2] / digest, data)
    return File(digest, clean_name(name), kind)


def sweep() -> None:
    """Remove files that no record names, a day after they were stored: what a refused upload left behind."""
    from .models import Record

    day_ago = time.time() - 86_400
    for path in (Path(settings.DATA_DIR) / "files").glob("??/*"):
        if path.stat().st_mtime < day_ago and not Record.objects.filter(args__icontains=path.name).exists():
            path.unlink()


def clean_name(name: str) -> str:
    """A file's own name: NFC, only letters, digits and ` _.()-`, at most 100 bytes, ending kept."""
    base = canon.nfc(name.replace("\\", "/").rpartition("/")[2])
    kept = "".join(c if c.isalnum() or c in "_.() -" else "-" for c in base).strip(". ") or "file"
    stem, dot, ending = kept.rpartition(".")
    while len(kept.encode()) > 100:
        stem = stem[:-1]
        kept = f"{stem}{dot}{ending}"
    return kept


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
