"""Words made comparable: folded, cut, and brought to their stem. The same on both sides, index and question."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"\w+")
LONGEST = 60
MOST_WORDS = 12

# One stemmer per script, not per language: a question does not say in which language it is asked.
_STEMMERS = {name: snowballstemmer.stemmer(name) for name in ("english", "russian", "arabic")}


def fold(text: str) -> str:
    """`text` for comparison: lower case, without accents, vowel signs and stretching; ё reads as е.

    Nor does it hold the zero sign, which PostgreSQL knows in no text.
    """
    decomposed = unicodedata.normalize("NFKD", text).lower().replace("ـ", "").replace("\0", "")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def flat(text: str) -> str:
    """`text` folded sign by sign, as long as it was, so that places in it are places in the original."""
    return "".join(map(_one, text))


@lru_cache(maxsize=10_000)
def _one(sign: str) -> str:
    return (fold(sign) or sign)[0]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word as it stands in a text, folded."""
    lower = word.lower().replace("ё", "е")
    first = lower[0]
    if "\u0400" <= first <= "\u04ff":
        return fold(_STEMMERS["russian"].stemWord(lower))
    if "\u0600" <= first <= "\u06ff":
        # The article after "and": the stemmer knows the one and not both.
        return fold(_STEMMERS["arabic"].stemWord(fold(lower).removeprefix("و") if lower.startswith("وال") else lower))
    return fold(_STEMMERS["english"].stemWord(lower)) if first.isalpha() else lower


def terms(text: str) -> str:
    """The words of a text as the index holds them: each folded, and its stem beside it where that differs."""
    found: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFC", text)):
        folded, stemmed = fold(word)[:LONGEST], stem(word)[:LONGEST]
        found += [folded] if folded == stemmed else [folded, stemmed]
    return " ".join(found)


@dataclass(frozen=True)
class Asked:
    """One word of a question: found as it stands, as the beginning of a word, or by its stem."""

    word: str
    stem: str

    @property
    def begins(self) -> bool:
        """Numbers and single letters are no beginnings: 4 is not 41."""
        return len(self.word) > 1 and not self.word.isdigit()


def asked(question: str) -> list[Asked]:
    """The words of a question, each once; a long one is cut."""
    words = WORD.findall(unicodedata.normalize("NFC", question[:500]))
    found = dict.fromkeys(Asked(fold(word)[:LONGEST], stem(word)[:LONGEST]) for word in words)
    return [one for one in found if one.word][:MOST_WORDS]
