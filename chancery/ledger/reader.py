"""Reading a log without trusting who serves it: no hash is used before its tile leads to the signed root."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

from chancery.ledger import Inconsistent, Malformed, Missing, tiles, tree
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.tiles import WIDTH, Tile

Fetch = Callable[[str], bytes]  # path under the log's prefix -> bytes; raises Missing
_KEPT_TILES = 256


class LogReader:
    """A log of exactly the size and root of one verified checkpoint.

    The partial tiles of the right edge are authenticated together, because their pieces fold to the root; a full
    tile is authenticated by its parent's hash, up to the edge. Raises Missing, Malformed or Inconsistent.
    """

    def __init__(self, fetch: Fetch, head: Checkpoint) -> None:
        self._fetch = fetch
        self.head = head
        self._kept: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._edge = self._authentic_edge()

    def edge(self) -> dict[int, list[bytes]]:
        """The hashes of the partial tiles, by level."""
        return {level: list(hashes) for level, hashes in self._edge.items()}

    def frontier(self) -> tree.Frontier:
        """The pieces from which the log grows on."""
        return tree.Frontier(self.head.size, tiles.edge_pieces(self._edge))

    def hash_at(self, height: int, index: int) -> bytes:
        """The hash of the complete subtree over leaves [index * 2^height, (index + 1) * 2^height)."""
        level, rest = divmod(height, 8)
        first = index << rest
        hashes = self._tile(level, first // WIDTH)
        at = first % WIDTH
        if at + (1 << rest) > len(hashes):
            raise Malformed(f"the subtree of height {height} and index {index} is not complete")
        return tree.fold(hashes[at : at + (1 << rest)])

    def hashes_of(self, tile: Tile) -> Sequence[bytes]:
        """The hashes of a tile, or the leaf hashes of the entries of a bundle; all of them are checked."""
        if tile.level is None:
            return tree.leaf_hashes(self.bundle(tile))
        return self._tile(tile.level, tile.index)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The proof that entry `index` stands in the log of this head."""
        return [tree.range_hash(self.hash_at, each) for each in tree.inclusion_ranges(index, self.head.size)]

    def consistency_proof(self, old: int) -> list[bytes]:
        """The proof that this head continues the head of `old` entries."""
        return [tree.range_hash(self.hash_at, each) for each in tree.consistency_ranges(old, self.head.size)]

    def root_at(self, old: int) -> bytes:
        """The root that the log had when it held `old` entries."""
        return tree.range_hash(self.hash_at, (0, old)) if old else tree.EMPTY_ROOT

    def bundle(self, tile: Tile) -> list[bytes]:
        """The entries of one bundle; each has the leaf hash that the authentic tile names."""
        entries = tiles.entries_in(fetch_grown(self._fetch, tile), tile.width)
        for at, (entry, expected) in enumerate(zip(entries, self._tile(0, tile.index), strict=True)):
            if tree.leaf_hash(entry) != expected:
                raise Inconsistent(f"entry {tile.index * WIDTH + at} is not the one that was entered ({tile.path})")
        return entries

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """The entries start <= i < stop, each checked against the head."""
        if not 0 <= start <= stop <= self.head.size:
            raise Malformed(f"the log of {self.head.size} entries has no entries {start} to {stop}")
        for index in range(start // WIDTH, -(-stop // WIDTH)):
            width = min(WIDTH, self.head.size - index * WIDTH)
            entries = self.bundle(Tile(None, index, width))
            yield from entries[max(0, start - index * WIDTH) : stop - index * WIDTH]

    def _authentic_edge(self) -> dict[int, list[bytes]]:
        edge = {tile.level or 0: self._read(tile) for tile in tiles.edge_of(self.head.size)}
        if tree.fold_pieces(tiles.edge_pieces(edge)) != self.head.root:
            names = ", ".join(tile.path for tile in tiles.edge_of(self.head.size))
            raise Inconsistent(f"the files of the right edge do not lead to the signed root ({names})")
        return edge

    def _tile(self, level: int, index: int) -> list[bytes]:
        full = tiles.level_width(self.head.size, level) // WIDTH
        if index >= full:
            if index > full or level not in self._edge:
                raise Malformed(f"the log of {self.head.size} entries has no tile {index} at level {level}")
            return self._edge[level]
        if (level, index) not in self._kept:
            self._keep(level, index, self._authentic(level, index))
        self._kept.move_to_end((level, index))
        return self._kept[level, index]

    def _authentic(self, level: int, index: int) -> list[bytes]:
        tile = Tile(level, index)
        hashes = self._read(tile)
        if tree.fold(hashes) != self._tile(level + 1, index // WIDTH)[index % WIDTH]:
            raise Inconsistent(f"{tile.path} does not lead to the signed root")
        return hashes

    def _keep(self, level: int, index: int, hashes: list[bytes]) -> None:
        self._kept[level, index] = hashes
        if len(self._kept) > _KEPT_TILES:
            self._kept.popitem(last=False)

    def _read(self, tile: Tile) -> list[bytes]:
        try:
            return tiles.hashes_in(fetch_grown(self._fetch, tile), tile.width)
        except Malformed as error:
            raise Malformed(f"{tile.path}: {error}") from error


def fetch_grown(fetch: Fetch, tile: Tile) -> bytes:
    """The bytes of a file; a partial one may have been replaced by the full one, which is cut."""
    try:
        return fetch(tile.path)
    except Missing:
        if tile.is_full:
            raise
        return cut(fetch(tile.full.path), WIDTH, tile)


def cut(data: bytes, width: int, tile: Tile) -> bytes:
    """The bytes of the partial `tile`, cut from those of the same file when it is `width` wide."""
    if tile.level is None:
        return tiles.bundle(tiles.entries_in(data, width)[: tile.width])
    return data[: tile.width * tree.HASH_BYTES]
