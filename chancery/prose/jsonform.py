"""A text as JSON: units with their parts, brackets, notes and counts.

Canonical Markdown → JSON → Markdown gives the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

from chancery.canon import sha256

from .canonical import canonical
from .errors import DoesNotApply
from .forms import TEXT
from .outline import Outline
from .render import plain
from .tokens import MARKS, cells, tokens

Json = dict[str, Any]
_MARK_NAMES = {"**": "b", "*": "i", "__": "u"}


def text_as_json(text: str) -> Json:
    """The JSON form of a text. Offsets count code points of the body."""
    outline = Outline(text)
    operative = False
    units = []
    for at, around in enumerate(outline.prefixes):
        operative = operative or (around.kind in ("paragraph", "item") and bool(around.label))
        units.append(_unit(outline, at, operative))
    return {
        "format": TEXT,
        "sha256": sha256(text.encode()),
        "meta": outline.meta,
        "units": units,
        "options": [[first, last] for first, last, _ in outline.options],
        "notes": [_note(note) for note in outline.notes],
        "brackets": [_bracket(pair) for pair in outline.brackets.pairs],
        "counts": outline.counts,
    }


def _unit(outline: Outline, at: int, operative: bool) -> Json:
    around, body = outline.prefixes[at], outline.bodies[at]
    is_text = around.kind in ("paragraph", "item") and outline.meta.get("form") == "decision"
    content = body[around.start : around.stop]
    return {
        "n": at,
        "id": around.id,
        "kind": around.kind,
        "level": around.level,
        "label": around.label,
        "role": None if not is_text else "operative" if operative else "preambular",
        "body": body,
        "text": body if around.kind == "meta" else plain(content),
        "marks": [] if around.kind == "meta" else _marks(body, around.start, around.stop),
        "cells": [list(cell) for cell in cells(body[: around.stop])] if around.kind == "row" else None,
    }


def _marks(body: str, start: int, stop: int) -> list[list[Any]]:
    """Ranges between marks as [start, end, "b" | "i" | "u"]; an odd mark runs to the end of the content."""
    found: list[list[Any]] = []
    opened: dict[str, int] = {}
    at = start
    for token in tokens(body[start:stop]):
        if token in MARKS and token in opened:
            found.append([opened.pop(token), at, _MARK_NAMES[token]])
        elif token in MARKS:
            opened[token] = at + len(token)
        at += len(token)
    found += [[begin, stop, _MARK_NAMES[token]] for token, begin in opened.items()]
    return sorted(found)


def _note(note: Any) -> Json:
    return {"id": note.id, "unit": note.unit, "kind": note.kind} | ({"holder": note.holder} if note.holder else {})


def _bracket(pair: Any) -> Json:
    return {
        "id": pair.id,
        "open": list(pair.open),
        "close": list(pair.close),
        "depth": pair.depth,
        "parent": pair.parent,
        "crossing": pair.is_crossing,
        "holders": list(pair.holders),
        "alternatives": [
            {"open": list(a.open), "close": list(a.close), "holders": list(a.holders)} for a in pair.alternatives
        ],
    }


def text_from_json(document: Json) -> str:
    """The canonical text of a checked document. Raises DoesNotApply where its digest is another."""
    text = canonical("\n\n".join(unit["body"] for unit in document["units"]))
    if sha256(text.encode()) != document["sha256"]:
        raise DoesNotApply("the units of the document do not make the text with its digest")
    return text


def as_text(document: Any) -> str:
    """A document as it is printed: UTF-8, one newline at the end."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
