"""Hashes, roots and proofs of the Merkle tree (RFC 9162 section 2.1, SHA-256).

A proof is first a list of ranges of leaves; whoever knows the tree fills in the hash of each range. All hashes
are 32 bytes; every other length is refused, also where a proof is empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from chancery.ledger import Inconsistent, Malformed

Range = tuple[int, int]  # the leaves a <= i < b
HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree whose 2^k lowest hashes are given."""
    sha256 = hashlib.sha256
    while len(hashes) > 1:
        one_by_one = iter(hashes)
        pairs = zip(one_by_one, one_by_one, strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def fold_pieces(pieces: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of falling size, left to right; the empty tree's root for none."""
    if not pieces:
        return EMPTY_ROOT
    *earlier, root = pieces
    for piece in reversed(earlier):
        root = node_hash(piece, root)
    return root


class Frontier:
    """The complete subtrees along the right edge: all that is needed to append and to know the root."""

    def __init__(self, size: int = 0, pieces: Iterable[bytes] = ()) -> None:
        self.size = size
        self.pieces = list(pieces)
        if len(self.pieces) != size.bit_count():
            raise Malformed(f"a tree of {size} leaves has {size.bit_count()} pieces, not {len(self.pieces)}")

    def append(self, subtree: bytes, height: int = 0) -> None:
        """Append one complete subtree of 2^height leaves (a leaf hash by default).

        Its place must be free: the size is a multiple of 2^height.
        """
        rest = self.size >> height
        while rest & 1:
            subtree = node_hash(self.pieces.pop(), subtree)
            rest >>= 1
        self.pieces.append(subtree)
        self.size += 1 << height

    def root(self) -> bytes:
        """The root of the leaves appended so far."""
        return fold_pieces(self.pieces)


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root (MTH) over leaf hashes."""
    frontier = Frontier()
    for each in leaf_hashes:
        frontier.append(each)
    return frontier.root()


def split(size: int) -> int:
    """The largest power of two less than `size` (size > 1): where the left subtree ends."""
    return 1 << ((size - 1).bit_length() - 1)


def pieces_of(start: int, stop: int) -> list[Range]:
    """The complete subtrees, left to right, that make up the subtree over [start, stop) of a larger tree."""
    sizes = [1 << bit for bit in range((stop - start).bit_length() - 1, -1, -1) if (stop - start) >> bit & 1]
    ends = list(accumulate(sizes, initial=start))
    return list(zip(ends, ends[1:], strict=False))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf `index` in a tree of `size`, the leaf's sibling first."""
    if not 0 <= index < size:
        raise Malformed(f"there is no leaf {index} in a tree of {size}")
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = start + split(stop - start)
        if index < middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `old` leaves is the beginning of the tree of `new`."""
    if not 0 < old <= new:
        raise Malformed(f"no consistency proof leads from {old} to {new} leaves")
    start, stop, path = 0, new, []
    while stop != old:
        middle = start + split(stop - start)
        if old <= middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    if start > 0:
        path.append((start, stop))
    return path[::-1]


def range_hash(hash_at: Callable[[int, int], bytes], leaves: Range) -> bytes:
    """The hash of the subtree over `leaves`; `hash_at(height, index)` knows every complete subtree."""
    heights = [(stop - start).bit_length() - 1 for start, stop in pieces_of(*leaves)]
    starts = [start for start, _ in pieces_of(*leaves)]
    return fold_pieces([hash_at(height, start >> height) for height, start in zip(heights, starts, strict=True)])


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check by RFC 9162 section 2.1.3.2 that the leaf hash stands at `index`; raises Inconsistent if not."""
    _check_lengths(leaf, root, *proof)
    if not 0 <= index < size:
        raise Inconsistent(f"there is no leaf {index} in a tree of {size}")
    fn, sn, result = index, size - 1, leaf
    for each in proof:
        if sn == 0:
            raise Inconsistent(f"the inclusion proof of entry {index} is too long")
        if fn & 1 or fn == sn:
            result = node_hash(each, result)
            fn, sn = _climb(fn, sn)
        else:
            result = node_hash(result, each)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or result != root:
        raise Inconsistent(f"the inclusion proof does not lead entry {index} to the root of {size} entries")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check by RFC 9162 section 2.1.4.2 that `new` continues `old`; raises Inconsistent if not."""
    _check_lengths(old_root, new_root, *proof)
    if not 0 < old <= new:
        raise Inconsistent(f"nothing proves a way from {old} to {new} entries")
    if old == new:
        if proof or old_root != new_root:
            raise Inconsistent(f"two different heads of {old} entries")
        return
    if not proof:
        raise Inconsistent(f"the consistency proof from {old} to {new} entries is empty")
    if _consistent_roots(old, new, old_root, proof) != (old_root, new_root):
        raise Inconsistent(f"the head of {new} entries does not continue the head of {old} entries")


def _consistent_roots(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = hashes[0]
    for each in hashes[1:]:
        if sn == 0:
            raise Inconsistent("the consistency proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(each, first), node_hash(each, second)
            fn, sn = _climb(fn, sn)
        else:
            second = node_hash(second, each)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise Inconsistent("the consistency proof is too short")
    return first, second


def _climb(fn: int, sn: int) -> tuple[int, int]:
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _check_lengths(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise Malformed("a hash is not 32 bytes long")
