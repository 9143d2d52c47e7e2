"""Reading a Word document: paragraphs and rows with every revision on them, and what could not be read.

There are two views and no third: all revisions rejected, and those of one author accepted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadInput
from ..xmlread import parts, root
from .names import INDENT, local, value, w
from .numbering import Numbering

if TYPE_CHECKING:
    from lxml.etree import _Element


class Fate(NamedTuple):
    """Who inserted and who deleted something; None for nobody."""

    inserted: str | None = None
    deleted: str | None = None

    def stands(self, author: str | None) -> bool:
        """Whether it is there when the revisions of `author` are accepted and all others rejected."""
        if self.deleted is not None and self.deleted == author:
            return False
        return self.inserted is None or self.inserted == author


class Run(NamedTuple):
    """Text with its marks and its fate."""

    text: str
    marks: frozenset[str]
    fate: Fate


@dataclass
class Paragraph:
    """One paragraph; `mark` is the fate of its paragraph mark."""

    style: str = ""
    level: int = 0
    label: str = ""
    runs: list[Run] = field(default_factory=list)
    mark: Fate = Fate()


@dataclass
class Row:
    """One row of a table; a cell holds paragraphs."""

    cells: list[list[Paragraph]]
    fate: Fate
    first: bool


class Comment(NamedTuple):
    """A comment with its author, instant and the words it hangs on."""

    author: str
    at: str
    text: str
    anchor: str


@dataclass
class Word:
    """A document as read."""

    blocks: list[Paragraph | Row] = field(default_factory=list)
    notes: dict[str, Paragraph] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    authors: Counter[str] = field(default_factory=Counter)
    dates: dict[str, str] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def losses(self) -> list[str]:
        """What the document holds and the text cannot, counted."""
        return [f"{count} × {what}" for what, count in sorted(self.lost.items())]


_LOST = {
    "drawing": "image or text box",
    "pict": "image or text box",
    "object": "embedded object",
    "oMath": "equation",
    "oMathPara": "equation",
    "sym": "symbol of a special font",
    "rPrChange": "tracked change of format",
    "pPrChange": "tracked change of format",
    "tblPrChange": "tracked change of format",
    "tcPrChange": "tracked change of format",
    "trPrChange": "tracked change of format",
    "sectPrChange": "tracked change of section",
    "headerReference": "header",
    "footerReference": "footer",
    "endnoteReference": "endnote",
    "cellIns": "tracked insertion of a cell",
    "cellDel": "tracked deletion of a cell",
    "cellMerge": "tracked merging of cells",
    "altChunk": "embedded document",
}
_SKIPPED = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "instrText", "delInstrText", "proofErr"}
_MARKS = {"b": "**", "i": "*", "u": "__"}
_OFF = {"0", "false", "none", "off"}


def read(data: bytes) -> Word:
    """The document in a DOCX file. Raises BadInput."""
    files = parts(data)
    if "word/document.xml" not in files:
        raise BadInput("no Word document: word/document.xml is missing")
    return _Reader(files).word()


class _Reader:
    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files
        self._found = Word()
        self._numbering = Numbering(self._part("numbering"))
        self._anchors: dict[str, list[str]] = {}
        self._open_anchors: set[str] = set()

    def _part(self, name: str) -> _Element | None:
        path = f"word/{name}.xml"
        return root(self._files[path], path) if path in self._files else None

    def word(self) -> Word:
        document = self._part("document")
        body = None if document is None else document.find(w("body"))
        if body is None:
            raise BadInput("no Word document: it has no body")
        self._blocks(body, Fate())
        for element in body.iter():
            if local(element) in _LOST:
                self._found.lost[_LOST[local(element)]] += 1
        self._footnotes()
        self._comments()
        return self._found

    def _blocks(self, parent: _Element, fate: Fate) -> None:
        for child in parent:
            name = local(child)
            if name == "p":
                self._found.blocks.append(self._paragraph(child, fate))
            elif name == "tbl":
                self._table(child)
            elif name not in _SKIPPED:
                self._blocks(child, self._fate(child, fate))

    def _table(self, table: _Element) -> None:
        first = True
        for row in table.iter(w("tr")):
            if next(row.iterancestors(w("tbl")), None) is not table:
                self._found.lost["table inside a table"] += 1
                continue
            properties = row.find(w("trPr"))
            fate = Fate()
            for child in properties if properties is not None else ():
                fate = self._fate(child, fate)
            cells = [[self._paragraph(p, Fate()) for p in cell.iter(w("p"))] for cell in row.iter(w("tc"))]
            self._found.blocks.append(Row(cells, fate, first))
            first = False

    def _paragraph(self, element: _Element, fate: Fate) -> Paragraph:
        found = Paragraph(mark=fate)
        properties = element.find(w("pPr"))
        if properties is not None:
            found.style = value(properties.find(w("pStyle"))) or ""
            found.label, found.level = self._numbering.label(properties.find(w("numPr")))
            if not found.label:
                found.level = _indent(properties)
            for child in properties.iterfind(f"{w('rPr')}/*"):
                found.mark = self._fate(child, found.mark)
        self._runs(element, fate, found)
        return found

    def _runs(self, parent: _Element, fate: Fate, found: Paragraph) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                self._run(child, fate, found)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                act = self._open_anchors.add if name.endswith("Start") else self._open_anchors.discard
                act(value(child, "id") or "")
            elif name not in _SKIPPED and name not in _LOST:
                self._runs(child, self._fate(child, fate), found)

    def _run(self, run: _Element, fate: Fate, found: Paragraph) -> None:
        marks = _run_marks(run.find(w("rPr")))
        for child in run:
            text = self._piece(child)
            if text:
                found.runs.append(Run(text, marks, fate))
                for name in self._open_anchors:
                    self._anchors.setdefault(name, []).append(text)

    def _piece(self, child: _Element) -> str:
        match local(child):
            case "t" | "delText":
                return child.text or ""
            case "tab":
                return " "
            case "br" | "cr":
                return "\n"
            case "noBreakHyphen":
                return "\u2011"
            case "footnoteReference":
                return f"[^{value(child, 'id') or '0'}]"
        return ""

    def _fate(self, element: _Element, around: Fate) -> Fate:
        """The fate of what stands in a revision, given the fate of the revision."""
        name, author = local(element), value(element, "author") or "unknown"
        if name not in ("ins", "del", "moveFrom", "moveTo"):
            return around
        self._found.authors[author] += 1
        self._found.dates[author] = max(self._found.dates.get(author, ""), value(element, "date") or "")
        if name in ("ins", "moveTo"):
            return around._replace(inserted=author)
        return around._replace(deleted=author)

    def _footnotes(self) -> None:
        footnotes = self._part("footnotes")
        for note in footnotes.iter(w("footnote")) if footnotes is not None else ():
            if value(note, "type") in (None, "normal"):
                found = Paragraph()
                for paragraph in note.iter(w("p")):
                    self._runs(paragraph, Fate(), found)
                self._found.notes[value(note, "id") or "0"] = found

    def _comments(self) -> None:
        comments = self._part("comments")
        for comment in comments.iter(w("comment")) if comments is not None else ():
            text = " ".join("".join(t.text or "" for t in p.iter(w("t"))) for p in comment.iter(w("p")))
            anchor = "".join(self._anchors.get(value(comment, "id") or "", []))
            author, at = value(comment, "author") or "unknown", value(comment, "date") or ""
            self._found.comments.append(Comment(author, at, text.strip(), anchor.strip()))


def _indent(properties: _Element) -> int:
    indent = properties.find(w("ind"))
    left = value(indent, "left") or value(indent, "start") or "0"
    return min(9, int(left) // INDENT) if left.isdecimal() and len(left) < 6 else 0


def _run_marks(properties: _Element | None) -> frozenset[str]:
    if properties is None:
        return frozenset()
    found = {local(child): value(child) or "on" for child in properties}
    return frozenset(sign for name, sign in _MARKS.items() if found.get(name, "off") not in _OFF)
