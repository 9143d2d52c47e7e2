"""Invented texts for the benches of the text engine: pages, edits, proposals and small texts by class. Seeded."""

from __future__ import annotations

import random
from collections.abc import Callable

from chancery.canon import sha256
from chancery.prose.ops import EditUnit
from chancery.prose.proposal import Proposal
from chancery.prose.units import cut
from chancery.prose.worddiff import word_diff

WORDS, PER_PAGE = 4_000, 500
_SYLLABLES = [c + v + e for c in "bdfgklmnprstv" for v in "aeiou" for e in ("", "n", "r", "s")]


class Writer:
    """Writes pseudo-prose: 4,000 words of one to four syllables, drawn with weight 1/k (Zipf)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        made: dict[str, None] = {}
        while len(made) < WORDS:
            made["".join(self.random.choices(_SYLLABLES, k=self.random.randint(1, 4)))] = None
        self._words = list(made)
        self._weights = [1 / k for k in range(1, WORDS + 1)]

    def words(self, count: int) -> list[str]:
        return self.random.choices(self._words, self._weights, k=count)

    def paragraph(self, low: int, high: int) -> str:
        """Words with one comma and, in a quarter of the cases, one bracket of five words."""
        words = self.words(self.random.randint(low, high))
        words[self.random.randrange(len(words) - 1)] += ","
        if self.random.random() < 0.25 and len(words) > 12:
            at = self.random.randrange(len(words) - 6)
            words[at], words[at + 4] = "[" + words[at], words[at + 4] + "]"
        return " ".join(words) + "."

    def pages(self, count: int) -> str:
        """A text of `count` pages of 500 words."""
        bodies, written = ["# Draft"], 0
        while written < count * PER_PAGE:
            bodies.append(f"{len(bodies)}. {self.paragraph(25, 95)}")
            written += len(bodies[-1].split())
        return "\n\n".join(bodies) + "\n"


def changed(text: str, count: int, writer: Writer) -> str:
    """`text` after `count` edits: words replaced, inserted, deleted; paragraphs added, deleted, moved."""
    bodies = text.rstrip("\n").split("\n\n")
    for _ in range(count):
        kind = writer.random.choices(range(6), (35, 25, 25, 7, 5, 3))[0]
        at = writer.random.randrange(1, len(bodies))
        if kind < 3:
            bodies[at] = _edited(bodies[at], kind, writer)
        elif kind == 3:
            bodies.insert(at, f"{at}bis. {writer.paragraph(25, 95)}")
        elif kind == 4:
            del bodies[at]
        else:
            body = bodies.pop(at)
            bodies.insert(writer.random.randrange(1, len(bodies)), body)
    return "\n\n".join(bodies) + "\n"


def _edited(body: str, kind: int, writer: Writer) -> str:
    words = body.split(" ")
    inside = [index for index in range(1, len(words)) if not set("[],.") & set(words[index])]
    if not inside:
        return body
    at, count = writer.random.choice(inside), writer.random.randint(1, 6)
    if kind == 0:
        words[at] = writer.words(1)[0]
    elif kind == 1:
        words[at:at] = writer.words(count)
    else:
        stop = at + 1
        while stop < min(at + count, len(words)) and stop in inside:
            stop += 1
        del words[at:stop]
    return " ".join(words)


def proposals(base: str, count: int, writer: Writer, delegations: int = 40) -> list[Proposal]:
    """`count` proposals of one to three edits each, by `delegations` delegations in turn."""
    bodies, digest = cut(base).bodies, sha256(base.encode())
    made: list[Proposal] = []
    while len(made) < count:
        places = {writer.random.randrange(1, len(bodies)) for _ in range(writer.random.randint(1, 3))}
        wanted = [(at, _proposed(bodies[at], writer)) for at in sorted(places)]
        ops = tuple(
            EditUnit(at, tuple(word_diff(bodies[at], new)), bodies[at]) for at, new in wanted if new != bodies[at]
        )
        if ops:
            made.append(Proposal(f"P{len(made) + 1}", f"Delegation {len(made) % delegations + 1}", digest, ops))
    return made


def _proposed(body: str, writer: Writer) -> str:
    kind = writer.random.choices((0, 1, 2), (40, 30, 30))[0]
    words = body.split(" ")
    inside = [index for index in range(1, len(words) - 3) if not set("[],.") & set("".join(words[index : index + 3]))]
    if not inside:
        return body
    at = writer.random.choice(inside)
    if kind == 0:
        words[at] = writer.words(1)[0]
    elif kind == 1:
        words[at:at] = writer.words(3)
    else:
        del words[at : at + 3]
    return " ".join(words)


def small(kind: str, writer: Writer) -> tuple[str, str]:
    """A small text of one class and the same after one to four edits."""
    lines, glue, shape = _SMALL[kind](writer)
    after = [list(words) for words in lines]
    for _ in range(writer.random.randint(1, 4)):
        _change(after, writer, fixed=kind == "tables")
    return glue.join(map(shape, lines)) + "\n", glue.join(map(shape, after)) + "\n"


Lines = tuple[list[list[str]], str, Callable[[list[str]], str]]


def _change(lines: list[list[str]], writer: Writer, *, fixed: bool) -> None:
    at = writer.random.randrange(len(lines))
    kind = writer.random.choices(range(5), (35, 25, 25, 8, 7))[0]
    words, cells = lines[at], sum(word == "|" for word in lines[at])
    place = writer.random.choice([index for index, word in enumerate(words) if word != "|"])
    count = writer.random.randint(1, 6)
    if kind == 0:
        words[place] = writer.words(1)[0]
    elif kind == 1:
        words[place:place] = writer.words(count)
    elif kind == 2 and len(words) > cells + 1:
        stop = place + 1
        while stop < min(place + count, len(words)) and words[stop] != "|":
            stop += 1
        if stop - place < len(words) - cells:
            del words[place:stop]
    elif kind == 3:
        lines.insert(at, _row(writer) if fixed else writer.words(writer.random.randint(3, 12)))
    elif len(lines) > 2:
        del lines[at]


def _row(writer: Writer) -> list[str]:
    cells = [writer.words(writer.random.randint(1, 6)) for _ in range(4)]
    return [word for cell in cells for word in ([*cell, "|"])][:-1]


def _paragraphs(writer: Writer) -> Lines:
    return [writer.words(writer.random.randint(20, 60)) for _ in range(6)], "\n\n", " ".join


def _marked(writer: Writer) -> Lines:
    lines, glue, shape = _paragraphs(writer)
    for words in lines:
        at = writer.random.randrange(len(words) - 3)
        mark = writer.random.choice(("**", "*", "__"))
        words[at], words[at + 2] = mark + words[at], words[at + 2] + mark
    return lines, glue, shape


def _list(writer: Writer) -> Lines:
    return [["-", *writer.words(writer.random.randint(3, 12))] for _ in range(20)], "\n", _item


def _item(words: list[str]) -> str:
    return " ".join(words if words[0].strip() == "-" else ["-", *words])


def _nested(writer: Writer) -> Lines:
    indents = [0] + [writer.random.randint(0, 2) for _ in range(19)]
    rows = [["    " * level + "-", *writer.words(writer.random.randint(3, 12))] for level in indents]
    return rows, "\n", _item


def _table(writer: Writer) -> Lines:
    return [_row(writer) for _ in range(12)], "\n", lambda words: "| " + " ".join(words) + " |"


_SMALL: dict[str, Callable[[Writer], Lines]] = {
    "paragraphs": _paragraphs,
    "marks": _marked,
    "lists": _list,
    "nested lists": _nested,
    "tables": _table,
}
CLASSES = tuple(_SMALL)
