"""What a verification found: where the key came from, each statement proven or not, and the head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chancery import canon
from chancery.ledger.checkpoint import Checkpoint

GIVEN = "given"
CAME_WITH_DATA = "came with the data, identity not proven"


@dataclass
class Verdict:
    """The answer of `chancery verify`; the answer is no as soon as anything is refused."""

    key: str = CAME_WITH_DATA
    proven: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    head: Checkpoint | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing contradicts anything."""
        return not self.refused

    def refuse(self, findings: Iterable[object]) -> None:
        """Add what is wrong, each as a sentence that names it."""
        self.refused.extend(str(each) for each in findings)

    def lines(self) -> list[str]:
        """The answer for people: first the key, last the head."""
        body = [("proven", self.proven), ("not proven", self.unproven), ("REFUSED", self.refused)]
        sentences = (f"{word}: {sentence}" for word, sentences in body for sentence in sentences)
        return [_printable(line) for line in (f"key: {self.key}", *sentences, f"head: {_head_text(self.head)}")]

    def as_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "key": self.key,
            "sound": self.is_sound,
            "proven": self.proven,
            "unproven": self.unproven,
            "refused": self.refused,
            "head": None if self.head is None else _head_json(self.head),
        }


def _printable(line: str) -> str:
    """The line without characters that steer a terminal or turn the direction of what is read."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in line)


def counted(count: int, one: str, many: str) -> str:
    """A number and its noun."""
    return f"{count} {one if count == 1 else many}"


def instant(time: int) -> str:
    """POSIX seconds as an instant for people; an absurd number as it is."""
    try:
        return canon.instant_text(datetime.fromtimestamp(time, UTC))
    except (OverflowError, ValueError, OSError):
        return f"second {time}"


def _head_json(head: Checkpoint) -> dict[str, Any]:
    return {"origin": head.origin, "size": head.size, "root": canon.base64_text(head.root)}


def _head_text(head: Checkpoint | None) -> str:
    return "none" if head is None else f"{head.origin}, {head.size} entries, root {canon.base64_text(head.root)}"
