"""The body of a press item: Markdown, rendered once and sanitised; raw HTML is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chancery import canon

_BLOCK = re.compile(r"\{(source|decision|photo):([^{}]+)\}")
_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "a",
    "em",
    "strong",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "br",
    "hr",
    "bdi",
}

Link = Callable[[str], str]


class BadBody(ValueError):
    """A body that may not be published, with the reason."""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def canonical(text: str) -> str:
    """NFC, LF, one final newline: what is stored and hashed."""
    return canon.nfc(text.replace("\r\n", "\n").replace("\r", "\n")).strip() + "\n"


def check(text: str) -> None:
    """Refuse raw HTML and links that are not http, https or mailto. Raises BadBody."""
    for token in _all_tokens(_parser().parse(text)):
        if token.type in ("html_block", "html_inline"):
            raise BadBody(f"raw HTML is not published: {token.content.strip()[:60]}")
        href = str(token.attrs.get("href", ""))
        if href and not re.match(r"(https?://|mailto:|/|#)", href):
            raise BadBody(f"a link may lead to http, https or mailto, not to {href[:60]}")
    if re.search(r"\]\(\s*(javascript|data|vbscript):", text, re.IGNORECASE):
        raise BadBody("a link may lead to http, https or mailto only")


def _all_tokens(tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        found += [token, *_all_tokens(token.children or [])]
    return found


def named(text: str, kind: str) -> list[str]:
    """What a body names by `{source:…}` or `{decision:…}` blocks."""
    return [name for block, name in _BLOCK.findall(text) if block == kind]


def quotations(text: str) -> list[tuple[str, int]]:
    """The quotations of a body that name a source: their words and the number of the source."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().split("\n")
        if not all(line.startswith(">") for line in lines):
            continue
        words = " ".join(line.lstrip("> ").strip() for line in lines)
        if match := re.fullmatch(r"(.*?)\s*\{source:(\d+)\}\s*", words):
            found.append((match[1].strip(), int(match[2])))
    return found


def without_title(text: str) -> str:
    """A text whose page shows its title already: the first `# …` line is left out, the rest goes down a level."""
    lines = text.split("\n")
    kept = lines[1:] if lines and lines[0].startswith("# ") else lines
    return re.sub(r"^# ", "## ", "\n".join(kept), flags=re.MULTILINE)


def lede(text: str) -> str:
    """The first paragraph of a body as plain words, at most about 240 characters."""
    first = next((block for block in text.split("\n\n") if block[:1] not in "#>|-"), "")
    words = re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", _BLOCK.sub(lambda m: "" if m[1] == "source" else m[2], first))
    words = " ".join(words.split())
    return words if len(words) <= 240 else words[:240].rsplit(" ", 1)[0] + " …"


def html(text: str, source: Link, decision: Link) -> str:
    """The body as HTML; `source` and `decision` give the HTML that stands for each block."""
    rendered = _parser().render(text)
    clean = nh3.clean(
        rendered, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    return _BLOCK.sub(lambda match: _block(match[1], match[2], source, decision), _figures(clean, source))


def _block(kind: str, name: str, source: Link, decision: Link) -> str:
    if kind == "decision":
        return decision(name)
    return source(name) if kind == "source" else escape(name)


def _figures(clean: str, source: Link) -> str:
    """A quotation that ends in `{source:N}` becomes a figure with its caption."""

    def figure(match: re.Match[str]) -> str:
        quoted = f"<blockquote><p>{match[1].strip()}</p></blockquote>"
        return f'<figure class="quote">{quoted}{source("caption:" + match[2])}</figure>'

    return re.sub(r"<blockquote>\s*<p>(.*?)\{source:(\d+)\}\s*</p>\s*</blockquote>", figure, clean, flags=re.DOTALL)
