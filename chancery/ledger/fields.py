"""Texts of lines `field value` in a fixed order: how they are written, read and kept to one spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chancery import canon
from chancery.ledger import Malformed

_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NOT_IN_SYMBOLS = re.compile(r"[?#%\\]")


class Fields:
    """Reads the lines after the first one in order; the last line must have ended in a line feed."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = list(lines)
        self._at = 0

    def next_is(self, name: str) -> bool:
        """Whether the next line is the field `name`."""
        return self._at < len(self._lines) and self._lines[self._at].startswith(f"{name} ")

    def one(self, name: str) -> str:
        """The value of the next line, which must be the field `name`."""
        line = self._lines[self._at] if self._at < len(self._lines) else "the end"
        found, space, value = line.partition(" ")
        if found != name or not space:
            raise Malformed(f"the field {name} is missing where {line[:60]!r} stands")
        self._at += 1
        return value

    def many(self, name: str) -> tuple[str, ...]:
        """The values of all following lines of the field `name`; there may be none."""
        found = []
        while self.next_is(name):
            found.append(self.one(name))
        return tuple(found)

    def rest(self) -> str:
        """Everything after the fields read so far; the reader moves to the end."""
        rest, self._at = "\n".join(self._lines[self._at :]), len(self._lines)
        return rest


def written(*lines: str) -> str:
    """The lines as one text, each with its line feed."""
    return "".join(line + "\n" for line in lines)


def check_values(*values: str) -> None:
    """Values are not empty, in NFC, without control characters and without space at either end."""
    for value in values:
        try:
            fits = value != "" and value == value.strip() and canon.plain(value) == value and "\n" not in value
        except ValueError as error:
            raise Malformed(f"{value[:60]!r} {error}") from error
        if not fits:
            raise Malformed(f"{value[:60]!r} is no value: not empty, no space at either end, in composed form")


def is_hex(text: str) -> bool:
    """Whether `text` is a SHA-256 in lower-case hex."""
    return _HEX.fullmatch(text) is not None


def check_hexes(*values: str) -> None:
    """Digests are 64 lower-case hex digits."""
    for value in values:
        if not is_hex(value):
            raise Malformed(f"{value[:70]!r} is no SHA-256 in lower-case hex")


def escaped(symbol: str) -> str:
    """A symbol or reference as a text names it: spaces as %20. Raises Malformed for `? # % \\`."""
    check_values(symbol)
    if _NOT_IN_SYMBOLS.search(symbol):
        raise Malformed(f"{symbol[:60]!r} holds one of ? # % \\, which no symbol does")
    return symbol.replace(" ", "%20")


def unescaped(text: str) -> str:
    """The symbol that `escaped` wrote."""
    return text.replace("%20", " ")
