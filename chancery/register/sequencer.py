"""The sequencer: puts leaves in order, signs the new head, and can be killed anywhere.

The steps of a batch are those of the register's rules: recover, grow, write bundles and tiles, read back, sign,
commit by compare-and-swap of the head lock, publish. Recovery is the first step of every batch, not a special one.
"""

from __future__ import annotations

import fcntl
import functools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chancery.ledger import Inconsistent, Missing, Refused, checkpoint, client, folder, note, policy, tiles, tree, web
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.client import Ask, Heard
from chancery.ledger.folder import CHECKPOINT, KEYS, PENDING, POLICY, LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.note import Kind, Signer, Verifier
from chancery.ledger.proof import Proof
from chancery.ledger.reader import LogReader
from chancery.ledger.rebuild import Finding
from chancery.ledger.tiles import WIDTH, Tile
from chancery.ledger.web import Answer
from chancery.register import inspection
from chancery.register.headlock import Head, HeadLock
from chancery.register.witnesses import Collected, Witnesses

RECOVER = "see `chancery register recover`"


@dataclass(frozen=True)
class EntryAt:
    """Where a leaf was entered."""

    index: int
    leaf_hash: bytes


class Sequencer:
    """The register under `data_dir`; `step` is told before and inside every write.

    `ask` is how witnesses are asked, `clock` the time in POSIX seconds. With witnesses in the policy nothing is
    signed until enough of them have answered since this object was made; `unasked_because` states the reason of an
    operator who goes on without asking, which the caller enters as an official record.
    """

    def __init__(
        self,
        data_dir: Path,
        step: Callable[[str], None] = lambda _: None,
        *,
        ask: Ask = web.ask,
        clock: Callable[[], float] = time.time,
        unasked_because: str = "",
    ) -> None:
        self._data = data_dir
        self._step = step
        self._folder = LogFolder(data_dir / "register", step)
        self._lock = HeadLock(lock_path(data_dir))
        self._is_held = False
        if not self._folder.path.is_dir():
            raise Missing(f"there is no register in {data_dir}; `chancery register found` makes one")
        self._signer = read_key(data_dir / "keys" / "log.key")
        self.receipt_signer = read_key(data_dir / "keys" / "receipt.key")
        self.policy = policy.parse(self._folder.fetch(POLICY))
        # The same bytes are verified once: a head stands in head lock and file, before and after a batch.
        self._opened = functools.lru_cache(maxsize=4)(functools.partial(checkpoint.opened, log=self.verifier))
        self._clock, self._unasked_because = clock, unasked_because
        self._witnesses = Witnesses(self.policy, self._lock, self.verifier, ask, int(clock()))

    @classmethod
    def found(cls, data_dir: Path, origin: str, witnesses: str = "quorum none\n", ask: Ask = web.ask) -> Sequencer:
        """Found the register: two new keys, the first (empty) head, nothing else.

        `witnesses` holds the lines of the policy file after the log's own. Raises Refused when any part of a register
        exists in `data_dir`, or when a witness knows the origin already.
        """
        _refuse_existing(data_dir)
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer, receipt = Signer.new(origin), Signer.new(f"{origin}/receipt", Kind.RECEIPT)
        file = f"log {signer.vkey}\n{witnesses}"
        _refuse_known(policy.parse(file.encode()), origin, ask)
        for name, key in (("log.key", signer), ("receipt.key", receipt)):
            _write_key(data_dir / "keys" / name, key)
        files = LogFolder(data_dir / "register")
        files.write(KEYS, f"{signer.vkey}\n{receipt.vkey}\n".encode())
        files.write(POLICY, file.encode())
        head = signed_head(signer, Checkpoint(origin, 0, tree.EMPTY_ROOT))
        HeadLock(lock_path(data_dir)).create(head)
        sequencer = cls(data_dir)
        sequencer.recover()
        return sequencer

    @property
    def verifier(self) -> Verifier:
        """The log's public key; its name is the origin."""
        return self._signer.verifier

    def head(self) -> Head:
        """The last signed head. Raises Refused when head lock, key or origin do not fit each other."""
        head = self._lock.read()
        if head.origin != self._signer.name:
            raise Refused(f"the head lock is of {head.origin}, the log key of {self._signer.name}: not signing")
        if self._opened(head.note) != head.checkpoint:
            raise Inconsistent("the head lock contradicts its own signed note")
        return head

    def reader(self) -> LogReader:
        """The log as the last head promises it; every hash is checked."""
        return self._reader(self.head().checkpoint)

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """The entries start <= i < stop, each checked against the last head."""
        return self.reader().entries(start, stop)

    def inclusion_proof(self, index: int, head: Head | None = None) -> Proof:
        """The proof that entry `index` stands under `head` (the last one), with the cosignatures collected so far."""
        head = head or self.head()
        hashes = self._reader(head.checkpoint).inclusion_proof(index)
        return Proof(index, tuple(hashes), self.cosigned_note(head))

    def head_over(self, size: int) -> Head:
        """The head to prove the first `size` entries with: the published one with its quorum, else the last one."""
        if self._folder.has(CHECKPOINT):
            published = self._opened(self._folder.fetch(CHECKPOINT))
            signed = self._lock.signed(published.size, published.root)
            if published.size >= size and signed is not None:
                return Head(published.origin, published.size, published.root, signed)
        return self.head()

    def cosigned_note(self, head: Head) -> bytes:
        """The signed note of `head` with the cosignatures collected so far."""
        return self._witnesses.cosigned_note(head)

    def collected(self) -> Collected:
        """How far the cosignatures of the newest head are, for pages."""
        witnessed = 0 if self.policy.quorum == policy.NONE else self._published_size()
        return self._witnesses.collected(self.head(), witnessed)

    def ask_witnesses(self) -> list[Heard]:
        """Ask the witnesses that are due about the last head, keep their cosignatures, publish what they allow.

        Nothing is asked twice for one head; a witness that fails is asked again after a growing pause. What is
        heard and `standing.is_fatal` is an alarm.
        """
        if not self.policy.witnesses:
            return []
        head = self.head()
        heard = self._witnesses.ask_for(
            head, lambda old: self._reader(head.checkpoint).consistency_proof(old), self._now()
        )
        self._publish_collected()
        return heard

    def take_cosignature(self, body: bytes) -> Answer:
        """Answer `POST /log/cosignature`: the line of a mirror that pulled a head of ours."""
        answer = self._witnesses.take(body, self._now())
        if answer.status == 200:
            self._publish_collected()
        return answer

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the file lock that lets one sequencer write; may be entered again by its holder."""
        if self._is_held:
            yield
            return
        with file_lock(self._data):
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False

    def recover(self) -> Head:
        """Bring the files to the state of the head lock; the same code at every start and before every batch.

        Raises Refused (with the remedy) when files or published heads contradict the head lock.
        """
        with self.exclusive():
            return self._recovered()[0]

    def append(self, leaves: Sequence[bytes]) -> list[EntryAt]:
        """Enter the leaves in their order, sign the new head and publish it; what is returned stands for ever.

        Raises Malformed (nothing entered) when a leaf is too long, Refused when the register must not sign.
        """
        for each in leaves:
            tiles.check_entry(each)
        with self.exclusive():
            before, reader = self._recovered()
            if not leaves:
                return []
            self._check_may_sign(before)
            growth = Growth(before.size, _last_bundle(reader), reader.edge())
            hashes = growth.extend(leaves)
            after = Checkpoint(before.origin, growth.size, growth.root())
            self._write(growth, after)
            self._commit(before, after)
            return [EntryAt(before.size + at, digest) for at, digest in enumerate(hashes)]

    def fsck(self) -> list[Finding]:
        """Every difference between files, head lock, published heads, keys and cosignatures, with its repair."""
        return inspection.inspect(self._folder, self._lock, self.policy, (self.verifier, self.receipt_signer.verifier))

    def close(self) -> None:
        """Close the head lock's database."""
        self._lock.close()

    def _recovered(self) -> tuple[Head, LogReader]:
        head = self.head()
        reader = self._reader(head.checkpoint)
        published = [self._check_published(name, head, reader) for name in (PENDING, CHECKPOINT)]
        newest = max(published, default=0)
        if newest < head.size or not self._folder.has(self._newest_name):
            self._folder.remove_stale(newest, head.size)
            self._publish(head)
        self._folder.remove_beyond(head.size)
        return head, reader

    def _check_published(self, name: str, head: Head, reader: LogReader) -> int:
        """The size of a published head, which must lie on the way to the head lock's; 0 when there is none."""
        if not self._folder.has(name):
            return 0
        data = self._folder.fetch(name)
        if data.startswith(head.note):
            return head.size
        published = self._opened(data)
        if published.size > head.size:
            raise Inconsistent(
                f"{name} has {published.size} entries, the head lock {head.size}: an old head lock was restored; "
                f"not signing, {RECOVER}"
            )
        if reader.root_at(published.size) != published.root:
            raise Inconsistent(f"{name} is no beginning of the head lock's history; not signing, {RECOVER}")
        return published.size

    def _write(self, growth: Growth, after: Checkpoint) -> None:
        files = growth.finished()
        for tile, data in files:
            self._folder.write(tile.path, data)
        self._step("read back")
        for tile, data in files:
            if self._folder.fetch(tile.path) != data:
                raise Inconsistent(f"{tile.path} was not read back as it was written; not signing")
        self._reader(after)

    def _commit(self, before: Head, after: Checkpoint) -> None:
        self._step("sign")
        head = signed_head(self._signer, after)
        self._opened(head.note)
        self._step("commit")
        self._lock.swap(before, head)
        self._step("committed")
        self._folder.remove_stale(before.size, after.size)
        self._publish(head)

    def _check_may_sign(self, head: Head) -> None:
        """Sign nothing before the witnesses have shown that no larger head of ours exists."""
        if self.policy.quorum == policy.NONE or self._unasked_because:
            return
        if not self._witnesses.has_begun:
            self.ask_witnesses()
        self._witnesses.check_may_sign(head)

    def _publish(self, head: Head) -> None:
        """Write the file that names the newest head; without a quorum there is one, `checkpoint`."""
        self._folder.write(self._newest_name, self.cosigned_note(head))

    def _publish_collected(self) -> None:
        """Publish the newest head with the cosignatures so far, and the newest head that has its quorum."""
        with self.exclusive():
            head, _ = self._recovered()
            self._write_if_new(self._newest_name, self.cosigned_note(head))
            if self.policy.quorum == policy.NONE:
                return
            published = self._published_size()
            for older in self._lock.cosigned_since(published):
                if self._witnesses.has_quorum(older):
                    self._write_if_new(CHECKPOINT, self.cosigned_note(older))
                    return

    def _write_if_new(self, name: str, data: bytes) -> None:
        if not self._folder.has(name) or self._folder.fetch(name) != data:
            self._folder.write(name, data)

    def _published_size(self) -> int:
        if not self._folder.has(CHECKPOINT):
            return 0
        return self._opened(self._folder.fetch(CHECKPOINT)).size

    def _reader(self, head: Checkpoint) -> LogReader:
        return LogReader(self._folder.fetch, head)

    def _now(self) -> int:
        return int(self._clock())

    @property
    def _newest_name(self) -> str:
        return CHECKPOINT if self.policy.quorum == policy.NONE else PENDING


