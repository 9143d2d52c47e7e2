"""The canonical form of a text: what is stored, hashed and signed. `canonical(canonical(x)) == canonical(x)`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from chancery import canon

from .units import BadInput, bodies, is_meta

# Marks, isolates and embeddings of bidirectional text are kept; overrides make a text read unlike its bytes.
_REFUSED = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
_UNBROKEN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_JOINED = regex.compile(rf"(?V1)(?<={_UNBROKEN}\p{{M}}*)[ \t]*\n[ \t\n]*(?=[{_UNBROKEN}--\p{{M}}])")
_SPACES = regex.compile(r"[ \t\n]+")
_INDENT = regex.compile(r"(?: {4})*")


def canonical(text: str) -> str:
    """UTF-8 text in NFC with LF, one space between words, one blank line between units, one final newline.

    Raises BadInput for control characters and bidirectional overrides, which no stored text may hold.
    """
    text = _characters(text)
    joined, previous = "", ""
    for index, body in enumerate(bodies(text)):
        body = _meta(body) if is_meta(index, body) else _one_line(body)
        rows = previous.startswith("|") and body.startswith("|")
        joined += ("\n" if rows else "\n\n" if previous else "") + body
        previous = body
    if not joined:
        raise BadInput("the text is empty")
    return joined + "\n"


def _characters(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00ad", "")
    if found := _REFUSED.search(text):
        raise BadInput(f"the text holds the control character U+{ord(found[0]):04X}")
    return canon.nfc(text)


def _one_line(body: str) -> str:
    """A body on one line; the indent of a list and one extra space beside ` // ` carry meaning."""
    indent = _INDENT.match(body)
    kept = indent[0] if indent else ""
    line = _JOINED.sub("", body[len(kept) :].strip())
    return kept + str(_SPACES.sub(_space, line))


def _space(run: regex.Match[str]) -> str:
    if len(run[0]) > 1 and run[0].isascii() and _stands_beside_slashes(run):
        return "  "
    return " "


def _stands_beside_slashes(run: regex.Match[str]) -> bool:
    start, stop = run.start(), run.end()
    text = str(run.string)
    return (text[start - 2 : start] == "//" and text[start - 3 : start - 2].isspace()) or (
        text[stop : stop + 2] == "//" and text[stop + 2 : stop + 3].isspace()
    )


def _meta(body: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in body.split("\n"))


def changes(text: str) -> Iterator[str]:
    """What the canonical form changes of a text, in words: an import lists it."""
    counted = (
        ("byte order marks or zero-width no-break spaces dropped", text.count("\ufeff")),
        ("soft hyphens dropped", text.count("\u00ad")),
        ("line ends CR or CR LF made LF", text.count("\r")),
    )
    yield from (f"{count} {what}" for what, count in counted if count)
    characters = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00ad", "")
    if canon.nfc(characters) != characters:
        yield "characters composed (NFC)"
    if canonical(text) != canon.nfc(characters):
        yield "spaces and blank lines set to one"
