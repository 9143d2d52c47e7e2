"""Tiles and bundles: paths, the files of a tree, and readers that no forged hash deceives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.ledger import Inconsistent, Malformed, Missing, Refused, tiles, tree
from chancery.ledger.reader import LogReader
from chancery.ledger.rebuild import rebuild
from chancery.ledger.tests.council import fetch_from, make_log
from chancery.ledger.tiles import Tile

PATHS = {
    "tile/0/000": Tile(0, 0),
    "tile/1/000.p/1": Tile(1, 0, 1),
    "tile/0/x001/x234/067": Tile(0, 1_234_067),
    "tile/entries/005.p/255": Tile(None, 5, 255),
    "tile/63/x001/000": Tile(63, 1000),
}
BAD_PATHS = [
    "tile/0/0",
    "tile/0/1000",
    "tile/00/000",
    "tile/64/000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/x000/001",
    "tile/0/001/002",
    "tile/0/x001",
    "tile/0/000/",
    "/tile/0/000",
    "tile/0/٠٠٠",
    "tile/entries/../000",
    "tile/0/000\n",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_and_its_tile_are_one(path: str) -> None:
    assert tiles.tile_at(path) == PATHS[path]
    assert PATHS[path].path == path


@pytest.mark.parametrize("path", BAD_PATHS)
def test_every_other_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        tiles.tile_at(path)


@given(st.none() | st.integers(0, 63), st.integers(0, 2**54), st.integers(1, 256))
def test_paths_round_trip(level: int | None, index: int, width: int) -> None:
    assert tiles.tile_at(Tile(level, index, width).path) == Tile(level, index, width)


def widths(size: int, level: int) -> tuple[int, int | None]:
    row = list(tiles.row_of(size, level))
    return sum(tile.is_full for tile in row), next((tile.width for tile in row if not tile.is_full), None)


def test_a_tree_of_256_has_one_full_tile_and_one_hash_above() -> None:
    assert [tile.path for level in tiles.levels_of(256) for tile in tiles.row_of(256, level)] == [
        "tile/0/000",
        "tile/1/000.p/1",
    ]


def test_a_tree_of_70000_has_the_files_of_the_format() -> None:
    assert [widths(70_000, level) for level in tiles.levels_of(70_000)] == [(273, 112), (1, 17), (0, 1)]


def test_an_empty_tree_has_no_files() -> None:
    assert not list(tiles.row_of(0, None)) and not list(tiles.levels_of(0))


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=20))
def test_bundles_round_trip(entries: list[bytes]) -> None:
    data = tiles.bundle(entries)
    assert tiles.entries_in(data, len(entries)) == entries
    for wrong in (data + b"\0", data[:-1]):
        with pytest.raises(Malformed):
            tiles.entries_in(wrong, len(entries))
    with pytest.raises(Malformed):
        tiles.entries_in(data, len(entries) + 1)


def test_an_entry_of_65535_bytes_fits_and_one_more_does_not() -> None:
    assert tiles.entries_in(tiles.bundle([b"x" * 65_535]), 1) == [b"x" * 65_535]
    with pytest.raises(Malformed, match="65536"):
        tiles.bundle([b"x" * 65_536])


SIZES = [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 700]


@pytest.mark.parametrize("size", SIZES)
def test_a_reader_proves_what_it_reads(size: int) -> None:
    entries = [b"entry %d" % number for number in range(size)]
    head, files = make_log(entries)
    reader = LogReader(fetch_from(files), head)
    assert list(reader.entries(0, size)) == entries
    assert list(reader.entries(size // 2, size - 1)) == entries[size // 2 : size - 1]
    for index in {0, size // 2, size - 1}:
        proof = reader.inclusion_proof(index)
        tree.verify_inclusion(index, size, tree.leaf_hash(entries[index]), proof, head.root)
    for old in {1, (size + 1) // 2, size}:
        proof = reader.consistency_proof(old)
        tree.verify_consistency(old, size, reader.root_at(old), head.root, proof)
    assert reader.frontier().root() == head.root
    assert not list(rebuild(fetch_from(files), head))


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"]
)
def test_a_rebuild_names_the_one_file_that_is_wrong(path: str) -> None:
    head, files = make_log([b"entry %d" % number for number in range(300)])
    for spoiled in ({path: _flipped(files[path])}, {path: files[path][:-1]}):
        assert [finding.name for finding in rebuild(fetch_from(files | spoiled), head)][0] == path
    assert [finding.name for finding in rebuild(fetch_from({n: d for n, d in files.items() if n != path}), head)][
        0
    ] == path


def test_a_partial_file_may_be_cut_from_the_full_one() -> None:
    entries = [b"entry %d" % number for number in range(512)]
    head, files = make_log(entries[:300])
    _, later = make_log(entries)
    grown = {"tile/1/000.p/1": files["tile/1/000.p/1"]} | later
    assert list(LogReader(fetch_from(grown), head).entries(250, 300)) == entries[250:300]


def accepted_forgeries(size: int) -> list[str]:
    """Forge each file in turn, alone and with everything below made to fit; name those that were believed."""
    entries = [b"entry %d" % number for number in range(size)]
    head, files = make_log(entries)
    forged_head, forged_files = make_log([b"forged" if number == 0 else entry for number, entry in enumerate(entries)])
    believed = []
    for path in files:
        for changed in ({path: _flipped(files[path])}, {path: forged_files[path]}, _all_but(files, forged_files, path)):
            if all(files[name] == data for name, data in changed.items()):
                continue
            if _forged_read(files | changed, head, entries, is_read="entries" in path or len(changed) > 1):
                believed.append(path)
    assert forged_head.root != head.root
    return believed


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _all_but(files: dict[str, bytes], forged: dict[str, bytes], path: str) -> dict[str, bytes]:
    return {name: forged[name] for name in files if name != path}


def _forged_read(files: dict[str, bytes], head, entries: list[bytes], is_read: bool) -> bool:
    """Whether any entry or hash that is not the true one was handed out."""
    try:
        reader = LogReader(fetch_from(files), head)
        for index in (0, 255, 256, len(entries) - 1):
            proof = reader.inclusion_proof(index)
            tree.verify_inclusion(index, head.size, tree.leaf_hash(entries[index]), proof, head.root)
        return is_read and list(reader.entries(0, len(entries))) != entries
    except Inconsistent as error:
        return "inclusion proof" in str(error)


@pytest.mark.parametrize("start", range(257, 601, 43))
def test_no_forged_tile_is_believed_at_any_size_from_257_to_600(start: int) -> None:
    assert not [(size, each) for size in range(start, min(start + 43, 601)) for each in accepted_forgeries(size)]


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537])
def test_no_forged_tile_is_believed_around_65536(size: int) -> None:
    head, files = make_log([b"%d" % number for number in range(size)])
    upper = [path for path in files if not path.startswith(("tile/entries", "tile/0"))]
    lower = ["tile/0/000", "tile/0/128", *(tile.path for tile in list(tiles.row_of(size, 0))[-2:])]
    for path in upper + lower:
        reader_files = files | {path: _flipped(files[path])}
        tile = tiles.tile_at(path)
        with pytest.raises(Inconsistent):
            LogReader(fetch_from(reader_files), head).hashes_of(tile)


def test_a_missing_file_and_a_stranger_place_are_named() -> None:
    head, files = make_log([b"%d" % number for number in range(300)])
    del files["tile/0/000"]
    with pytest.raises(Missing, match="tile/0/000"):
        LogReader(fetch_from(files), head).inclusion_proof(3)
    with pytest.raises(Refused):
        LogReader(fetch_from(files), head).hashes_of(Tile(0, 2))
    with pytest.raises(Refused):
        list(LogReader(fetch_from(files), head).entries(0, 301))
