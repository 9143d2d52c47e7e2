"""Rebuild a log from its entries and compare every file: what a mirror, a verifier and fsck do.

Memory stays at one tile for each level, whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chancery.ledger import Malformed, Refused, tiles, tree
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import BESIDE_TILES, LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.reader import Fetch, LogReader, cut, fetch_grown
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
    growth = Growth(0, [], {})
    for bundle in tiles.row_of(head.size, None):
        try:
            entries = tiles.entries_in(fetch_grown(fetch, bundle), bundle.width)
        except Refused as error:
            yield Finding(bundle.path, str(error))
            return
        leaves, findings = _agreed(fetch, head, bundle, tree.leaf_hashes(entries))
        yield from findings
        growth.append_leaves(leaves)
        full = growth.full_files()
        if all_levels:
            yield from _compare_upper(fetch, full)
        if see:
            for at, entry in enumerate(entries):
                see(bundle.index * WIDTH + at, entry)
    if all_levels:
        yield from _compare_upper(fetch, growth.finished())
    if growth.root() != head.root:
        yield Finding("checkpoint", f"the {head.size} entries do not lead to its root")


def strays(folder: LogFolder, size: int) -> Iterator[Finding]:
    """The files of `folder` that a log of `size` entries does not have."""
    for name in folder.names():
        if name in BESIDE_TILES:
            continue
        try:
            tile = tiles.tile_at(name)
        except Malformed:
            yield Finding(name, "a stray file; nothing of the register has this name")
            continue
        yield from _stray_tile(folder, tile, tiles.level_width(size, tile.level or 0))


def _agreed(fetch: Fetch, head: Checkpoint, bundle: Tile, leaves: list[bytes]) -> tuple[list[bytes], list[Finding]]:
    """The leaf hashes to go on with, and what is wrong where entries and their level-0 tile disagree.

    When the tile leads to the head, the entries are wrong, and the tile's hashes are the true ones.
    """
    tile = Tile(0, bundle.index, bundle.width)
    try:
        data = fetch_grown(fetch, tile)
        if data == b"".join(leaves):
            return leaves, []
        stored = tiles.hashes_in(data, tile.width)
    except Refused as error:
        return leaves, [Finding(tile.path, str(error))]
    place = bundle.index * WIDTH + next(at for at, leaf in enumerate(leaves) if leaf != stored[at])
    if _leads_to(fetch, head, tile):
        return stored, [Finding(bundle.path, f"entry {place} is not the one that was entered")]
    return leaves, [Finding(tile.path, f"its hash of entry {place} is not that of the entry in {bundle.path}")]


def _leads_to(fetch: Fetch, head: Checkpoint, tile: Tile) -> bool:
    try:
        LogReader(fetch, head).hashes_of(tile)
    except Refused:
        return False
    return True


def _compare_upper(fetch: Fetch, files: Iterable[tuple[Tile, bytes]]) -> Iterator[Finding]:
    """Compare the tiles above level 0, which was compared with the entries."""
    for tile, expected in files:
        if not tile.level:
            continue
        try:
            stored = fetch_grown(fetch, tile)
        except Refused as error:
            yield Finding(tile.path, str(error))
            continue
        if stored != expected:
            yield Finding(tile.path, "its hashes are not those of the tiles below")


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
