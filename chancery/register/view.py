"""The register's head as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from chancery import canon
from chancery.ledger import note

from . import tasks
from .models import Pending
from .sequencer import Sequencer


@dataclass(frozen=True)
class Head:
    """Origin, size and root of the last signed head, the key it is signed with, and how many acts wait."""

    origin: str
    size: int
    root: str
    vkey: str
    fingerprint: str
    waiting: int


def public_head() -> Head | None:
    """The head, or None where no register is founded."""
    if not tasks.is_founded():
        return None
    sequencer = Sequencer(Path(settings.DATA_DIR))
    try:
        head, vkey = sequencer.head(), sequencer.verifier.vkey
    finally:
        sequencer.close()
    waiting = Pending.objects.filter(rejected="").count()
    return Head(head.origin, head.size, canon.base64_text(head.root), vkey, note.fingerprint(vkey), waiting)
