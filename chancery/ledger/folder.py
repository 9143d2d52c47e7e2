"""A log as a folder of files, each written durably."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chancery.ledger import Missing, tiles
from chancery.ledger.tiles import WIDTH, Tile

CHECKPOINT, PENDING, KEYS, POLICY = "checkpoint", "checkpoint.pending", "log.vkey", "policy"
BESIDE_TILES = frozenset({CHECKPOINT, PENDING, KEYS, POLICY})
Step = Callable[[str], None]
_WIDTH = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def _no_step(_: str) -> None:
    """Nobody wants to know which step is being done."""


@dataclass(frozen=True)
class LogFolder:
    """The files under one folder; `step` is told before and inside every write."""

    path: Path
    step: Step = _no_step

    def fetch(self, name: str) -> bytes:
        """The bytes of one file. Raises Missing."""
        try:
            with open(self.place(name), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Missing(f"{name} is missing") from error

    def place(self, name: str) -> str:
        """The path of one file; plain text, because this is asked a dozen times for each batch."""
        return f"{self.path}/{name}"

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return os.path.isfile(self.place(name))

    def write(self, name: str, data: bytes) -> None:
        """Write one file durably: temporary file, fsync, rename, fsync of the folder. Nothing changes in place."""
        target, new = self.place(name), self.place(".new")
        parent = os.path.dirname(target)
        self._make_folder(parent)
        self.step(f"write {name}")
        write_private(new, data)
        self.step(f"rename {name}")
        os.rename(new, target)
        sync_folder(parent)

    def remove(self, name: str) -> None:
        """Remove a file, and the folder `.p` that it leaves empty."""
        self.step(f"remove {name}")
        target = self.path / name
        target.unlink(missing_ok=True)
        if target.parent.suffix == ".p" and not any(target.parent.iterdir()):
            target.parent.rmdir()

    def names(self) -> Iterator[str]:
        """The names of all files, relative to the folder, in order."""
        for parent, folders, files in os.walk(self.path):
            folders.sort()
            for file in sorted(files):
                yield (Path(parent) / file).relative_to(self.path).as_posix()

    def partials(self, tile: Tile) -> list[Tile]:
        """The partial files that stand for `tile` at this moment, narrowest first."""
        try:
            names = os.listdir(self.place(f"{tile.full.path}.p"))
        except FileNotFoundError:
            return []
        widths = sorted(int(name) for name in names if _WIDTH.fullmatch(name))
        return [Tile(tile.level, tile.index, width) for width in widths if width < WIDTH]

    def remove_stale(self, before: int, after: int) -> None:
        """Remove the partial files of the old edge that the full ones have replaced."""
        old = [*tiles.edge_of(before), *([Tile(None, before // WIDTH, before % WIDTH)] if before % WIDTH else [])]
        for tile in old:
            if tile.index < tiles.level_width(after, tile.level or 0) // WIDTH:
                for partial in self.partials(tile):
                    self.remove(partial.path)

    def remove_replaced(self) -> None:
        """Remove every partial file that a full one has replaced; looks at all names."""
        for name in list(self.names()):
            full, dot, _ = name.rpartition(".p/")
            if dot and self.has(full):
                self.remove(name)

    def remove_beyond(self, size: int) -> None:
        """Remove what a batch wrote that was never committed: the last file first, so that nothing is overlooked."""
        found: list[Tile] = []
        present = set(os.listdir(self.place("tile"))) if os.path.isdir(self.place("tile")) else set()
        for level in (None, *tiles.LEVELS):
            if ("entries" if level is None else str(level)) in present:
                found.extend(self._beyond(level, tiles.level_width(size, level or 0)))
        for tile in reversed(found):
            self.remove(tile.path)
        if self.has(".new"):
            os.unlink(self.place(".new"))

    def _make_folder(self, folder: str) -> None:
        if not os.path.isdir(folder):
            self._make_folder(os.path.dirname(folder))
            os.mkdir(folder, mode=0o700)
            sync_folder(os.path.dirname(folder))

    def _beyond(self, level: int | None, count: int) -> Iterator[Tile]:
        """Files of one level that hold more than its first `count` hashes; a batch writes them without a gap."""
        index = count // WIDTH
        while True:
            tile = Tile(level, index)
            there = self.partials(tile)
            if self.has(tile.path):
                there.append(tile)
            yield from (each for each in there if index * WIDTH + each.width > count)
            if not there and index * WIDTH >= count:
                return
            index += 1


def write_private(path: Path | str, data: bytes) -> None:
    """Write and fsync a file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def sync_folder(folder: Path | str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
