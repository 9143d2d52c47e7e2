"""`chancery register recover`: fetch lost files from a mirror, and take the head from minutes or witnesses.

Nothing is believed that does not lead to the head: a head lock that was lost returns only with the files that fold to
it, and never smaller than what was published or witnessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chancery.ledger import Inconsistent, Refused, Untrusted, checkpoint, client, policy, tiles, web
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.client import Ask
from chancery.ledger.folder import CHECKPOINT, PENDING, LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.note import Signer, Verifier
from chancery.ledger.policy import Policy
from chancery.ledger.reader import Fetch, LogReader
from chancery.ledger.rebuild import rebuild
from chancery.register.headlock import HeadLock
from chancery.register.sequencer import file_lock, lock_path, read_key, signed_head


@dataclass(frozen=True)
class Recovered:
    """What a recovery did: the head that holds from now on, and the files that were written again."""

    head: Checkpoint
    files: tuple[str, ...]


def refill(folder: LogFolder, head: Checkpoint, fetch: Fetch) -> list[str]:
    """Write again each file that is missing or wrong, from a mirror whose files lead to `head`; their names."""
    reader, growth, names = LogReader(fetch, head), Growth(0, [], {}), []
    for entry in reader.entries(0, head.size):
        growth.append(entry)
        names += [tile.path for tile, data in growth.full_files() if _write_again(folder, tile, data)]
    return names + [tile.path for tile, data in growth.finished() if _write_again(folder, tile, data)]


def recover_files(data_dir: Path, fetch: Fetch) -> Recovered:
    """Bring the files to the head of the head lock, which is whole, from a mirror. Raises Refused."""
    log = read_key(data_dir / "keys" / "log.key").verifier
    with file_lock(data_dir):
        head = checkpoint.opened(HeadLock(lock_path(data_dir)).read().note, log)
        return Recovered(head, tuple(refill(LogFolder(data_dir / "register"), head, fetch)))


def recover_head(
    data_dir: Path, stated: Checkpoint | None = None, fetch: Fetch | None = None, ask: Ask = web.ask
) -> Recovered:
    """Make a lost or outdated head lock anew.

    `stated` is the head from minutes or mail; without it the largest head that so many witnesses know that every
    quorum contains one of them. `fetch` reads a mirror for files that are lost. Raises Refused when the head is
    smaller than one that was published or witnessed, or when the files do not lead to it.
    """
    signer = read_key(data_dir / "keys" / "log.key")
    folder = LogFolder(data_dir / "register")
    head = _chosen(policy.parse(folder.fetch("policy")), signer.verifier, stated, ask)
    (data_dir / "head").mkdir(mode=0o700, exist_ok=True)
    with file_lock(data_dir):
        files = refill(folder, head, fetch) if fetch else []
        reader = _whole(folder, head)
        for name in (CHECKPOINT, PENDING):
            if folder.has(name):
                _check_before(checkpoint.opened(folder.fetch(name), signer.verifier), reader, name)
        _set_lock(lock_path(data_dir), signer, reader)
    return Recovered(head, tuple(files))


def _chosen(rules: Policy, log: Verifier, stated: Checkpoint | None, ask: Ask) -> Checkpoint:
    asked = {party.name: client.last_cosigned(party, log, ask) for party in rules.witnesses.values() if party.url}
    witnessed = {name: head for name, head in asked.items() if head is not None}
    if stated is None:
        if rules.quorum == policy.NONE or not rules.intersects(witnessed):
            raise Refused("too few witnesses tell the last head: state --head-size and --root from the minutes")
        stated = max(witnessed.values(), key=lambda head: head.size)
    if stated.origin != log.name:
        raise Untrusted(f"the log key is of {log.name}, the head of {stated.origin}")
    for name, head in witnessed.items():
        if head.size > stated.size or (head.size == stated.size and head.root != stated.root):
            raise Inconsistent(f"{name}, a witness, has cosigned another head of {head.size} entries: not recovering")
    return stated


def _whole(folder: LogFolder, head: Checkpoint) -> LogReader:
    """The log as the files give it. Raises Inconsistent, naming the first file that does not lead to the head."""
    for finding in rebuild(folder.fetch, head):
        raise Inconsistent(f"the files do not lead to the head of {head.size} entries; {finding}")
    return LogReader(folder.fetch, head)


def _check_before(older: Checkpoint, reader: LogReader, name: str) -> None:
    if older.size > reader.head.size:
        raise Inconsistent(f"{name} has {older.size} entries: a head of {reader.head.size} would roll the log back")
    if reader.root_at(older.size) != older.root:
        raise Inconsistent(f"{name} of {older.size} entries is no beginning of the head to be recovered")


def _set_lock(path: Path, signer: Signer, reader: LogReader) -> None:
    lock = HeadLock(path)
    after = signed_head(signer, reader.head)
    try:
        before = lock.read()
    except Refused:
        lock.close()
        _put_aside(path)
        lock.create(after)
        return
    _check_before(checkpoint.opened(before.note, signer.verifier), reader, "the head lock")
    lock.swap(before, after)


def _put_aside(path: Path) -> None:
    """Keep what is left of an unreadable head lock under another name."""
    for part in path.parent.glob(f"{path.name}*"):
        part.rename(part.with_name(f"lost-{part.name}"))


def _write_again(folder: LogFolder, tile: tiles.Tile, data: bytes) -> bool:
    if folder.has(tile.path) and folder.fetch(tile.path) == data:
        return False
    folder.write(tile.path, data)
    return True
