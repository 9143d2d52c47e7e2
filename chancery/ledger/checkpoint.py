"""Checkpoints: the text of a head, `origin LF size LF base64(root) LF` (C2SP tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chancery import canon
from chancery.ledger import Malformed, note
from chancery.ledger.tree import EMPTY_ROOT, HASH_BYTES

_SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """Origin, number of entries, root (32 bytes); `extensions` only in logs of others."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> bytes:
        """The bytes that log and witnesses sign."""
        lines = [self.origin, str(self.size), canon.base64_text(self.root), *self.extensions]
        return "".join(line + "\n" for line in lines).encode()


def parse(text: bytes) -> Checkpoint:
    """The checkpoint written as `text`. Raises Malformed for every other spelling."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError as error:
        raise Malformed("a checkpoint is not valid UTF-8") from error
    if len(lines) < 4 or lines.pop() != "" or "" in lines:
        raise Malformed("a checkpoint has at least the lines origin, size and root, none empty")
    origin, size, root, *extensions = lines
    return Checkpoint(origin, number(size), hash_line(root), tuple(extensions))


def parse_own(text: bytes, origin: str) -> Checkpoint:
    """A checkpoint of a log of ours: exactly three lines, the given origin, an honest empty tree."""
    head = parse(text)
    if head.extensions:
        raise Malformed("a checkpoint of this log has no extension lines")
    if head.origin != origin:
        raise Malformed(f"the checkpoint is of {head.origin}, not of {origin}")
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise Malformed("a checkpoint of no entries has the wrong root")
    return head


def opened(data: bytes, log: note.Verifier) -> Checkpoint:
    """The checkpoint in a signed note by `log`, whose name is its origin. Raises Untrusted."""
    return parse_own(note.open(data, [log])[0].text, log.name)


def number(text: str) -> int:
    """A decimal number: ASCII digits, no needless zero, below 2^63."""
    if not _SIZE.fullmatch(text) or int(text) >= 2**63:
        raise Malformed(f"{text[:40]!r} is no number as the format writes it")
    return int(text)


def hash_line(line: str) -> bytes:
    """A hash written in base64: exactly 32 bytes."""
    try:
        data = canon.base64_bytes(line)
    except ValueError as error:
        raise Malformed(f"{line[:60]!r} is no base64 of a hash") from error
    if len(data) != HASH_BYTES:
        raise Malformed(f"a hash has 32 bytes, not {len(data)}")
    return data
