"""Renderings of a text: runs with marks, HTML, and the structure from which PDFs are set."""

from __future__ import annotations

from html import escape
from typing import Any

from .brackets import NO_TEXT
from .tokens import MARKS, Attrs, attrs, cells, tokens, written_attrs
from .units import Unit, units

_TAGS = {"**": "strong", "*": "em", "__": "u"}

Run = tuple[str, frozenset[str]]


def runs(content: str) -> list[Run]:
    """The words of a unit, each run with the marks in force (`strong`, `em`, `u`).

    Brackets keep their signs and holders; ids, which are for machines, are left out.
    """
    found: list[Run] = []
    marks: frozenset[str] = frozenset()
    for token in tokens(content):
        if token in MARKS:
            marks = marks ^ {_TAGS[token]}
        elif found and found[-1][1] == marks:
            found[-1] = (found[-1][0] + _shown(token), marks)
        else:
            found.append((_shown(token), marks))
    return found


def _shown(token: str) -> str:
    if token.startswith("]"):
        return "]" + written_attrs(Attrs(None, attrs(token).groups))
    return token[1:] if token.startswith("\\") and len(token) == 2 else token


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
            "label": "" if unit.role in ("title", "heading") else unit.label.strip("*"),
            "level": unit.level,
            "runs": [_run(text, marks) for text, marks in runs(unit.content)],
        }
        for unit in units(text)
    ]


def _run(text: str, marks: frozenset[str]) -> dict[str, Any]:
    return {"text": text, "bold": "strong" in marks, "italic": "em" in marks, "underline": "u" in marks}


def html(text: str, *, title_shown: bool = False) -> str:
    """The text as HTML: one element a unit with its own direction, its label apart, its own id (`op-1`, `pp-2`)."""
    made: list[str] = []
    preambular = 0
    for unit in units(text):
        preambular += unit.role == "preamble"
        if unit.role == "row":
            _add_row(made, unit)
        elif unit.role != "title" or title_shown:
            made.append(_html_unit(unit, preambular))
    return "\n".join(made)


def _add_row(made: list[str], unit: Unit) -> None:
    """A row joins the table of the row before it; a second row of dashes makes the first one the header."""
    body = unit.content
    inner = [body[start:stop].strip() for start, stop in cells(body)]
    is_rule = all(cell and not cell.strip("-:") for cell in inner)
    in_table = bool(made) and made[-1].endswith("</table>")
    if is_rule and in_table:
        made[-1] = made[-1].replace("<td", "<th").replace("</td>", "</th>")
        return
    row = "<tr>" + "".join(f'<td dir="auto">{_html_content(cell)}</td>' for cell in inner) + "</tr></table>"
    if in_table:
        made[-1] = made[-1].removesuffix("</table>") + row
    else:
        made.append(f'<table class="text">{row}')


def _html_unit(unit: Unit, preambular: int) -> str:
    words = _html_content(unit.content)
    label = f'<span class="no">{escape(unit.label.strip("*"))}</span>'
    match unit.role:
        case "title" | "heading":
            level = min(unit.level + 1, 6)
            return f'<h{level} dir="auto">{words}</h{level}>'
        case "operative":
            number = escape(unit.label.rstrip("."))
            return f'<p class="op" id="op-{number}" dir="auto">{label} {words}</p>'
        case "sub":
            return f'<p class="sub" dir="auto">{label} {words}</p>'
        case "preamble":
            return f'<p class="pp" id="pp-{preambular}" dir="auto">{words}</p>'
    return f'<p dir="auto">{label} {words}</p>' if unit.label else f'<p dir="auto">{words}</p>'


def _html_content(content: str) -> str:
    """Words with marks as elements; a bracket shows by its sign, by a class, and by the names of its holders."""
    made: list[str] = []
    marks: frozenset[str] = frozenset()
    words = ""
    for token in [*tokens(content), ""]:
        sign = _html_sign(token)
        if words and (sign or token in MARKS or not token):
            made.append(_html_run(words, marks))
            words = ""
        if token in MARKS:
            marks = marks ^ {_TAGS[token]}
        elif sign:
            made.append(sign)
        else:
            words += _shown(token)
    return "".join(made)


def _html_sign(sign: str) -> str:
    if sign == "[":
        return '<span class="bracket">[</span>'
    if sign == " // ":
        return ' <span class="or">//</span> '
    if sign.startswith("]"):
        groups = attrs(sign).groups
        names = escape(" // ".join(", ".join(group) for group in groups))
        return '<span class="bracket">]</span>' + (f'<span class="holders" dir="auto">{names}</span>' if names else "")
    if sign.startswith("[^"):
        return f'<sup class="call">{escape(sign[2:-1])}</sup>'
    if sign == NO_TEXT:
        return f'<span class="none">{NO_TEXT} (no text)</span>'
    return ""


def _html_run(text: str, marks: frozenset[str]) -> str:
    words = escape(text)
    for tag in sorted(marks):
        words = f"<{tag}>{words}</{tag}>"
    return words
