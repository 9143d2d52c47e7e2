"""Renderings of a text: runs with marks, HTML, and the structure from which PDFs are set."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from .units import Unit, units

_MARKS = re.compile(r"(\\[\\\[\]*_|{}#/]|\*\*|__|\*)")
_TAGS = {"**": "strong", "*": "em", "__": "u"}

Run = tuple[str, frozenset[str]]


def runs(content: str) -> list[Run]:
    """The words of a unit, each run with the marks in force (`strong`, `em`, `u`)."""
    found: list[Run] = []
    marks: frozenset[str] = frozenset()
    for part in _MARKS.split(content):
        if part in _TAGS:
            marks = marks ^ {_TAGS[part]}
        elif part:
            found.append((part[1:] if part.startswith("\\") and len(part) == 2 else part, marks))
    return _joined(found)


def _joined(found: list[Run]) -> list[Run]:
    kept: list[Run] = []
    for text, marks in found:
        if kept and kept[-1][1] == marks:
            kept[-1] = (kept[-1][0] + text, marks)
        else:
            kept.append((text, marks))
    return kept


def plain(content: str) -> str:
    """The words of a unit without marks."""
    return "".join(text for text, _ in runs(content))


def title(text: str) -> str:
    """The title of a text, or nothing."""
    first = next(iter(units(text)), None)
    return plain(first.content) if first and first.role == "title" else ""


def structure(text: str) -> list[dict[str, Any]]:
    """Units as data: role, label, level, and runs of `{text, bold, italic, underline}`."""
    return [
        {
            "role": unit.role,
            "label": "" if unit.role in ("title", "heading") else unit.label,
            "level": unit.level,
            "runs": [_run(text, marks) for text, marks in runs(unit.content)],
        }
        for unit in units(text)
    ]


def _run(text: str, marks: frozenset[str]) -> dict[str, Any]:
    return {"text": text, "bold": "strong" in marks, "italic": "em" in marks, "underline": "u" in marks}


def html(text: str, *, title_shown: bool = False) -> str:
    """The text as HTML: one `<p>` a unit, its label apart, its own id (`op-1`, `pp-2`)."""
    made, counts = [], {"preamble": 0, "operative": 0, "sub": 0}
    for unit in units(text):
        if unit.role == "title" and not title_shown:
            continue
        if unit.role in counts:
            counts[unit.role] += 1
        made.append(_html_unit(unit, counts))
    return "\n".join(made)


def _html_unit(unit: Unit, counts: dict[str, int]) -> str:
    words = "".join(_html_run(text, marks) for text, marks in runs(unit.content))
    match unit.role:
        case "title" | "heading":
            level = min(unit.level + 1, 6)
            return f"<h{level}>{words}</h{level}>"
        case "operative":
            return f'<p class="op" id="op-{escape(unit.label.rstrip(".)"))}"><span class="no">{escape(unit.label)}</span> {words}</p>'
        case "sub":
            return f'<p class="sub"><span class="no">{escape(unit.label)}</span> {words}</p>'
        case "preamble":
            return f'<p class="pp" id="pp-{counts["preamble"]}">{words}</p>'
        case "row":
            cells = "".join(f"<td>{escape(cell.strip())}</td>" for cell in unit.body.strip("|").split("|"))
            return f'<table class="text"><tr>{cells}</tr></table>'
    return f"<p>{words}</p>"


def _html_run(text: str, marks: frozenset[str]) -> str:
    words = escape(text)
    for tag in sorted(marks):
        words = f"<{tag}>{words}</{tag}>"
    return words
