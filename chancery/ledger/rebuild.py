"""Rebuild a log from its entries and compare every file: what a mirror, a verifier and fsck do.

Memory stays at one tile for each level, whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chancery.ledger import Malformed, Refused, tiles, tree
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.reader import Fetch, cut, fetch_grown
from chancery.ledger.tiles import WIDTH, Tile

SeeEntry = Callable[[int, bytes], None]


@dataclass(frozen=True)
class Finding:
    """A file that is not as the head promises it: what is wrong in one sentence, and the repair where one is known."""

    name: str
    what: str
    repair: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.what}" + (f" ({self.repair})" if self.repair else "")


def rebuild(
    fetch: Fetch, head: Checkpoint, see: SeeEntry | None = None, *, all_levels: bool = True
) -> Iterator[Finding]:
    """Every difference between the files that `fetch` gives and the log that their entries make.

    `see(index, entry)` is shown each entry in order. Without `all_levels` only the tiles of level 0 are compared.
    """

    def compare(tile: Tile, expected: bytes) -> Iterator[Finding]:
        if all_levels or tile.level == 0:
            yield from _compare(fetch, tile, expected)

    growth = Growth(0, [], {})
    for bundle in tiles.row_of(head.size, None):
        try:
            entries = tiles.entries_in(fetch_grown(fetch, bundle), bundle.width)
        except Refused as error:
            yield Finding(bundle.path, str(error))
            return
        growth.append_leaves([tree.leaf_hash(entry) for entry in entries])
        for tile, expected in growth.full_files():
            yield from compare(tile, expected)
        if see:
            for at, entry in enumerate(entries):
                see(bundle.index * WIDTH + at, entry)
    for tile, expected in growth.finished():
        yield from compare(tile, expected)
    if growth.root() != head.root:
        yield Finding("checkpoint", f"the {head.size} entries do not lead to its root")


def strays(folder: LogFolder, size: int, others: set[str]) -> Iterator[Finding]:
    """The files of `folder` that a log of `size` entries does not have; `others` are the names beside the tiles."""
    for name in folder.names():
        if name in others:
            continue
        try:
            tile = tiles.tile_at(name)
        except Malformed:
            yield Finding(name, "a stray file; nothing of the register has this name")
            continue
        yield from _stray_tile(folder, tile, tiles.level_width(size, tile.level or 0))


def _compare(fetch: Fetch, tile: Tile, expected: bytes) -> Iterator[Finding]:
    try:
        stored = fetch_grown(fetch, tile)
    except Refused as error:
        yield Finding(tile.path, str(error))
        return
    if len(stored) != len(expected):
        yield Finding(tile.path, f"it has {len(stored)} bytes, not {len(expected)}")
    elif stored != expected:
        yield Finding(tile.path, _difference(tile, stored, expected))


def _difference(tile: Tile, stored: bytes, expected: bytes) -> str:
    pairs = zip(tiles.hashes_in(stored, tile.width), tiles.hashes_in(expected, tile.width), strict=True)
    at = next(at for at, (first, second) in enumerate(pairs) if first != second)
    place = tile.index * WIDTH + at
    if tile.level == 0:
        return f"its hash of entry {place} is not that of the entry in {Tile(None, tile.index, tile.width).path}"
    return f"its hash {place} is not that of the tile below"


def _stray_tile(folder: LogFolder, tile: Tile, count: int) -> Iterator[Finding]:
    reach = tile.index * WIDTH + tile.width
    if reach > count:
        yield Finding(tile.path, "it lies beyond the signed head: a leftover of a batch that was never committed")
    elif not tile.is_full and tile.index < count // WIDTH:
        yield Finding(tile.path, "a partial file that its full one has replaced")
    elif not tile.is_full and reach < count:
        whole = folder.fetch(Tile(tile.level, tile.index, count % WIDTH).path)
        if cut(whole, count % WIDTH, tile) != folder.fetch(tile.path):
            yield Finding(tile.path, "an earlier partial file that is no beginning of the present one")
