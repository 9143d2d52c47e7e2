"""Reading Akoma Ntoso: its units as Markdown. Of tracked changes the text before them is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import BadInput
from ..xmlread import root
from .inline import source
from .names import AUTO, a, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVEL = re.compile(r"level-([0-9])")
_HIERARCHY = frozenset(
    ("paragraph", "point", "hcontainer", "section", "article", "chapter", "part", "title", "book", "clause")
    + ("indent", "level", "subparagraph", "subsection", "transitional", "rule", "proviso", "alinea")
)
_LOST = {"img": "image", "ins": "insertion", "del": "deletion kept", "mod": "modification", "componentRef": "component"}


def read(data: bytes) -> tuple[str, list[str]]:
    """The text of a document, and what was lost, in words. Raises BadInput."""
    found = root(data, "the file")
    doc = (
        next((child for child in found if local(child) not in ("", "meta")), None)
        if local(found) == "akomaNtoso"
        else None
    )
    if doc is None:
        raise BadInput("no Akoma Ntoso document")
    reader = _Reader(doc)
    lost = Counter(_LOST[local(element)] for element in doc.iter() if local(element) in _LOST)
    return "\n\n".join(body for body in reader.bodies() if body.strip()), [
        f"{n} × {what}" for what, n in sorted(lost.items())
    ]


class _Reader:
    def __init__(self, doc: _Element) -> None:
        self._doc = doc
        self._made: list[str] = []
        self._holders = {
            element.get("eId", ""): element.get("showAs", "")
            for element in doc.iter()
            if local(element).startswith("TLC")
        }

    def bodies(self) -> list[str]:
        """The units in order; notes that hang on their calls come last."""
        for front in self._doc.iter("{urn:chancery:text}front"):
            self._made.append(front.text or "")
        for part in self._doc:
            match local(part):
                case "preface":
                    self._preface(part)
                case "meta" | "":
                    pass
                case _:
                    self._children(part, 0)
        for note in self._doc.iter(a("authorialNote")):
            text = " ".join(source(p, self._holders) for p in note.iter(a("p")))
            self._made.append(f"[^{note.get('marker', '0')}]: {text}")
        return self._made

    def _preface(self, part: _Element) -> None:
        for paragraph in part.iter(a("p")):
            title = paragraph.find(a("docTitle"))
            text = source(paragraph if title is None else title, self._holders)
            self._put("# " if title is not None else "", text, None if title is None else title.get("eId"))

    def _put(self, label: str, text: str, eid: str | None) -> None:
        named = (
            f" {{#{eid}}}" if eid and not eid.startswith(AUTO) and re.fullmatch("[A-Za-z][A-Za-z0-9-]*", eid) else ""
        )
        if text.strip():
            self._made.append(label + " ".join(text.split("\n")).strip() + named)

    def _children(self, parent: Iterable[_Element], depth: int) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._put("", source(child, self._holders), child.get("eId"))
            elif name == "recital":
                self._recital(child)
            elif name == "table":
                self._table(child)
            elif name == "crossHeading":
                self._put("## ", source(child, self._holders), None)
            elif name in _HIERARCHY:
                self._provision(child, depth)
            elif name not in ("num", "heading", "subheading", ""):
                self._children(child, depth)

    def _recital(self, recital: _Element) -> None:
        for paragraph in recital.iter(a("p")):
            self._put("", source(paragraph, self._holders), recital.get("eId"))

    def _provision(self, element: _Element, depth: int) -> None:
        found = _LEVEL.search(element.get("class", ""))
        level = int(found[1]) if found else depth
        number, heading = element.find(a("num")), element.find(a("heading"))
        label = "".join(str(text) for text in number.itertext()).strip() if number is not None else ""
        own = element.find(a("content"))
        own = element.find(a("intro")) if own is None else own
        paragraphs = [] if own is None else list(own.iterfind(a("p")))
        if heading is not None:
            size = level if element.get("name") == "heading" else min(depth + 2, 6)
            title = source(heading, self._holders)
            is_ours = element.get("name") == "heading"
            self._put(
                "#" * max(1, size) + " ", title if is_ours or not label else f"{label} {title}", element.get("eId")
            )
            label = "" if is_ours or not paragraphs else label
        text = " ".join(source(paragraph, self._holders) for paragraph in paragraphs)
        self._put("    " * level + f"{label} " if label else "", text, element.get("eId") if heading is None else None)
        for child in element:
            if child is own:
                self._beside(child, level)
            elif local(child) in _HIERARCHY:
                self._provision(child, level + 1)
            elif local(child) == "content" or local(child) == "wrapUp":
                self._children(child, level + 1)

    def _beside(self, content: _Element, level: int) -> None:
        """What stands in the content of a provision beside its paragraphs: lists and tables."""
        for child in content:
            if local(child) != "p":
                self._children([child], level + 1)

    def _table(self, table: _Element) -> None:
        for row in table.iter(a("tr")):
            inner = []
            for cell in row:
                paragraphs = list(cell.iterfind(a("p"))) or [cell]
                inner.append(" ".join(source(p, self._holders, in_cell=True) for p in paragraphs).strip())
            self._put("", "| " + " | ".join(inner) + " |", row.get("eId"))
