"""Proofs that travel without the log: `.tlog-proof` (C2SP tlog-proof), and one entry against one head."""

from __future__ import annotations

from dataclasses import dataclass

from chancery import canon
from chancery.ledger import Malformed, checkpoint, tree
from chancery.ledger.policy import Accepted, Policy

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True)
class Proof:
    """That an entry stands at `index` under a head: hashes, the leaf's sibling first, and the head's signed note."""

    index: int
    hashes: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        """The file. `extra` is carried along and proven by nothing."""
        extra = [] if self.extra is None else [f"extra {canon.base64_text(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(canon.base64_text, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.note

    def verify(self, entry: bytes, policy: Policy) -> Accepted:
        """The head under which `entry` stands, accepted by `policy`. Raises Refused kinds."""
        accepted = policy.accept(self.note)
        head = accepted.head
        tree.verify_inclusion(self.index, head.size, tree.leaf_hash(entry), self.hashes, head.root)
        return accepted


def parse(data: bytes) -> Proof:
    """The proof written in `data`. Raises Malformed for every other spelling."""
    text, separator, note = data.partition(b"\n\n")
    try:
        lines = text.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Malformed("a proof holds characters that it must not") from error
    if not separator or lines.pop(0) != HEADER:
        raise Malformed(f"a proof begins with {HEADER} and has an empty line before its checkpoint")
    extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise Malformed("a proof names the index of its entry")
    index = checkpoint.number(lines.pop(0).removeprefix("index "))
    if len(lines) > MAX_HASHES:
        raise Malformed(f"a proof has at most {MAX_HASHES} hashes")
    return Proof(index, tuple(checkpoint.hash_line(line) for line in lines), note, extra)


def _extra(line: str) -> bytes:
    try:
        return canon.base64_bytes(line.removeprefix("extra "))
    except ValueError as error:
        raise Malformed("the extra line of a proof is no base64") from error
