"""A witness: cosigns a head when it continues the largest head that it has cosigned for that log (C2SP tlog-witness).

Its state is one row for each log. The checks of a request stand in the order of the format: a request that is wrong in
two ways gets the earlier answer.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chancery import canon
from chancery.ledger import Inconsistent, Malformed, Refused, checkpoint, note, tree
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.note import Kind, Note, Signer, Verifier
from chancery.ledger.proof import MAX_HASHES
from chancery.ledger.web import Answer

MAX_BODY = 2**20
MAX_SETBACK = 60  # seconds by which the clock may have been set back
SIZE_TYPE = "text/x.tlog.size"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS cosigned (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, "
    "time INTEGER NOT NULL, note BLOB NOT NULL) STRICT"
)


class Alarm(Refused):
    """Something that a person must look at: the clock of the witness was set back."""


@dataclass(frozen=True)
class Request:
    """A submission: the size that the sender believes to be the last cosigned, the proof, the signed head."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    head: Checkpoint


@dataclass(frozen=True)
class _Last:
    """The last cosigned head of a log; that of no entries before the first."""

    size: int = 0
    root: bytes = tree.EMPTY_ROOT
    time: int = 0


class Witness:
    """One witness key, its state file, and the logs it knows (verifier keys whose names are the origins)."""

    def __init__(self, signer: Signer, state: Path, logs: Iterable[Verifier]) -> None:
        if signer.verifier.kind is not Kind.COSIGNATURE:
            raise Malformed("a witness signs with a witness's key: chancery key new NAME --witness --key FILE")
        self._signer = signer
        self._logs: dict[str, list[Verifier]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._one_at_a_time = threading.Lock()
        self._state = sqlite3.connect(state, timeout=20, isolation_level=None, check_same_thread=False)
        state.chmod(0o600)
        self._state.execute("PRAGMA synchronous = FULL")
        self._state.execute(_TABLE)

    def add_checkpoint(self, body: bytes, now: int) -> Answer:
        """Answer a submission (`POST …/add-checkpoint`); `now` in POSIX seconds."""
        try:
            request = parse_request(body)
        except Refused as error:
            return _sentence(400, error)
        if request.head.origin not in self._logs:
            return _sentence(404, f"this witness does not know the log {request.head.origin}")
        try:
            note.open(body.partition(b"\n\n")[2], self._logs[request.head.origin])
        except Refused as error:
            return _sentence(403, error)
        return self._cosigned(request, now)

    def last_checkpoint(self, origin_hash: str) -> Answer:
        """Answer `GET …/<SHA-256 of the origin, in hex>/checkpoint`: the last cosigned head."""
        for origin in self._logs:
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                row = self._state.execute("SELECT note FROM cosigned WHERE origin = ?", (origin,)).fetchone()
                if row is not None:
                    return Answer(200, row[0], "text/plain; charset=utf-8")
        return _sentence(404, "nothing was cosigned for this log")

    def last_size(self, origin: str) -> int:
        """The size of the last cosigned head of a log, 0 before the first."""
        return self._last(origin).size

    def close(self) -> None:
        """Close the state file."""
        self._state.close()

    def _cosigned(self, request: Request, now: int) -> Answer:
        """The steps that must be one transaction, or two requests could roll the witness back."""
        with self._one_at_a_time:
            self._state.execute("BEGIN IMMEDIATE")
            try:
                answer = self._judged(request, now)
            except BaseException:
                self._state.execute("ROLLBACK")
                raise
            self._state.execute("COMMIT")
            return answer

    def _judged(self, request: Request, now: int) -> Answer:
        last, head = self._last(request.head.origin), request.head
        if request.old != last.size:
            return Answer(409, b"%d\n" % last.size, SIZE_TYPE)
        try:
            _check_continues(last, request)
            time = _time_of(last, now)
        except Alarm as error:
            return _sentence(503, error)
        except Refused as error:
            return _sentence(422, error)
        line = self._signer.sign_line(request.note.text, time)
        stored = request.note.text + b"\n" + self._log_lines(request) + line.encode()
        row = (head.origin, head.size, head.root, time, stored)
        self._state.execute("INSERT OR REPLACE INTO cosigned VALUES (?, ?, ?, ?, ?)", row)
        return Answer(200, line.encode(), "text/plain; charset=utf-8")

    def _log_lines(self, request: Request) -> bytes:
        known = {(log.name, log.key_id) for log in self._logs[request.head.origin]}
        return "".join(each.text for each in request.note.lines if (each.name, each.key_id) in known).encode()

    def _last(self, origin: str) -> _Last:
        row = self._state.execute("SELECT size, root, time FROM cosigned WHERE origin = ?", (origin,)).fetchone()
        return _Last() if row is None else _Last(*row)


def parse_request(body: bytes) -> Request:
    """Read the body of a submission. Raises Malformed."""
    if len(body) > MAX_BODY:
        raise Malformed(f"a submission has at most {MAX_BODY} bytes")
    head, separator, signed = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Malformed("the lines before the checkpoint hold characters that they must not") from error
    if not separator or not first.startswith("old "):
        raise Malformed("a submission is the line `old SIZE`, the proof, an empty line and the checkpoint")
    if len(lines) > MAX_HASHES:
        raise Malformed(f"a proof has at most {MAX_HASHES} hashes")
    old, proof = checkpoint.number(first.removeprefix("old ")), tuple(map(checkpoint.hash_line, lines))
    opened = note.parse(signed)
    stated = checkpoint.parse(opened.text)
    if old > stated.size:
        raise Malformed(f"old {old} is greater than the checkpoint's size {stated.size}")
    return Request(old, proof, opened, stated)


def request_body(old: int, proof: Sequence[bytes], signed: bytes) -> bytes:
    """The body of a submission."""
    lines = [f"old {old}", *map(canon.base64_text, proof), "", ""]
    return "\n".join(lines).encode() + signed


def _check_continues(last: _Last, request: Request) -> None:
    head = request.head
    if head.size == 0 and head.root != tree.EMPTY_ROOT:
        raise Inconsistent("a checkpoint of no entries has the wrong root")
    if request.old == 0:
        if request.proof:
            raise Inconsistent("nothing is proven from no entries")
        return
    tree.verify_consistency(request.old, head.size, last.root, head.root, request.proof)


def _time_of(last: _Last, now: int) -> int:
    """The time to state: never earlier than the last one for the log. Raises Alarm."""
    if last.time - now > MAX_SETBACK:
        raise Alarm(f"the clock of the witness stands {last.time - now} seconds before its last cosignature")
    return max(now, last.time)


def _sentence(status: int, sentence: object) -> Answer:
    return Answer(status, f"{sentence}\n".encode(), "text/plain; charset=utf-8")
