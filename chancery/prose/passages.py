"""Placing one edit of a paragraph in a changed paragraph: by context, by count, and by a second witness."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from .tokens import tokens
from .units import prefix
from .worddiff import Edit, matched_words

K = 3
START, END = "\x00^", "\x00$"  # No text holds a NUL, so the ends are like no word.


class Placement(NamedTuple):
    """An outcome of rebase for one edit, the kind of a conflict, and the new offset."""

    outcome: Literal["exact", "shifted", "done", "conflict"]
    kind: str | None
    s: int | None


class _Body:
    """A body as words (all tokens but white space) with their offsets; the label is none of them."""

    def __init__(self, body: str) -> None:
        around = prefix(body)
        self.text, self.start, self.stop = body, around.start, around.stop
        self.tokens = tokens(body)
        offsets = list(accumulate(map(len, self.tokens), initial=0))
        self.numbers = [
            number
            for number, token in enumerate(self.tokens)
            if not token.isspace() and self.start <= offsets[number] and offsets[number + 1] <= self.stop
        ]
        self.words = ["]" if self.tokens[n].startswith("]") else self.tokens[n] for n in self.numbers]
        self.starts = [offsets[n] for n in self.numbers]
        self.ends = [offsets[n + 1] for n in self.numbers]

    def left(self, place: int, count: int = K) -> list[str]:
        """The words before a place between words, with the start of the content where they are fewer."""
        found = self.words[max(0, place - count) : place]
        return found if len(found) == count else [START, *found]

    def right(self, place: int, count: int = K) -> list[str]:
        """The words from a place on, with the end of the content where they are fewer."""
        found = self.words[place : place + count]
        return found if len(found) == count else [*found, END]

    def places(self, words: Sequence[str]) -> list[int]:
        """Where `words` stand one after the other; for no words, every place."""
        last = len(self.words) - len(words)
        if not words:
            return list(range(last + 1))
        return [n for n in range(last + 1) if self.words[n] == words[0] and self.words[n : n + len(words)] == words]

    def gap(self, place: int) -> tuple[int, int]:
        """The white space before word number `place`, as offsets."""
        first = self.ends[place - 1] if place else self.start
        return first, self.starts[place] if place < len(self.starts) else self.stop


class Passage:
    """A paragraph before and after; `place` carries edits of the one to the other."""

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = _Body(before), _Body(after)
        self._witness: dict[int, int] | None = None

    def place(self, edit: Edit) -> Placement:
        """Where `edit` goes, by the rules of docs/algorithms/rebase.md."""
        if edit.s < self.before.start or edit.end > self.before.stop:
            return _conflict("changed")
        first, last = self._words(edit)
        if first == last:
            return self._between(edit, first)
        return self._range(edit, first, last)

    def _words(self, edit: Edit) -> tuple[int, int]:
        """The words an edit touches; one cut by the edit counts whole."""
        body = self.before
        first = bisect_left(body.ends, edit.s + 1)
        last = bisect_left(body.starts, edit.end) if edit.old else first
        if not edit.old and first < len(body.starts) and body.starts[first] < edit.s:
            last = first + 1
        return first, max(first, last)

    def _full(self, place: int, length: int, sides: tuple[list[str], list[str]]) -> tuple[bool, bool]:
        """Whether all context of the left and of the right stands around a hit."""
        return self.after.left(place, len(sides[0])) == sides[0], self.after.right(
            place + length, len(sides[1])
        ) == sides[1]

    def _is_done(self, edit: Edit, first: int, last: int) -> bool:
        """Whether the replacement already stands between both full sides."""
        body = self.before
        head = body.text[body.starts[first] : edit.s] if first < last and body.starts[first] < edit.s else ""
        tail = body.text[edit.end : body.ends[last - 1]] if first < last and body.ends[last - 1] > edit.end else ""
        new = [
            "]" if token.startswith("]") else token for token in tokens(head + edit.new + tail) if not token.isspace()
        ]
        sides = body.left(first), body.right(last)
        return any(all(self._full(place, len(new), sides)) for place in self.after.places(new))

    def _range(self, edit: Edit, first: int, last: int) -> Placement:
        words = self.before.words[first:last]
        sides = self.before.left(first), self.before.right(last)
        hits = {place: self._full(place, len(words), sides) for place in self.after.places(words)}
        both = [place for place, full in hits.items() if all(full)]
        one = [place for place, full in hits.items() if any(full)]
        if not both and self._is_done(edit, first, last):
            return Placement("done", None, None)
        if not hits:
            return _conflict("changed")
        if len(both) > 1 or (not both and len(one) > 1):
            return _conflict("ambiguous")
        if not one:
            return _conflict("context")
        place = (both or one)[0]
        if len(hits) != len(self.before.places(words)) and (not both or len(one) > 1):
            return _conflict("ambiguous")
        if any(self._carried(first + k) != place + k for k in range(len(words))):
            return _conflict("ambiguous")
        return self._quoted(edit, self.after.starts[place] + edit.s - self.before.starts[first])

    def _quoted(self, edit: Edit, s: int) -> Placement:
        """Last: the characters there must be those the edit quotes."""
        if s < 0 or self.after.text[s : s + len(edit.old)] != edit.old:
            return _conflict("spacing")
        return Placement("shifted", None, s)

    def _between(self, edit: Edit, first: int) -> Placement:
        """An insertion, or a change of white space alone: both sides must stand, and stand together."""
        sides = self.before.left(first), self.before.right(first)
        places = [place for place in self.after.places(()) if all(self._full(place, 0, sides))]
        if len(places) > 1:
            return _conflict("ambiguous")
        if not places:
            if edit.new.strip() and self._is_done(edit, first, first):
                return Placement("done", None, None)
            return _conflict("insert-insert" if self._stand_apart(sides) else "changed")
        start, stop = self.before.gap(first)
        now_start, now_stop = self.after.gap(places[0])
        if (
            not edit.new.strip()
            and edit.old
            and self._gap_after(edit, start, stop) == self.after.text[now_start:now_stop]
        ):
            return Placement("done", None, None)
        if edit.s == start:
            return self._quoted(edit, now_start)
        if edit.end == stop:
            return self._quoted(edit, now_stop - len(edit.old))
        if self.before.text[start:stop] != self.after.text[now_start:now_stop]:
            return _conflict("spacing")
        return self._quoted(edit, now_start + edit.s - start)

    def _gap_after(self, edit: Edit, start: int, stop: int) -> str:
        return self.before.text[start : edit.s] + edit.new + self.before.text[edit.end : stop]

    def _stand_apart(self, sides: tuple[list[str], list[str]]) -> bool:
        """Whether both sides stand in this order with something new between."""
        places = self.after.places(())
        lefts = [place for place in places if self._full(place, 0, sides)[0]]
        rights = [place for place in places if self._full(place, 0, sides)[1]]
        return bool(lefts and rights and lefts[0] < rights[-1])

    def _carried(self, word: int) -> int | None:
        """The second witness: to which word the word diff of the paragraph carries a word unchanged."""
        if self._witness is None:
            numbers = {n: k for k, n in enumerate(self.after.numbers)}
            carried = dict(matched_words(self.before.tokens, self.after.tokens))
            self._witness = {
                k: numbers[carried[n]]
                for k, n in enumerate(self.before.numbers)
                if n in carried and carried[n] in numbers
            }
        return self._witness.get(word)


def _conflict(kind: str) -> Placement:
    return Placement("conflict", kind, None)
