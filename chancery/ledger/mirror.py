"""A mirror: fetch a log, rebuild it from its entries, check that it continues one's own last head, keep it.

A mirror pulls; nobody pushes to it. It may cosign what it has rebuilt and return the line to the register.
"""

from __future__ import annotations

from dataclasses import dataclass

from chancery.ledger import Inconsistent, Missing, Untrusted, checkpoint, tree
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import CHECKPOINT, KEYS, PENDING, POLICY, LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.note import Verifier
from chancery.ledger.reader import Fetch, LogReader
from chancery.ledger.tiles import WIDTH, Tile


@dataclass(frozen=True)
class Pulled:
    """A head that was fetched and proven to continue the own last one; `note` is its signed note."""

    head: Checkpoint
    before: int
    note: bytes


def newest_head(fetch: Fetch, log: Verifier) -> tuple[str, bytes, Checkpoint]:
    """The newest signed head that the log offers, pending or else published: its file's name, note, head."""
    name = PENDING
    try:
        data = fetch(name)
    except Missing:
        name = CHECKPOINT
        data = fetch(name)
    return name, data, checkpoint.opened(data, log)


def log_key(fetch: Fetch, pinned: str | None) -> Verifier:
    """The log's key as it is offered; it must be the pinned one, if there is one. Raises Untrusted."""
    offered = fetch(KEYS).decode(errors="replace").partition("\n")[0]
    if pinned is not None and offered != pinned:
        raise Untrusted("the log is offered under another key than the one you know: not going on")
    return Verifier.parse(offered)


def pull(folder: LogFolder, fetch: Fetch, pinned: str | None = None) -> Pulled:
    """Bring `folder` to the newest head of the log that `fetch` reads; killed anywhere, the next run goes on.

    `pinned` is the log's verifier key as known beforehand; without it the folder's own from the first run counts.
    Raises Inconsistent when the log was rolled back or is another one; then nothing is stored.
    """
    log = log_key(fetch, pinned or (log_key(folder.fetch, None).vkey if folder.has(KEYS) else None))
    newest, data, head = newest_head(fetch, log)
    before = own_head(folder, log)
    reader = LogReader(fetch, head)
    check_continues(before, reader)
    beside = {KEYS: fetch(KEYS), POLICY: fetch(POLICY), newest: data, **_published(fetch, log, reader)}
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.remove_beyond(before.size)
    _store(folder, reader, before)
    for name, data in beside.items():  # The newest head is the commit point: its files are whole by now.
        if not folder.has(name) or folder.fetch(name) != data:
            folder.write(name, data)
    folder.remove_replaced()
    return Pulled(head, before.size, beside[newest])


def own_head(folder: LogFolder, log: Verifier) -> Checkpoint:
    """The newest head that the folder holds; that of the empty log at first."""
    try:
        return newest_head(folder.fetch, log)[2]
    except Missing:
        return Checkpoint(log.name, 0, tree.EMPTY_ROOT)


def check_continues(before: Checkpoint, reader: LogReader) -> None:
    """Check that the log of `reader` continues the head `before`. Raises Inconsistent."""
    if before.size > reader.head.size:
        raise Inconsistent(f"the log has {reader.head.size} entries, yours has {before.size}: it was rolled back")
    if reader.root_at(before.size) != before.root:
        raise Inconsistent(f"the log does not continue your head of {before.size} entries: a split view")


def _store(folder: LogFolder, reader: LogReader, before: Checkpoint) -> None:
    """Rebuild from the entries, starting at the own edge, and write each file when it is full."""
    own = LogReader(folder.fetch, before)
    last = Tile(None, before.size // WIDTH, before.size % WIDTH)
    growth = Growth(before.size, own.bundle(last) if before.size % WIDTH else [], own.edge())
    for entry in reader.entries(before.size, reader.head.size):
        growth.append(entry)
        for tile, data in growth.full_files():
            folder.write(tile.path, data)
    for tile, data in growth.finished():
        folder.write(tile.path, data)
    if growth.root() != reader.head.root:
        raise Inconsistent("the entries do not lead to the signed root")
    LogReader(folder.fetch, reader.head)


def _published(fetch: Fetch, log: Verifier, reader: LogReader) -> dict[str, bytes]:
    """The published head, which must lie on the way to the newest one. Raises Inconsistent."""
    try:
        data = fetch(CHECKPOINT)
    except Missing:
        return {}
    published = checkpoint.opened(data, log)
    if published.size > reader.head.size:  # It was published a moment after the newest head was fetched.
        return {}
    if reader.root_at(published.size) != published.root:
        raise Inconsistent("the published head and the newest one are not of one history: a split view")
    return {CHECKPOINT: data}
