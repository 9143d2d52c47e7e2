"""Tiles of hashes and bundles of entries: the files of a log (C2SP tlog-tiles).

A tile holds up to 256 hashes of one level (level L counts subtrees of 256^L leaves); an entry bundle holds the
256 entries under one tile of level 0. A file that is not full yet carries its width in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chancery.ledger import Malformed
from chancery.ledger.tree import HASH_BYTES, fold

WIDTH = 256
LEVELS = range(8)  # sizes are below 2^63, so no tree has a ninth level
MAX_ENTRY_BYTES = 65_535
_PATH = re.compile(r"tile/(entries|0|[1-9]|[1-5]\d|6[0-3])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True)
class Tile:
    """The place of one file: level 0..63 (None for entries), index, width 1..256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The file's path under the log's prefix: `tile/1/x001/234.p/5`."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
        tail = "" if self.is_full else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{name}{tail}"

    @property
    def is_full(self) -> bool:
        """Whether the file will never grow."""
        return self.width == WIDTH

    @property
    def full(self) -> Tile:
        """The full file that replaces this one in the end."""
        return Tile(self.level, self.index)


def tile_at(path: str) -> Tile:
    """The tile that `path` spells. Raises Malformed for every other spelling (`.p/0`, needless zeros)."""
    match = _PATH.fullmatch(path)
    if not match:
        raise Malformed(f"{path[:80]!r} is no path of a tile")
    level = None if match[1] == "entries" else int(match[1])
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3] or WIDTH))
    if tile.path != path:
        raise Malformed(f"{path[:80]!r} is not the one spelling of its path")
    return tile


def level_width(size: int, level: int) -> int:
    """How many hashes a tree of `size` leaves has at `level`."""
    return size >> (8 * level)


def levels_of(size: int) -> range:
    """The levels at which a tree of `size` leaves has tiles."""
    return range((size.bit_length() + 7) // 8)


def row_of(size: int, level: int | None) -> Iterator[Tile]:
    """All files of one level (None: entry bundles) of a tree of `size` leaves, left to right."""
    count = level_width(size, level or 0)
    yield from (Tile(level, index) for index in range(count // WIDTH))
    if count % WIDTH:
        yield Tile(level, count // WIDTH, count % WIDTH)


def edge_of(size: int) -> list[Tile]:
    """The partial tiles of the right edge, lowest level first."""
    widths = [(level, level_width(size, level)) for level in levels_of(size)]
    return [Tile(level, count // WIDTH, count % WIDTH) for level, count in widths if count % WIDTH]


def hashes_in(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile file. Raises Malformed unless there are exactly `width` of them."""
    if len(data) != width * HASH_BYTES:
        raise Malformed(f"a tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(data)}")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: per entry its length as two big-endian bytes, then the entry."""
    return b"".join(len(check_entry(entry)).to_bytes(2, "big") + entry for entry in entries)


def check_entry(entry: bytes) -> bytes:
    """The entry itself. Raises Malformed when it is longer than a bundle can say."""
    if len(entry) > MAX_ENTRY_BYTES:
        raise Malformed(f"an entry has at most {MAX_ENTRY_BYTES} bytes, this one has {len(entry)}")
    return entry


def entries_in(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises Malformed unless there are exactly `width` and nothing after them."""
    entries, at, size = [], 0, len(data)
    for _ in range(width):
        start = at + 2
        if start > size:
            break
        at = start + (data[at] << 8 | data[at + 1])
        entries.append(data[start:at])
    if at != size or len(entries) != width:
        raise Malformed(f"an entry bundle does not hold exactly {width} entries")
    return entries


def edge_pieces(edge: Mapping[int, Sequence[bytes]]) -> list[bytes]:
    """The complete subtrees, left to right, that the partial tiles of the edge (by level) hold."""
    pieces = []
    for level in sorted(edge, reverse=True):
        row, at = edge[level], 0
        for bit in range(7, -1, -1):
            if len(row) >> bit & 1:
                pieces.append(fold(row[at : at + (1 << bit)]))
                at += 1 << bit
    return pieces