def _refuse_existing(data_dir: Path) -> None:
    for name in ("register", "head", "keys/log.key", "keys/receipt.key"):
        if (data_dir / name).exists():
            raise Refused(
                f"{data_dir / name} exists: a register is founded once. If its founding was interrupted, remove "
                "register/, head/, keys/log.key and keys/receipt.key"
            )


def _refuse_known(rules: policy.Policy, origin: str, ask: Ask) -> None:
    for party in rules.witnesses.values():
        if party.url and client.knows(party, origin, ask):
            raise Refused(f"{party.name}, a witness, knows the register {origin}: it was founded before")


def _write_key(path: Path, key: Signer) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    folder.write_private(path, key.private_text().encode())
    folder.sync_folder(path.parent)


def read_key(path: Path) -> Signer:
    """The private key in a file. Raises Missing, Malformed."""
    try:
        return Signer.from_private_text(path.read_text())
    except FileNotFoundError as error:
        raise Missing(f"the key {path} is missing") from error


def signed_head(signer: Signer, head: Checkpoint) -> Head:
    """The head with its signed note; the same head gives the same bytes."""
    text = head.text()
    data = note.Note(text, ()).to_bytes() + signer.sign_line(text).encode()
    return Head(head.origin, head.size, head.root, data)


def _last_bundle(reader: LogReader) -> list[bytes]:
    size = reader.head.size
    return reader.bundle(Tile(None, size // WIDTH, size % WIDTH)) if size % WIDTH else []


def lock_path(data_dir: Path) -> Path:
    """Where the head lock's database lies."""
    return data_dir / "head" / "head.sqlite3"


@contextmanager
def file_lock(data_dir: Path) -> Iterator[None]:
    """Wait until nobody else writes the register, and hold it; a killed holder lets go. Raises Missing."""
    if not (data_dir / "head").is_dir():
        raise Missing(f"the head lock in {data_dir / 'head'} is missing; {RECOVER}")
    handle = os.open(data_dir / "head" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
