"""Which unit of one text is the image of which unit of another. Linear in pages.

First equal ids, then equal bodies, then the most similar ones: candidates share rare words or stand beside a
pair; similarity is the Dice coefficient of the multisets of words. A candidate that shares four words of five
ends the search for that unit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from .tokens import is_word, tokens
from .units import prefix

RARE = 8
CANDIDATES = 6
SIMILAR = 0.5
SIMILAR_BESIDE = 0.3
SIMILAR_ALONE = 0.2
CERTAIN = 0.8


class Alignment:
    """The image of every unit of A in B, or None; and the other way round. Grows pair by pair."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        self.image: list[int | None] = [None] * len(old)
        self.source: list[int | None] = [None] * len(new)
        self._tokens: dict[str, list[str]] = {}

    def pair(self, a: int, b: int) -> None:
        """Make unit `b` the image of unit `a`."""
        self.image[a], self.source[b] = b, a

    def free(self) -> tuple[list[int], list[int]]:
        """The unpaired units of either text."""
        return (
            [index for index, image in enumerate(self.image) if image is None],
            [index for index, source in enumerate(self.source) if source is None],
        )

    def tokens(self, body: str) -> list[str]:
        """The tokens of a body, cut once."""
        if body not in self._tokens:
            self._tokens[body] = tokens(body)
        return self._tokens[body]

    def slots(self, a: int) -> Iterator[int]:
        """Free units of B that stand beside the image of a neighbour of `a`."""
        for step in (1, -1):
            neighbour = self._image(a - step)
            if neighbour is not None and self._is_free(neighbour + step):
                yield neighbour + step

    def is_beside(self, a: int, b: int) -> bool:
        """Whether the pair stands beside a pair already made."""
        return self._image(a - 1) == b - 1 or self._image(a + 1) == b + 1

    def is_alone(self, a: int, b: int) -> bool:
        """Whether both neighbours of `a` have the neighbours of `b` as images."""
        return self._image(a - 1) == b - 1 and self._image(a + 1) == b + 1

    def _image(self, a: int) -> int | None:
        """The image of `a`; the ends of the texts are images of each other."""
        if a < 0:
            return -1
        return self.image[a] if a < len(self.image) else len(self.source)

    def _is_free(self, b: int) -> bool:
        return 0 <= b < len(self.source) and self.source[b] is None

    def moved(self) -> set[int]:
        """Units of A whose image stands out of order: all outside a longest increasing subsequence."""
        pairs = [(a, b) for a, b in enumerate(self.image) if b is not None]
        kept = _longest_increasing([b for _, b in pairs])
        return {a for index, (a, _) in enumerate(pairs) if index not in kept}


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """The alignment of two lists of bodies."""
    found = Alignment(old, new)
    _pair_ids(found)
    _pair_ends(found)
    _pair_equals(found)
    _pair_similar(found)
    return found


def _pair_ids(found: Alignment) -> None:
    left, right = _ids(found.old), _ids(found.new)
    for name, a in left.items():
        if name in right:
            found.pair(a, right[name])


def _ids(bodies: Sequence[str]) -> dict[str, int]:
    """Units by id; an id that stands twice names nothing."""
    named: dict[str, list[int]] = defaultdict(list)
    for index, body in enumerate(bodies):
        if body.endswith("}") and (name := prefix(body).id):
            named[name].append(index)
    return {name: places[0] for name, places in named.items() if len(places) == 1}


def _pair_ends(found: Alignment) -> None:
    old, new = found.old, found.new
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        _pair_free(found, head, head)
        head += 1
    tail = 1
    while tail <= shorter - head and old[-tail] == new[-tail]:
        _pair_free(found, len(old) - tail, len(new) - tail)
        tail += 1


def _pair_free(found: Alignment, a: int, b: int) -> None:
    if found.image[a] is None and found.source[b] is None:
        found.pair(a, b)


