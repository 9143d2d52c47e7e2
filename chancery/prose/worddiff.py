"""The edits that turn one body into another, word by word, with as few deleted words as there can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from .tokens import tokens


class Edit(NamedTuple):
    """Replacement of a range: at offset `s` of the body the text `old` gives way to `new`."""

    s: int
    old: str
    new: str

    @property
    def end(self) -> int:
        return self.s + len(self.old)


def edit_body(body: str, edits: Sequence[Edit]) -> str:
    """`body` with disjoint, ascending edits made. The caller has checked the quotes."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += [body[at : edit.s], edit.new]
        at = edit.end
    return "".join([*parts, body[at:]])


def word_diff(old: str, new: str) -> list[Edit]:
    """The edits from one body to another; their borders are borders of words, hence of graphemes."""
    return token_diff(tokens(old), tokens(new))


def token_diff(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """The same for bodies already cut into tokens."""
    head = _equal_head(old, new)
    tail = _equal_head(old[: head - 1 if head else None : -1], new[: head - 1 if head else None : -1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    offsets = list(accumulate(map(len, before), initial=sum(map(len, old[:head]))))
    return [Edit(offsets[a], "".join(before[a:b]), "".join(after[c:d])) for a, b, c, d in _changes(before, after)]


def _equal_head(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Ranges of tokens that differ. Between matched words only white space can still match, at either side."""
    found = []
    matched = [(-1, -1), *matched_words(old, new), (len(old), len(new))]
    for (a, c), (b, d) in pairwise(matched):
        gap = _trimmed(old, new, (a + 1, b, c + 1, d))
        if gap[0] < gap[1] or gap[2] < gap[3]:
            found.append(gap)
    return found


def _trimmed(old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a, b, c, d = gap
    while a < b and c < d and old[a] == new[c] and old[a].isspace():
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1] and old[b - 1].isspace():
        b, d = b - 1, d - 1
    return a, b, c, d


def matched_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Indices of an exact longest common subsequence of the words (all tokens but white space)."""
    at_old = [index for index, token in enumerate(old) if not token.isspace()]
    at_new = [index for index, token in enumerate(new) if not token.isspace()]
    if not at_old or not at_new:
        return []
    from rapidfuzz.distance import Indel

    numbers: dict[str, int] = {}
    left = [numbers.setdefault(old[index], len(numbers)) for index in at_old]
    right = [numbers.setdefault(new[index], len(numbers)) for index in at_new]
    found: list[tuple[int, int]] = []
    for code in Indel.opcodes(left, right):
        if code.tag == "equal":
            found += zip(at_old[code.src_start : code.src_end], at_new[code.dest_start : code.dest_end], strict=True)
    return found
