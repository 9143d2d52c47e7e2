"""The one way bytes are made to be hashed: canonical JSON, instants, fractions, strict base64.

Pure: no clock, no database, no Django. Every digest of Chancery goes through this module, so that a
member can recompute it with nothing but the inputs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_FRACTION = re.compile(r"(0|-?[1-9]\d{0,17})(?:/([1-9]\d{0,17}))?", re.ASCII)
_SURROGATES = re.compile("[\ud800-\udfff]")
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def nfc(text: str) -> str:
    """`text` in Unicode normalisation form C (UAX #15)."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """`text` in NFC, fit for a field of an act.

    Raises ValueError on control characters and on bidirectional controls, which make a name read
    differently from its bytes.
    """
    if _CONTROLS.search(text):
        raise ValueError("holds a control character")
    if _SURROGATES.search(text):
        raise ValueError("holds half a character")
    if _BIDI_CONTROLS.search(text):
        raise ValueError("holds a bidirectional control character")
    return nfc(text)


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON of `value`: NFC, sorted keys, no blanks; fractions "n/d", instants "…Z"; floats refused.

    Raises TypeError for a value that has no canonical form.
    """
    text = json.dumps(as_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def as_json(value: Any) -> Any:
    """`value` as what JSON knows, in canonical spelling. Raises TypeError for floats and strangers."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return nfc(value)
        case Fraction():
            return fraction_text(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_key(key): as_json(item) for key, item in value.items()}
        case list() | tuple():
            return [as_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    return nfc(key)


def instant_text(instant: datetime) -> str:
    """An aware instant as `2026-10-20T05:00:00Z`, cut to seconds. Raises TypeError for a naive time."""
    if instant.tzinfo is None:
        raise TypeError("an instant needs a zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> datetime:
    """The instant that `instant_text` wrote. Raises ValueError for every other spelling."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is no instant; write 2026-10-20T05:00:00Z")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def fraction_text(fraction: Fraction) -> str:
    """A fraction as "n/d" in lowest terms; whole numbers too ("3/1")."""
    return f"{fraction.numerator}/{fraction.denominator}"


def fraction(text: str) -> Fraction:
    """The fraction written as "n/d" or "n". Raises ValueError for floats, blanks and leading zeros."""
    match = _FRACTION.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no fraction; write 2/3")
    return Fraction(int(match[1]), int(match[2] or 1))


def base64_text(data: bytes) -> str:
    """Base64 of RFC 4648 section 4, with padding."""
    return base64.b64encode(data).decode()


def base64_bytes(text: str) -> bytes:
    """The bytes that `base64_text` wrote; decodes, encodes again and compares.

    Raises ValueError for newlines, stray bits, missing padding and the URL alphabet.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(f"{text[:40]!r} is no base64") from error
    if base64_text(data) != text:
        raise ValueError(f"{text[:40]!r} is not the one spelling of its base64")
    return data