def _pair_equals(found: Alignment) -> None:
    """Equal bodies in equal numbers pair in order; the rest by the free copy beside a pair."""
    left, right = found.free()
    copies_old, copies_new = _by_body(found.old, left), _by_body(found.new, right)
    uneven: list[int] = []
    for body, places in copies_old.items():
        others = copies_new.get(body, [])
        if len(places) == len(others):
            for a, b in zip(places, others, strict=True):
                found.pair(a, b)
        elif others:
            uneven += places
    for order in (sorted(uneven), sorted(uneven, reverse=True)):
        for a in order:
            _pair_copy_beside(found, a)


def _by_body(bodies: Sequence[str], places: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[bodies[place]].append(place)
    return found


def _pair_copy_beside(found: Alignment, a: int) -> None:
    if found.image[a] is None:
        for b in found.slots(a):
            if found.new[b] == found.old[a]:
                found.pair(a, b)
                return


def _pair_similar(found: Alignment) -> None:
    left, right = found.free()
    if not left or not right:
        return
    bags_old = {a: _bag(found, found.old[a]) for a in left}
    bags_new = {b: _bag(found, found.new[b]) for b in right}
    scored: list[tuple[float, int, int]] = []
    for a, candidates in _candidates(found, bags_old, bags_new):
        for b in candidates:
            beside = found.is_beside(a, b)
            score = dice(bags_old[a], bags_new[b])
            if score >= (SIMILAR_BESIDE if beside else SIMILAR):
                scored.append((-(score + 0.1 * beside), a, b))
            if score >= CERTAIN:
                break
    for _, a, b in sorted(scored):
        _pair_free(found, a, b)
    _pair_runs(found, bags_old, bags_new)


def _pair_runs(found: Alignment, bags_old: dict[int, Counter[str]], bags_new: dict[int, Counter[str]]) -> None:
    """Units beside a pair that was only just made, in both directions."""
    for order in (sorted(bags_old), sorted(bags_old, reverse=True)):
        for a in order:
            if found.image[a] is None:
                for b in found.slots(a):
                    if dice(bags_old[a], bags_new[b]) >= _needed(found, a, b):
                        found.pair(a, b)
                        break


def _needed(found: Alignment, a: int, b: int) -> float:
    """How similar units beside a pair must be; those alone between pairs under one label, a little less."""
    label = prefix(found.old[a]).label
    if label and label == prefix(found.new[b]).label and found.is_alone(a, b):
        return SIMILAR_ALONE
    return SIMILAR_BESIDE


def _bag(found: Alignment, body: str) -> Counter[str]:
    """The words of a body, counted; for a body without words, its signs."""
    counted = Counter(found.tokens(body))
    return Counter({token: count for token, count in counted.items() if is_word(token)}) or counted


def _candidates(
    found: Alignment, bags_old: dict[int, Counter[str]], bags_new: dict[int, Counter[str]]
) -> Iterator[tuple[int, list[int]]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for b, bag in bags_new.items():
        for word in bag:
            holders[word].append(b)
    rare = {word: places for word, places in holders.items() if len(places) <= RARE}
    for a, bag in bags_old.items():
        weights: dict[int, float] = defaultdict(float)
        for word in bag:
            if word in rare:
                share = 1 / len(rare[word])
                for b in rare[word]:
                    weights[b] += share
        for b in found.slots(a):
            weights[b] += 0.5
        yield a, [b for _, b in sorted([(-weight, b) for b, weight in weights.items()])[:CANDIDATES]]


def dice(one: Counter[str], other: Counter[str]) -> float:
    """The Dice coefficient of two multisets: 1 where they are equal, 0 where they share nothing."""
    total = one.total() + other.total()
    if len(other) < len(one):
        one, other = other, one
    shared = sum(min(count, other[word]) for word, count in one.items() if word in other)
    return 2 * shared / total if total else 1.0


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Positions of a longest strictly increasing subsequence."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        at = bisect_left(ends, value)
        before.append(places[at - 1] if at else -1)
        if at == len(ends):
            ends.append(value)
            places.append(index)
        else:
            ends[at], places[at] = value, index
    kept: set[int] = set()
    index = places[-1] if places else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept
