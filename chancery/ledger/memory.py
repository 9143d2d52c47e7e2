"""The largest head that a verifier has seen, per origin, in a file of its own: against being shown an older log."""

from __future__ import annotations

import json
from pathlib import Path

from chancery import canon
from chancery.ledger import Malformed, checkpoint
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import sync_folder, write_private


def remembered(path: Path, origin: str) -> Checkpoint | None:
    """The largest head of `origin` that the file at `path` holds. Raises Malformed for a spoiled file."""
    stored = _read(path).get(origin)
    if stored is None:
        return None
    if (
        not isinstance(stored, dict)
        or not isinstance(stored.get("size"), int)
        or not isinstance(stored.get("root"), str)
    ):
        raise Malformed(f"{path} does not hold remembered heads")
    return Checkpoint(origin, stored["size"], checkpoint.hash_line(stored["root"]))


def remember(path: Path, head: Checkpoint) -> None:
    """Store `head` as the largest of its origin, durably."""
    heads = {**_read(path), head.origin: {"size": head.size, "root": canon.base64_text(head.root)}}
    new = path.with_name(f"{path.name}.new")
    write_private(new, canon.canonical_json(heads) + b"\n")
    new.rename(path)
    sync_folder(path.parent)


def _read(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        heads = json.loads(path.read_bytes())
    except ValueError as error:
        raise Malformed(f"{path} does not hold remembered heads") from error
    if not isinstance(heads, dict):
        raise Malformed(f"{path} does not hold remembered heads")
    return heads
