"""The head lock: the last head that was signed, in a small database of its own that stands in no backup.

It changes only by compare-and-swap, so a restored backup or a second process fails instead of forking the log. Beside
the one head it keeps what belongs to heads and may be lost: all heads signed so far, their cosignatures, and the last
size that each witness is known to have seen.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chancery.ledger import Malformed, Missing, Refused
from chancery.ledger.checkpoint import Checkpoint

_TABLES = (
    "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, size INTEGER NOT NULL, "
    "root BLOB NOT NULL, note BLOB NOT NULL) STRICT",
    "CREATE TABLE signed (size INTEGER, root BLOB, note BLOB NOT NULL, PRIMARY KEY (size, root)) STRICT",
    "CREATE TABLE cosignature (size INTEGER, root BLOB, line TEXT, PRIMARY KEY (size, root, line)) STRICT",
    "CREATE TABLE witness (name TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT",
)


class HeadMoved(Refused):
    """Somebody else has moved the head."""


@dataclass(frozen=True)
class Head:
    """A head that the register signed: origin, number of entries, root (32 bytes), the signed note."""

    origin: str
    size: int
    root: bytes
    note: bytes

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note states."""
        return Checkpoint(self.origin, self.size, self.root)


class HeadLock:
    """The database at `path`; every method is one durable transaction of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None

    def create(self, head: Head) -> None:
        """Make the database with the first head. Raises Refused when it exists."""
        if self._path.exists():
            raise Refused(f"{self._path} exists: this register has a head already")
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._path.touch(mode=0o600)
        with self._transaction() as database:
            for table in _TABLES:
                database.execute(table)
            database.execute("INSERT INTO head VALUES (1, ?, ?, ?, ?)", (head.origin, head.size, head.root, head.note))
            database.execute("INSERT INTO signed VALUES (?, ?, ?)", (head.size, head.root, head.note))

    def read(self) -> Head:
        """The last signed head. Raises Missing when there is none."""
        with self._connected() as database:
            row = database.execute("SELECT origin, size, root, note FROM head").fetchone()
        if row is None:
            raise Missing(f"the head lock {self._path} is empty")
        return Head(*row)

    def swap(self, before: Head, after: Head) -> None:
        """Replace `before` by `after`. Raises HeadMoved unless exactly `before` stood there."""
        with self._transaction() as database:
            changed = database.execute(
                "UPDATE head SET size = ?, root = ?, note = ? WHERE origin = ? AND size = ? AND root = ?",
                (after.size, after.root, after.note, before.origin, before.size, before.root),
            ).rowcount
            if changed != 1 or after.origin != before.origin:
                raise HeadMoved(f"the head of {before.size} entries is no longer the last: another process has signed")
            database.execute("INSERT OR IGNORE INTO signed VALUES (?, ?, ?)", (after.size, after.root, after.note))

    def signed(self, size: int, root: bytes) -> bytes | None:
        """The signed note of the head (size, root), if it was ever signed here."""
        with self._connected() as database:
            row = database.execute("SELECT note FROM signed WHERE size = ? AND root = ?", (size, root)).fetchone()
        return None if row is None else bytes(row[0])

    def cosigned_since(self, size: int) -> list[Head]:
        """The signed heads of at least `size` entries that carry a cosignature, the newest first."""
        origin = self.read().origin
        query = "SELECT DISTINCT size, root, note FROM signed JOIN cosignature USING (size, root) WHERE size >= ? "
        with self._connected() as database:
            return [Head(origin, *row) for row in database.execute(query + "ORDER BY size DESC", (size,))]

    def keep_cosignatures(self, size: int, root: bytes, lines: list[str]) -> None:
        """Store verified cosignature lines of a head; a repetition changes nothing."""
        with self._transaction() as database:
            rows = [(size, root, line) for line in lines]
            database.executemany("INSERT OR IGNORE INTO cosignature VALUES (?, ?, ?)", rows)

    def cosignatures(self, size: int, root: bytes) -> list[str]:
        """The cosignature lines stored for a head, in the order of their arrival."""
        with self._connected() as database:
            query = "SELECT line FROM cosignature WHERE size = ? AND root = ? ORDER BY rowid"
            return [row[0] for row in database.execute(query, (size, root))]

    def witness_sizes(self) -> dict[str, int]:
        """The last size that each witness is known to have seen."""
        with self._connected() as database:
            return dict(database.execute("SELECT name, size FROM witness"))

    def keep_witness_size(self, name: str, size: int) -> None:
        """Remember how far a witness is."""
        with self._connected() as database:
            database.execute("INSERT OR REPLACE INTO witness VALUES (?, ?)", (name, size))

    def close(self) -> None:
        """Close the database; the next use opens it again."""
        if self._database is not None:
            self._database.close()
            self._database = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """The open database; one statement is a transaction of its own."""
        if not self._path.is_file():
            raise Missing(f"the head lock {self._path} is missing")
        try:
            yield self._database or self._open()
        except sqlite3.DatabaseError as error:
            self.close()
            raise Malformed(f"the head lock {self._path} cannot be used: {error}") from error

    def _open(self) -> sqlite3.Connection:
        # With a write-ahead log and a connection that stays open a commit is one flush, and FULL makes it durable.
        self._database = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        return self._database
