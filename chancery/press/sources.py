"""Quotations are found word for word in the record, or they are not called exact."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from chancery.prose import canonical, render, units
from chancery.trail import refs
from chancery.trail.files import File
from chancery.trail.refs import Ref, Referable

GAP = "[…]"


@dataclass(frozen=True)
class Quotation:
    """A quotation of a source in the record, and how it is taken."""

    quote: str
    of: Ref
    mode: Literal["exact", "abridged", "translation"] = "exact"
    language: str = "en"


class NotFound(ValueError):
    """The words are not in the source; `nearest` is the passage most like them."""

    def __init__(self, quotation: Quotation, nearest: str) -> None:
        near = f"; the nearest passage: “{nearest}”" if nearest else ""
        super().__init__(f"“{quotation.quote[:80]}” is not in {quotation.of} ({quotation.language}){near}")


def texts_of(source: Referable) -> dict[str, File]:
    """The stored text of a source per language."""
    held = getattr(source, "text", None)
    if held is None and hasattr(source, "versions"):
        held = {version.language: version.file for version in source.versions.all()}
    return {language: File(**file) for language, file in (held or {}).items()}


def paragraphs(file: File) -> list[str]:
    """The paragraphs of a stored text as plain words in canonical form."""
    return [render.plain(unit.content) for unit in units.units(canonical.canonical(units.read(file.read())))]


def locate(quotation: Quotation) -> int | None:
    """The paragraph (from 1) in which the quotation stands; None for a translation. Raises NotFound, ValueError."""
    texts = texts_of(refs.get(quotation.of))
    if quotation.mode == "translation":
        if not texts:
            raise ValueError(f"{quotation.of} holds no text to translate")
        return None
    file = texts.get(quotation.language)
    if file is None:
        raise ValueError(f"{quotation.of} has no text in {quotation.language}; a translation is marked as one")
    return _find(quotation, paragraphs(file))


def _find(quotation: Quotation, found: list[str]) -> int:
    parts = [part.strip() for part in quotation.quote.split(GAP)] if quotation.mode == "abridged" else [quotation.quote]
    for number, paragraph in enumerate(found, 1):
        if _in_order(parts, paragraph):
            return number
    if quotation.mode == "abridged" and _in_order(parts, "\n".join(found)):
        return next(number for number, paragraph in enumerate(found, 1) if parts[0] in paragraph)
    raise NotFound(quotation, nearest(quotation.quote, found))


def _in_order(parts: list[str], text: str) -> bool:
    start = 0
    for part in parts:
        position = text.find(part, start)
        if not part or position < 0:
            return False
        start = position + len(part)
    return True


def nearest(quote: str, found: list[str]) -> str:
    """The sentence of the source that reads most like the quotation."""
    sentences = [s.strip() for paragraph in found for s in re.split(r"(?<=[.!?؟])\s+", paragraph) if s.strip()]
    return next(iter(difflib.get_close_matches(quote, sentences, n=1, cutoff=0.3)), "")
