"""The shape of each kind of document, and the check that a document has it.

A shape is `str` (text without control characters), `int`, `bool`, a set of allowed words, a list with the shape
of its items, or a dict of keys; a key that ends in `?` may be left out, a key that is not named is refused.

A text comes as units: `role` says what a unit is, `label` is what is printed before it, `level` how far
it is indented, `runs` are pieces of text. A unit of role `row` is a row of a table, its cells between `|`.
"""

from __future__ import annotations

import re
from typing import Any

from chancery import canon

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ROLES = {"title", "heading", "preamble", "operative", "sub", "row", "plain"}

RUN = {"text": str, "bold?": bool, "italic?": bool, "underline?": bool}
UNIT = {"role": _ROLES, "label?": str, "level?": int, "runs": [RUN]}
TEXT = {"language": _LANGUAGE, "direction": {"ltr", "rtl"}, "units": [UNIT], "sha256?": _SHA256}
STATEMENT = {"heading": str, "by?": str, "texts": [TEXT]}
SIGNATORY = {"member": str, "office": str, "name?": str}
HEAD = {"language": _LANGUAGE, "council": str, "symbol": str, "title": str, "session": str, "rehearsal?": str}
DECISION = HEAD | {"adopted": str, "texts": [TEXT], "statements?": [STATEMENT], "verify?": str}
FINAL = DECISION | {"signatories": [SIGNATORY]}
JOURNAL = HEAD | {"meetings": [{"heading": str, "acts": [{"time": str, "text": str}]}]}
PARTICIPANTS = HEAD | {"groups": [{"heading": str, "people": [{"name": str, "function": str}]}]}
# A paper for one reader, whose name stands on every page; `stamped` is the same for a PDF that somebody brought.
PAPER = HEAD | {"reader": str, "texts": [TEXT]}
STAMPED = HEAD | {"reader": str, "pdf": re.compile(r"[A-Za-z0-9+/]*={0,2}")}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "decision": DECISION,
    "final": FINAL,
    "journal": JOURNAL,
    "paper": PAPER,
    "participants": PARTICIPANTS,
    "stamped": STAMPED,
}


class Misshapen(ValueError):
    """A document that has not the shape of its kind; the message names the place and the fault."""


def checked(value: Any, shape: Any, place: str = "") -> Any:
    """`value` in NFC, if it has `shape`. Raises Misshapen naming the first fault by its JSON pointer."""
    match shape:
        case dict():
            return _object(value, shape, place)
        case list():
            return [checked(item, shape[0], f"{place}/{n}") for n, item in enumerate(_of(list, value, place))]
        case set():
            if value not in shape:
                raise Misshapen(f"{place}: {value!r} is none of {', '.join(sorted(shape))}")
            return value
        case re.Pattern():
            if not shape.fullmatch(_of(str, value, place)):
                raise Misshapen(f"{place}: {value!r} is not of the form {shape.pattern}")
            return value
    if shape is str:
        return _text(value, place)
    return _of(shape, value, place)


def _object(value: Any, shape: dict[str, Any], place: str) -> dict[str, Any]:
    found = _of(dict, value, place)
    keys = {key.rstrip("?"): inner for key, inner in shape.items()}
    missing = [key for key in shape if not key.endswith("?") and key not in found]
    if missing:
        raise Misshapen(f"{place}: {missing[0]} is missing")
    unknown = sorted(str(key) for key in found if key not in keys)
    if unknown:
        raise Misshapen(f"{place}: {unknown[0]} is not known")
    return {key: checked(inner, keys[key], f"{place}/{key}") for key, inner in found.items()}


def _text(value: Any, place: str) -> str:
    text = canon.nfc(_of(str, value, place))
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise Misshapen(f"{place}: holds a control character")
    return text


def _of(kind: type, value: Any, place: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
        raise Misshapen(f"{place or '/'}: {kind.__name__} expected, {type(value).__name__} found")
    return value
