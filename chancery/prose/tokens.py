"""Words, signs and graphemes of a body. Tokens concatenate to the body; none cuts a grapheme cluster.

Words are the word segments of UAX #29 that hold a letter or digit. Han, Thai, Lao, Khmer and Burmese have
no default word break: there each grapheme cluster is a word, which is what the default rules give.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import regex

from .units import ID, NOTE_ID

# A sign that is part of a larger grapheme cluster is text: no cluster is ever cut.
_JOINS = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]"
ATTRS = rf"\{{(?:\#{ID}(?=[ }}]))?(?:\ ?[^{{}}\[\]\#\s][^{{}}\[\]\n]*)?\}}"
SIGN = regex.compile(
    rf"""(?V1x)(?=[\\\[\]*_\ |])(?<!\p{{GCB=Prepend}})(?:
      \\[\\\[\]*_|{{}}\#/]        # an escape
    | \[\^{NOTE_ID}\]                  # a call of a note
    | \](?:{ATTRS})?              # a closing bracket with its holders
    | \[ | \*\* | __ | \* | \ //\  | \|
    )(?!{_JOINS})"""
)
_BORDER = regex.compile(r"(?V1w)\b")
_CLUSTERED = regex.compile(
    r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}\p{GCB=Prepend}\p{GCB=L}\p{GCB=V}\p{GCB=T}\p{GCB=RI}]"
)
_CLUSTER = regex.compile(r"\X")
_WORD = regex.compile(r"[\p{L}\p{N}]")
_ATTRS = regex.compile(rf"\{{(?:\#(?P<id>{ID}))?\ ?(?P<groups>[^{{}}]*)\}}")
_ID_SIGN = regex.compile(rf"\{{\#(?P<id>{ID})")
MARKS = ("**", "*", "__")


class Attrs(NamedTuple):
    """What stands in braces behind a bracket: its id, and groups of holders."""

    id: str | None
    groups: tuple[tuple[str, ...], ...]


def tokens(body: str) -> list[str]:
    """A body cut into words, white space, punctuation and signs."""
    found: list[str] = []
    at = 0
    for sign in SIGN.finditer(body):
        start, stop = sign.span()
        if start > at:
            found += _split(body[at:start])
        found.append(sign[0])
        at = stop
    if at < len(body):
        found += _split(body[at:])
    return found


def _split(text: str) -> list[str]:
    parts: list[str] = _BORDER.split(text)[1:-1]  # both ends of a text are borders
    if text.isascii() or not _CLUSTERED.search(text):
        return parts
    return _whole_clusters(parts, {match.start() for match in _CLUSTER.finditer(text)})


def _whole_clusters(parts: list[str], borders: set[int]) -> list[str]:
    """`parts` joined wherever a word border lies inside a grapheme cluster."""
    joined: list[str] = []
    at = 0
    for part in parts:
        if at in borders:
            joined.append(part)
        else:
            joined[-1] += part
        at += len(part)
    return joined


def is_sign(token: str) -> bool:
    """Whether a token is markup and no text."""
    return bool(SIGN.fullmatch(token))


def is_word(token: str) -> bool:
    """Whether a token counts as a word: it holds a letter or a digit and is no sign."""
    return token.isalnum() or bool(_WORD.search(token) and token[0] not in "[]\\")


def words(body: str) -> list[str]:
    """The words of a body, in order; signs, holders and punctuation are none."""
    return [token for token in tokens(body) if is_word(token)]


def attrs(sign: str) -> Attrs:
    """Id and holders of a closing bracket such as `]{#b1 US // EU, CA}`."""
    match = _ATTRS.fullmatch(sign[1:])
    if not match:
        return Attrs(None, ())
    groups = match["groups"].split(" // ") if match["groups"] else []
    return Attrs(match["id"], tuple(tuple(name.strip() for name in group.split(", ")) for group in groups))


def ids(text: str) -> list[str]:
    """Every id written in a text, of units and of brackets."""
    return [match["id"] for match in _ID_SIGN.finditer(text)]


def written_attrs(found: Attrs) -> str:
    """Attributes as they stand behind a bracket; nothing where there are none."""
    parts = [f"#{found.id}"] if found.id else []
    parts += [" // ".join(", ".join(group) for group in found.groups)] if found.groups else []
    return "{" + " ".join(parts) + "}" if parts else ""


def cells(body: str) -> list[tuple[int, int]]:
    """The ranges between the unescaped `|` of a table row, white space included."""
    borders = [sign.start() for sign in SIGN.finditer(body) if sign[0] == "|"]
    found = [(one + 1, other) for one, other in pairwise(borders)]
    rest = borders[-1] + 1 if borders else 0
    return [*found, (rest, len(body))] if body[rest:].strip() else found


def grapheme_borders(body: str) -> set[int]:
    """Offsets at which a grapheme cluster begins or the body ends (UAX #29)."""
    return {match.start() for match in _CLUSTER.finditer(body)} | {len(body)}
