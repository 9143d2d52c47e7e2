"""How a log grows: new entries upon the right edge give new bundles and tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chancery.ledger import tiles, tree
from chancery.ledger.tiles import WIDTH, Tile


@dataclass
class Growth:
    """New entries upon the right edge: the files to write, bundles first, then tiles level by level."""

    size: int
    bundle: list[bytes]
    edge: dict[int, list[bytes]]
    files: dict[Tile, bytes] = field(default_factory=dict)
    _changed: set[int] = field(default_factory=set)

    def append(self, entry: bytes) -> bytes:
        """Add one entry; its leaf hash. One that is too long is refused when its bundle is made."""
        return self.extend([entry])[0]

    def extend(self, entries: Sequence[bytes]) -> list[bytes]:
        """Add entries in their order, bundle by bundle; their leaf hashes."""
        hashes: list[bytes] = []
        while len(hashes) < len(entries):
            part = entries[len(hashes) : len(hashes) + WIDTH - len(self.bundle)]
            leaves = tree.leaf_hashes(part)
            self.bundle += part
            self.append_leaves(leaves)
            hashes += leaves
            if len(self.bundle) == WIDTH:
                self._put(None, self.bundle)
                self.bundle = []
        return hashes

    def append_leaves(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes without their entries; not more than the edge's tile of level 0 has room for."""
        self.size += len(leaves)
        self._extend_row(0, leaves)

    def root(self) -> bytes:
        """The root of all that was added."""
        return tree.fold_pieces(tiles.edge_pieces(self.edge))

    def full_files(self) -> list[tuple[Tile, bytes]]:
        """The files that have become full since this was last asked, in the order of writing."""
        files, self.files = self._in_order(), {}
        return files

    def finished(self) -> list[tuple[Tile, bytes]]:
        """All files, the partial ones of the edge among them, in the order of writing."""
        if self.bundle:
            self._put(None, self.bundle)
        for level in self._changed:
            if row := self.edge[level]:
                self._put(level, row)
        return self.full_files()

    def _in_order(self) -> list[tuple[Tile, bytes]]:
        return sorted(
            self.files.items(), key=lambda each: (-1 if each[0].level is None else each[0].level, each[0].index)
        )

    def _extend_row(self, level: int, hashes: Sequence[bytes]) -> None:
        row = self.edge.setdefault(level, [])
        row += hashes
        self._changed.add(level)
        if len(row) == WIDTH:
            self._put(level, row)
            self.edge[level] = []
            self._extend_row(level + 1, [tree.fold(row)])

    def _put(self, level: int | None, row: Sequence[bytes]) -> None:
        count = tiles.level_width(self.size, level or 0)
        data = tiles.bundle(row) if level is None else b"".join(row)
        self.files[Tile(level, (count - 1) // WIDTH, len(row))] = data
