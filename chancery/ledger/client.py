"""Asking a witness over HTTP for its cosignature, in a bounded number of requests whatever it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from chancery.ledger import Refused, Untrusted, checkpoint, note
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.policy import Party
from chancery.ledger.web import Answer, Unreachable
from chancery.ledger.witness import SIZE_TYPE, request_body

AHEAD = 300  # seconds by which a witness's clock may be ahead of ours
Ask = Callable[[str, bytes | None], Answer]  # address, body -> answer; raises Unreachable


class Standing(Enum):
    """How a witness stands to our head; the value is the sentence that pages show."""

    COSIGNED = "has cosigned"
    UNREACHABLE = "does not answer"
    REFUSES = "refuses the head: it says that the log is not consistent"
    AHEAD = "has seen more entries than this register has"
    UNCONFIGURED = "does not know this register, or is not configured for it"
    CONFUSED = "gives answers that do not follow the protocol"

    @property
    def has_answered(self) -> bool:
        """Whether the witness knows no larger head than ours."""
        return self is Standing.COSIGNED

    @property
    def is_fatal(self) -> bool:
        """Whether the register must stop signing until a person has looked."""
        return self in (Standing.REFUSES, Standing.AHEAD)


@dataclass(frozen=True)
class Heard:
    """What came of asking one witness: the verified cosignature line, and the size it is known to have seen."""

    witness: str
    standing: Standing
    size: int | None = None
    line: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Submission:
    """A signed head of ours and the way to prove consistency from an older size."""

    note: bytes
    size: int
    prove: Callable[[int], list[bytes]]

    @property
    def text(self) -> bytes:
        """The text that is cosigned."""
        return note.parse(self.note).text


def ask_cosignature(party: Party, submission: Submission, known: int, now: int, ask: Ask) -> Heard:
    """Submit a head to a witness, starting from the size it is known to have seen; at most two requests.

    Each returned line is verified with the configured key before anything is believed; `now` in POSIX seconds.
    """
    known = min(known, submission.size)
    try:
        answer = _post(party, submission, known, ask)
        if answer.status != 409:
            return _heard(party, submission, answer, now)
        larger = _stated_size(answer)
        if larger is None or larger == known:
            return Heard(party.name, Standing.CONFUSED if larger is None else Standing.REFUSES, larger)
        if larger > submission.size:
            return Heard(party.name, Standing.AHEAD, larger)
        answer = _post(party, submission, larger, ask)
        if answer.status == 409:
            return Heard(party.name, Standing.CONFUSED, detail="it states another size with each answer")
        return _heard(party, submission, answer, now)
    except Unreachable as error:
        return Heard(party.name, Standing.UNREACHABLE, detail=str(error))
    except Refused as error:
        return Heard(party.name, Standing.CONFUSED, detail=str(error))


def knows(party: Party, origin: str, ask: Ask) -> bool:
    """Whether a witness says that it has cosigned the log `origin`; one that does not answer says nothing."""
    return _last_shown(party, origin, ask) is not None


def last_cosigned(party: Party, log: note.Verifier, ask: Ask) -> Checkpoint | None:
    """The last head of `log` that a witness says it cosigned; None when it knows none or does not answer.

    Raises Refused when what it shows is not signed by the log and by the witness.
    """
    shown = _last_shown(party, log.name, ask)
    if shown is None:
        return None
    opened, signatures = note.open(shown, [log, party.key])
    if len(signatures) != 2:
        raise Untrusted(f"{party.name} shows a head that it or the log has not signed")
    return checkpoint.parse_own(opened.text, log.name)


def verified_line(party: Party, text: bytes, lines: tuple[note.Line, ...], now: int) -> str | None:
    """The first line by the witness's configured key; lines of other keys are ignored. Raises Untrusted."""
    for line in lines:
        if (line.name, line.key_id) == (party.key.name, party.key.key_id):
            time = party.key.check(text, line.payload)
            return line.text if time is not None and time <= now + AHEAD else None
    return None


def _last_shown(party: Party, origin: str, ask: Ask) -> bytes | None:
    digest = hashlib.sha256(origin.encode()).hexdigest()
    try:
        answer = ask(f"{(party.url or '').rstrip('/')}/{digest}/checkpoint", None)
    except Unreachable:
        return None
    return answer.body if answer.status == 200 else None


def _post(party: Party, submission: Submission, old: int, ask: Ask) -> Answer:
    proof = submission.prove(old) if 0 < old < submission.size else []
    return ask(f"{(party.url or '').rstrip('/')}/add-checkpoint", request_body(old, proof, submission.note))


def _heard(party: Party, submission: Submission, answer: Answer, now: int) -> Heard:
    if answer.status == 200:
        lines = note.parse_lines(answer.body.decode(errors="replace"))
        line = verified_line(party, submission.text, lines, now)
        if line is None:
            return Heard(party.name, Standing.CONFUSED, detail="its answer holds no valid cosignature by its key")
        return Heard(party.name, Standing.COSIGNED, submission.size, line)
    standings = {422: Standing.REFUSES, 403: Standing.UNCONFIGURED, 404: Standing.UNCONFIGURED}
    standing = standings.get(answer.status, Standing.UNREACHABLE if answer.status >= 500 else Standing.CONFUSED)
    return Heard(
        party.name, standing, detail=f"status {answer.status}: {answer.body[:200].decode(errors='replace')}".strip()
    )


def _stated_size(answer: Answer) -> int | None:
    """The size in a 409 answer; None when it is not written as the protocol asks."""
    try:
        if answer.content_type != SIZE_TYPE or not answer.body.endswith(b"\n"):
            return None
        return checkpoint.number(answer.body[:-1].decode(errors="replace"))
    except Refused:
        return None
