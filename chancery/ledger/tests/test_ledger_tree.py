"""Roots and proofs against the plain recursive definition of RFC 9162, and against the vectors of others."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.ledger import Refused, tree

VECTORS = json.loads((Path(__file__).parent / "vectors" / "rfc6962_hashes.json").read_text())
LEAVES = [tree.leaf_hash(b"%d" % number) for number in range(1030)]
LARGE = (255, 256, 257, 511, 512, 513)


def mth(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def hash_at(height: int, index: int) -> bytes:
    return mth(LEAVES[index << height : (index + 1) << height])


def inclusion(index: int, size: int) -> list[bytes]:
    return [tree.range_hash(hash_at, each) for each in tree.inclusion_ranges(index, size)]


def consistency(old: int, new: int) -> list[bytes]:
    return [tree.range_hash(hash_at, each) for each in tree.consistency_ranges(old, new)]


def is_accepted(check, *args) -> bool:
    try:
        check(*args)
    except Refused:
        return False
    return True


def test_the_hashes_are_those_of_the_reference() -> None:
    assert tree.EMPTY_ROOT.hex() == VECTORS["empty_root"]
    for case in VECTORS["leaf"]:
        assert tree.leaf_hash(bytes.fromhex(case["data_hex"])).hex() == case["hash"]
    for case in VECTORS["node"]:
        assert tree.node_hash(bytes.fromhex(case["left_hex"]), bytes.fromhex(case["right_hex"])).hex() == case["hash"]


def test_the_roots_are_those_of_the_reference() -> None:
    leaves = [tree.leaf_hash(bytes.fromhex(each)) for each in VECTORS["roots"]["leaves_hex"]]
    roots = [tree.root_of(leaves[:count]).hex() for count in range(1, 9)]
    assert roots == VECTORS["roots"]["root_of_first_n"]


@pytest.mark.parametrize("size", [*range(71), *LARGE])
def test_the_frontier_has_the_root_of_the_definition(size: int) -> None:
    assert tree.root_of(LEAVES[:size]) == mth(LEAVES[:size])


def test_whole_subtrees_may_be_appended_at_once() -> None:
    frontier = tree.Frontier()
    frontier.append(mth(LEAVES[:256]), height=8)
    frontier.append(LEAVES[256])
    assert (frontier.size, frontier.root()) == (257, mth(LEAVES[:257]))


@pytest.mark.parametrize("size", range(1, 71))
def test_every_inclusion_proof_up_to_70_verifies_and_only_at_its_place(size: int) -> None:
    root = mth(LEAVES[:size])
    for index in range(size):
        proof = inclusion(index, size)
        tree.verify_inclusion(index, size, LEAVES[index], proof, root)
        assert not is_accepted(tree.verify_inclusion, (index + 1) % size, size, LEAVES[index], proof, root) or size == 1
        assert not is_accepted(tree.verify_inclusion, index, size, LEAVES[index + 1], proof, root)


@pytest.mark.parametrize("new", range(1, 71))
def test_every_consistency_proof_up_to_70_verifies(new: int) -> None:
    for old in range(1, new + 1):
        proof = consistency(old, new)
        tree.verify_consistency(old, new, mth(LEAVES[:old]), mth(LEAVES[:new]), proof)
        assert not is_accepted(tree.verify_consistency, old, new, LEAVES[1029], mth(LEAVES[:new]), proof)
        assert not is_accepted(tree.verify_consistency, old, new, mth(LEAVES[:old]), LEAVES[1029], proof)


@pytest.mark.parametrize("size", LARGE)
def test_proofs_verify_around_the_edges_of_tiles(size: int) -> None:
    root = mth(LEAVES[:size])
    for index in (0, 1, 127, 128, 254, size // 2, size - 1):
        tree.verify_inclusion(index, size, LEAVES[index], inclusion(index, size), root)
    for old in (1, 127, 128, 255, size - 1, size):
        tree.verify_consistency(old, size, mth(LEAVES[:old]), root, consistency(old, size))


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537])
def test_proofs_verify_around_65536(size: int) -> None:
    row, rows = [tree.leaf_hash(b"%d" % number) for number in range(size)], []
    while row:
        rows.append(row)
        row = [tree.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]

    def known(height: int, index: int) -> bytes:
        return rows[height][index]

    root = tree.root_of(rows[0])
    for index in (0, 255, 256, 65_279, size - 1):
        proof = [tree.range_hash(known, each) for each in tree.inclusion_ranges(index, size)]
        tree.verify_inclusion(index, size, rows[0][index], proof, root)
    for old in (1, 255, 65_280, size - 1):
        proof = [tree.range_hash(known, each) for each in tree.consistency_ranges(old, size)]
        tree.verify_consistency(old, size, tree.root_of(rows[0][:old]), root, proof)


SPOILED = ("changed", "dropped", "added", "swapped")


def spoil(proof: list[bytes], how: str, at: int) -> list[bytes]:
    spoiled, at = list(proof), at % len(proof)
    if how == "changed":
        spoiled[at] = bytes([spoiled[at][0] ^ 1]) + spoiled[at][1:]
    elif how == "dropped":
        del spoiled[at]
    elif how == "added":
        spoiled.insert(at, tree.EMPTY_ROOT)
    else:
        spoiled[at], spoiled[at - 1] = spoiled[at - 1], spoiled[at]
    return spoiled


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 1000), st.data(), st.sampled_from(SPOILED))
def test_a_spoiled_proof_is_refused(size: int, data: st.DataObject, how: str) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    at, root = data.draw(st.integers(0, 12)), mth(LEAVES[:size])
    for proof, check, args in (
        (inclusion(index, size), tree.verify_inclusion, (index, size, LEAVES[index])),
        (consistency(old, size), tree.verify_consistency, (old, size, mth(LEAVES[:old]), root)),
    ):
        spoiled = spoil(proof, how, at)
        if spoiled != proof:
            rest = (spoiled, root) if check is tree.verify_inclusion else (spoiled,)
            assert not is_accepted(check, *args, *rest)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_of_another_length_is_refused_even_where_the_proof_is_empty(length: int) -> None:
    odd = b"x" * length
    assert not is_accepted(tree.verify_inclusion, 0, 1, odd, [], odd)
    assert not is_accepted(tree.verify_consistency, 1, 1, odd, odd, [])


def test_one_head_against_itself_needs_no_proof_and_bears_none() -> None:
    root = mth(LEAVES[:5])
    tree.verify_consistency(5, 5, root, root, [])
    assert not is_accepted(tree.verify_consistency, 5, 5, root, root, [LEAVES[0]])


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (0, 0)])
def test_nothing_proves_a_way_from_no_entries_or_backwards(old: int, new: int) -> None:
    assert not is_accepted(tree.verify_consistency, old, new, LEAVES[0], LEAVES[0], [])
    with pytest.raises(Refused):
        tree.consistency_ranges(old, new)


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0)])
def test_there_is_no_proof_outside_the_tree(index: int, size: int) -> None:
    assert not is_accepted(tree.verify_inclusion, index, size, LEAVES[0], [], LEAVES[0])
    with pytest.raises(Refused):
        tree.inclusion_ranges(index, size)
