"""The canonical form of a text: what is stored, hashed and signed. `canonical(canonical(x)) == canonical(x)`."""

from __future__ import annotations

import re

from chancery import canon

from .units import BadInput, bodies

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[ \t\n]+")
_INDENT = re.compile(r"(?: {4})*")


def canonical(text: str) -> str:
    """UTF-8 text in NFC with LF, one space between words, one blank line between units, one final newline.

    Raises BadInput for control and bidirectional controls, which no stored text may hold.
    """
    text = canon.nfc(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u00ad", ""))
    if found := _CONTROLS.search(text):
        raise BadInput(f"the text holds the control character U+{ord(found[0]):04X}")
    joined, previous = "", ""
    for body in (_one_line(body) for body in bodies(text)):
        rows = previous.startswith("|") and body.startswith("|")
        joined += ("\n" if rows else "\n\n" if previous else "") + body
        previous = body
    if not joined:
        raise BadInput("the text is empty")
    return joined + "\n"


def _one_line(body: str) -> str:
    indent = _INDENT.match(body)
    kept = indent[0] if indent else ""
    return kept + _SPACES.sub(" ", body[len(kept) :]).strip()
