"""Style: mixed verbs of duty, capitalised terms that are never defined, doubled words, look-alike scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, pairwise

import regex

from .outline import Outline
from .tokens import is_word

_DUTY = ("shall", "should")
_TERM = regex.compile(r"(?<=\p{Ll},? )\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*")
_DEFINED = regex.compile(r"[“\"«]([^”\"»]+)[”\"»]")
_SCRIPTS = {name: regex.compile(rf"\p{{Script={name}}}") for name in ("Latin", "Cyrillic", "Greek")}

Found = tuple[str, int | None, int | None, str]


def style(outline: Outline, *, all_: bool) -> Iterator[Found]:
    """Look-alike scripts in a word; with `all_` also what is a matter of style."""
    for at, tokens in enumerate(outline.tokens):
        offsets = accumulate(map(len, tokens), initial=0)
        for s, token in zip(offsets, tokens, strict=False):
            if not token.isascii() and is_word(token) and sum(bool(p.search(token)) for p in _SCRIPTS.values()) > 1:
                yield "L20", at, s, f"the word {token} mixes scripts that look alike"
    if all_:
        yield from _mixed_duty(outline)
        yield from _undefined(outline)
        yield from _doubled(outline)


def _mixed_duty(outline: Outline) -> Iterator[Found]:
    first: dict[int, str] = {}
    for at, (around, tokens) in enumerate(zip(outline.prefixes, outline.tokens, strict=True)):
        if around.kind != "item":
            first.clear()
            continue
        for verb in (token for token in tokens if token in _DUTY):
            if first.setdefault(around.level, verb) != verb:
                yield "L16", at, 0, "shall and should are mixed in one list"
                break


def _undefined(outline: Outline) -> Iterator[Found]:
    defined = {term for body in outline.bodies for term in _DEFINED.findall(body)}
    used = [(term[0], at, term.start()) for at, body in enumerate(outline.bodies) for term in _TERM.finditer(body)]
    counts = Counter(term for term, _, _ in used)
    for term, at, s in used:
        if counts[term] > 1 and term not in defined:
            yield "L17", at, s, f"the term {term} is capitalised and defined nowhere"
            counts[term] = 0


def _doubled(outline: Outline) -> Iterator[Found]:
    for at, tokens in enumerate(outline.tokens):
        words = [
            (token, s)
            for token, s in zip(tokens, accumulate(map(len, tokens), initial=0), strict=False)
            if not token.isspace()
        ]
        for (one, _), (other, s) in pairwise(words):
            if one == other and one.isalpha() and len(one) > 1:
                yield "L18", at, s, f"the word {other} stands twice"
