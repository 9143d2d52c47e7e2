"""Document symbols: patterns with fields, suffixes for revisions, addenda and corrigenda, counters by scope.

`base = { literal | field }`, `field = "{" name [":" format] "}"`, then suffixes such as `/Rev.1/Corr.2`, then `*`
for each re-issue for technical reasons. Sources: the United Nations' grammar of symbols (the star unverified);
which suffix may follow which is data (design). `parse(format(x)) == x` for every template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NAMES = ("organ", "body", "session", "year", "meeting", "item", "series", "serial", "counter")
NUMBERS = frozenset({"session", "year", "meeting", "serial", "counter"})
FIELD = re.compile(r"\{([a-z]+)(?::([^{}]*))?\}")
SUFFIX_WORDS: Mapping[str, str] = {"Rev": "Rev", "Add": "Add", "Corr": "Corr", "Amend": "Amend"}
PARENTS: Mapping[str, tuple[str, ...]] = {
    "Rev": ("", "Add", "Corr"),
    "Add": ("", "Rev", "Add"),
    "Corr": ("", "Rev", "Add", "Amend"),
    "Amend": ("", "Rev"),
    "Summary": ("", "Rev"),
}
"""What each suffix may follow; "" is the base. A corrigendum takes no addendum; a revised one may be."""


class BadSymbol(ValueError):
    """A symbol or pattern that the grammar refuses."""


@dataclass(frozen=True)
class Suffix:
    """One suffix: its kind (Rev, Add, Corr, Amend, Summary) and its number."""

    kind: str
    serial: int


@dataclass(frozen=True)
class Symbol:
    """A symbol taken apart: the values of its fields, its suffixes in order, the number of re-issues."""

    fields: Mapping[str, Any]
    suffixes: tuple[Suffix, ...] = ()
    reissues: int = 0


@dataclass(frozen=True)
class Template:
    """A pattern of one series. `words` maps kinds of suffix to the words it prints (`Rev`, `REV`, `Rév`)."""

    pattern: str
    words: Mapping[str, str] = field(default_factory=lambda: SUFFIX_WORDS)
    sep: str = "/"
    numsep: str = "."
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PARENTS)

    def __post_init__(self) -> None:
        """Raises BadSymbol for a pattern with an unknown field or format, or two fields without a literal between."""
        names = [name for name, _ in FIELD.findall(self.pattern)]
        unknown = [name for name in names if name not in NAMES]
        if unknown or len(set(names)) < len(names):
            raise BadSymbol(f"{self.pattern!r}: unknown or doubled field; known: {', '.join(NAMES)}")
        literal = FIELD.sub("", self.pattern)
        if "{" in literal or "}" in literal or re.search(r"[?#%\\*]", literal):
            raise BadSymbol(f"{self.pattern!r}: stray brace or a character that no symbol holds")
        if re.search(r"\}\{", self.pattern):
            raise BadSymbol(f"{self.pattern!r}: two fields need a literal between them")
        for name, form in FIELD.findall(self.pattern):
            _check_format(self.pattern, name, form)

    def format(self, *, suffixes: Iterable[Suffix] = (), reissues: int = 0, **fields: Any) -> str:
        """The symbol of these fields. Raises BadSymbol for a missing or unfit value or a refused suffix."""
        printed = FIELD.sub(lambda match: _printed(match[1], match[2] or "", fields), self.pattern)
        suffixes = tuple(suffixes)
        self._check_suffixes(suffixes)
        tail = "".join(f"{self.sep}{self._word(one.kind)}{self.numsep}{one.serial}" for one in suffixes)
        symbol = f"{printed}{tail}{'*' * reissues}"
        check(symbol)
        if self.parse_whole(symbol) != Symbol(self._own(fields), suffixes, reissues):
            raise BadSymbol(f"{symbol!r} would read back as something else")
        return symbol

    def parse(self, symbol: str) -> dict[str, Any]:
        """The fields of a symbol of this series, without its suffixes. Raises BadSymbol for any other symbol."""
        return dict(self.parse_whole(symbol).fields)

    def parse_whole(self, symbol: str) -> Symbol:
        """Fields, suffixes and re-issues of a symbol of this series. Raises BadSymbol for any other symbol."""
        match = self._regex().fullmatch(symbol)
        if match is None:
            raise BadSymbol(f"{symbol!r} is no symbol of the series {self.pattern!r}")
        fields = {name: _read(name, form or "", match[name]) for name, form in FIELD.findall(self.pattern)}
        kinds = {word: kind for kind, word in self.words.items()}
        found = re.findall(self._suffix_regex(groups=True), match["suffixes"])
        suffixes = tuple(Suffix(kinds[word], int(serial)) for word, serial in found)
        self._check_suffixes(suffixes)
        return Symbol(fields, suffixes, len(match["reissues"]))

    def scope(self, **fields: Any) -> str:
        """The scope of the counter: the pattern with all else but the counter filled."""
        return FIELD.sub(
            lambda match: match[0] if match[1] == "counter" else _printed(match[1], match[2] or "", fields),
            self.pattern,
        )

    def _own(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: fields[name] for name, _ in FIELD.findall(self.pattern)}

    def _word(self, kind: str) -> str:
        if kind not in self.words:
            raise BadSymbol(f"{kind!r} is no suffix of this series; known: {', '.join(self.words)}")
        return self.words[kind]

    def _check_suffixes(self, suffixes: tuple[Suffix, ...]) -> None:
        parent = ""
        for one in suffixes:
            if parent not in self.parents.get(one.kind, ()):
                raise BadSymbol(f"{one.kind} may not follow {parent or 'the base'}")
            if one.serial < 1:
                raise BadSymbol("suffixes count from 1")
            parent = one.kind

    def _regex(self) -> re.Pattern[str]:
        parts, last = [], 0
        for match in FIELD.finditer(self.pattern):
            parts.append(re.escape(self.pattern[last : match.start()]))
            parts.append(f"(?P<{match[1]}>{_field_regex(match[1], match[2] or '')})")
            last = match.end()
        parts.append(re.escape(self.pattern[last:]))
        suffixes = f"(?P<suffixes>(?:{self._suffix_regex(groups=False)})*)"
        return re.compile("".join(parts) + suffixes + r"(?P<reissues>\**)")

    def _suffix_regex(self, *, groups: bool) -> str:
        words = "|".join(sorted(map(re.escape, self.words.values()), key=len, reverse=True))
        word, serial = (f"({words})", r"([1-9]\d*)") if groups else (f"(?:{words})", r"[1-9]\d*")
        return f"{re.escape(self.sep)}{word}{re.escape(self.numsep)}{serial}"


def check(symbol: str) -> str:
    """The symbol, if it may stand in an address. Raises BadSymbol.

    A symbol holds none of `? # % \\`, no control character, no dot segment and no double slash.
    """
    if not symbol or symbol != symbol.strip() or re.search(r"[?#%\\\x00-\x1f\x7f]", symbol):
        raise BadSymbol(f"{symbol!r} is empty or holds a character that no symbol holds")
    if any(segment in ("", ".", "..") for segment in symbol.split("/")):
        raise BadSymbol(f"{symbol!r} holds an empty or dot segment")
    return symbol


def superseded_by(suffix: Suffix) -> int | None:
    """The number of the revision that this suffix replaces: Rev.n replaces Rev.n-1 (0: the base), others nothing."""
    return suffix.serial - 1 if suffix.kind == "Rev" else None


def next_suffix(kind: str, taken: Iterable[Suffix]) -> Suffix:
    """The next suffix of a kind under one parent, where these are taken; a cancelled number is not used again."""
    return Suffix(kind, max((one.serial for one in taken if one.kind == kind), default=0) + 1)


def next_counter(taken: Iterable[int]) -> int:
    """The next number of a scope: one more than the highest ever reserved, gaps and cancelled ones included."""
    return max(taken, default=0) + 1


def _check_format(pattern: str, name: str, form: str) -> None:
    known = ("", "d", "roman", "(roman)", "yy", "yyyy", "ordinal")
    if form not in known and not re.fullmatch(r"0[1-9]", form):
        raise BadSymbol(f"{pattern!r}: no format {form!r}")
    if form and name not in NUMBERS:
        raise BadSymbol(f"{pattern!r}: {name} is text and takes no format")


def _field_regex(name: str, form: str) -> str:
    if name not in NUMBERS:
        return r"[^/{}*]+?"
    if form.startswith("0"):
        return rf"(?:\d{{{form[1:]}}}|[1-9]\d{{{form[1:]},}})"
    return {
        "roman": "[MDCLXVI]+",
        "(roman)": r"\([MDCLXVI]+\)",
        "yy": r"\d\d",
        "yyyy": r"\d{4}",
        "ordinal": r"[1-9]\d*(?:st|nd|rd|th)",
    }.get(form, r"0|[1-9]\d*")


def _printed(name: str, form: str, fields: Mapping[str, Any]) -> str:
    if name not in fields:
        raise BadSymbol(f"the field {name} has no value")
    value = fields[name]
    if name not in NUMBERS:
        if not isinstance(value, str) or not value:
            raise BadSymbol(f"{name} must be text, not {value!r}")
        return value
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadSymbol(f"{name} must be a whole number, not {value!r}")
    return _number(form, value)


def _number(form: str, value: int) -> str:
    if form.startswith("0"):
        return f"{value:0{form[1:]}d}"
    if form == "yy":
        return f"{value % 100:02d}"
    if form == "yyyy":
        return f"{value:04d}"
    if form == "ordinal":
        return ordinal(value)
    if form in ("roman", "(roman)"):
        return roman(value) if form == "roman" else f"({roman(value)})"
    return str(value)


def _read(name: str, form: str, text: str) -> Any:
    if name not in NUMBERS:
        return text
    if form == "yy":
        return 2000 + int(text)
    if "roman" in form:
        return _from_roman(text.strip("()"))
    return int(re.sub(r"\D", "", text))


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(value: int) -> str:
    """A number from 1 to 3999 in Roman numerals. Raises BadSymbol for others."""
    if not 1 <= value <= 3999:
        raise BadSymbol(f"{value} has no Roman numeral")
    found = ""
    for worth, letters in _ROMAN:
        times, value = divmod(value, worth)
        found += letters * times
    return found


def _from_roman(text: str) -> int:
    worth = {letters: value for value, letters in _ROMAN if len(letters) == 1}
    values = [worth[letter] for letter in text]
    total = sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
    if not 1 <= total <= 3999 or roman(total) != text:
        raise BadSymbol(f"{text!r} is no Roman numeral")
    return total


def ordinal(value: int) -> str:
    """A number as an English ordinal: 1st, 2nd, 51st, 112th."""
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def reserve(taken: Iterable[int], wanted: int | None = None) -> int:
    """A number of a scope for one text: the next, or the one wanted. Raises BadSymbol where it was ever taken."""
    known = frozenset(taken)
    if wanted is None:
        return next_counter(known)
    if wanted in known:
        raise BadSymbol(f"{wanted} is taken; a number is never used twice")
    return wanted
