"""Cross-references of a text to its own paragraphs. The patterns are data, one a language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .outline import Outline

_N = r"(?P<label>\d+(?:bis|ter|quater|quinquies|sexies)?)\b"
PATTERNS = {
    "en": re.compile(rf"\b[Pp]aragraphs? {_N}(?! (?:of|to|in) (?!this|the present))"),
    "fr": re.compile(rf"\b[Pp]aragraphes? {_N}(?! (?:de|du|des) (?!la présente|le présent))"),
    "es": re.compile(rf"\b[Pp]árrafos? {_N}(?! (?:de|del) (?!la presente|el presente))"),
    "ru": re.compile(rf"\b[Пп]ункт(?:а|у|е|ом|ы|ов|ах)? {_N}(?! (?!настоящ)\w+(?:ия|ции|ого|ой)\b)"),
    "ky": re.compile(rf"\b{_N}-пункт"),
    "ar": re.compile(rf"الفقرة {_N}(?! من (?!هذا|هذه))"),
    "zh": re.compile(r"第(?P<label>\d+)段"),
}


def missing_references(outline: Outline) -> Iterator[tuple[int, int, str]]:
    """References to a paragraph of the text itself that has no such label: unit, offset, message."""
    labels = {around.label.rstrip(".)") for around in outline.prefixes if around.label and around.kind != "heading"}
    if not any(label[:1].isdigit() for label in labels):
        return
    for at, body in enumerate(outline.bodies):
        for pattern in PATTERNS.values():
            for found in pattern.finditer(body):
                if found["label"] not in labels:
                    yield at, found.start(), f"there is no paragraph {found['label']}"
