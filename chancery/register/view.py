"""The register as pages show it: its head, and how far independent witnesses have seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from chancery import canon
from chancery.ledger import note
from chancery.trail.memory import once

from . import tasks
from .models import Pending
from .sequencer import Sequencer


@dataclass(frozen=True)
class Seen:
    """A witness: how many entries it has seen, and when it cosigned the newest head, if it has."""

    name: str
    size: int
    cosigned_at: datetime | None


@dataclass(frozen=True)
class Head:
    """Origin, size and root of the last signed head, its key, how many acts wait, and what the witnesses say."""

    origin: str
    size: int
    root: str
    vkey: str
    fingerprint: str
    witnesses: list[Seen]
    needed: int
    witnessed: int
    tolerance: str

    @property
    def waiting(self) -> int:
        """How many acts wait for their entry."""
        return Pending.objects.filter(rejected="").count()

    @property
    def cosigned(self) -> int:
        return sum(1 for witness in self.witnesses if witness.cosigned_at)

    def words(self, index: int) -> str:
        """How far an entry is witnessed, in a few honest words."""
        if not self.witnesses:
            return gettext("Entered, not witnessed.")
        if index < self.witnessed:
            return gettext("Entered, seen by the quorum of {n} witnesses.").format(n=self.needed)
        return gettext("Entered, {k} of {n} cosigned.").format(k=self.cosigned, n=self.needed)


def public_head() -> Head | None:
    """The head, or None where no register is founded."""
    found: Head | None = once("register head", _head) if tasks.is_founded() else None
    return found


def _head() -> Head:
    sequencer = Sequencer(Path(settings.DATA_DIR))
    try:
        head, vkey, collected = sequencer.head(), sequencer.verifier.vkey, sequencer.collected()
        names = list(sequencer.policy.witnesses)
    finally:
        sequencer.close()
    return Head(
        origin=head.origin,
        size=head.size,
        root=canon.base64_text(head.root),
        vkey=vkey,
        fingerprint=note.fingerprint(vkey),
        witnesses=[_seen(name, collected.known, collected.cosigned) for name in names],
        needed=collected.needed,
        witnessed=collected.witnessed,
        tolerance=collected.tolerance,
    )


def _seen(name: str, known: dict[str, int], cosigned: dict[str, int]) -> Seen:
    time = cosigned.get(name)
    return Seen(name, known.get(name, 0), datetime.fromtimestamp(time, UTC) if time else None)


def witness_words(index: int) -> str:
    """How far an entry is witnessed."""
    head = public_head()
    return head.words(index) if head else ""
