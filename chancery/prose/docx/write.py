"""A text as a Word document, proposals as tracked changes with the delegation as author."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..proposal import Proposal
from ..tokens import MARKS, cells, tokens
from ..tracked import Paragraph, Piece, Plan, Revision
from ..units import cut, is_meta, prefix
from .names import INDENT, MARK_TAGS, META_STYLE, PACKAGE, RELATIONS, XML_SPACE, W, w

if TYPE_CHECKING:
    from lxml.etree import _Element

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Document:
    """A Word file, and what it could only hold as a comment."""

    data: bytes
    losses: tuple[str, ...]


def write(text: str, proposals: Sequence[Proposal] = ()) -> Document:
    """The text as DOCX; proposals in canonical order."""
    bodies = cut(text).bodies
    plan = Plan(bodies)
    for proposal in sorted(proposals, key=lambda proposal: proposal.id):
        plan.add(proposal)
    paragraphs = plan.paragraphs()
    return Document(_Writer().package(paragraphs), tuple(plan.losses))


class _Writer:
    """Writes paragraphs as WordprocessingML and packs the parts."""

    def __init__(self) -> None:
        from lxml import etree

        self._etree = etree
        self._ids = 0
        self._comments: list[tuple[str, Proposal, str]] = []

    def package(self, paragraphs: Sequence[Paragraph]) -> bytes:
        """The zip archive; the same text gives the same bytes."""
        parts = {"word/document.xml": self._document(paragraphs), "word/styles.xml": self._styles()}
        if self._comments:
            parts["word/comments.xml"] = self._comment_part()
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in [("[Content_Types].xml", self._types(parts)), *self._relations(parts), *parts.items()]:
                archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
        return sink.getvalue()

    def _element(self, name: str, **attributes: str) -> _Element:
        found = self._etree.Element(w(name), nsmap={"w": W})
        for key, text in attributes.items():
            found.set(w(key), text)
        return found

    def _add(self, parent: _Element, name: str, **attributes: str) -> _Element:
        child = self._element(name, **attributes)
        parent.append(child)
        return child

    def _bytes(self, element: _Element) -> bytes:
        return self._etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _document(self, paragraphs: Sequence[Paragraph]) -> bytes:
        document = self._element("document")
        body = self._add(document, "body")
        table: _Element | None = None
        for number, paragraph in enumerate(paragraphs):
            if paragraph.body.startswith("|"):
                table = self._table(body, paragraph) if table is None else table
                self._row(table, paragraph)
            else:
                table = None
                self._paragraph(body, paragraph, is_meta(number, paragraph.body))
        self._add(body, "sectPr")
        return self._bytes(document)

    def _table(self, body: _Element, first: Paragraph) -> _Element:
        table = self._add(body, "tbl")
        borders = self._add(self._add(table, "tblPr"), "tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            self._add(borders, side, val="single", sz="4")
        grid = self._add(table, "tblGrid")
        for _ in cells(first.body):
            self._add(grid, "gridCol", w="2000")
        return table

    def _row(self, table: _Element, paragraph: Paragraph) -> None:
        row = self._add(table, "tr")
        if paragraph.revision:
            self._revision(self._add(row, "trPr"), paragraph.revision)
        stop = prefix(paragraph.body).stop
        rest = paragraph.body[stop:]
        ranges = cells(paragraph.body[:stop])
        for number, (start, end) in enumerate(ranges):
            cell = self._add(self._add(row, "tc"), "p")
            if paragraph.revision:
                self._revision(self._add(self._add(cell, "pPr"), "rPr"), paragraph.revision)
            inner = _trimmed(_slice(paragraph.pieces, start, end))
            if number == len(ranges) - 1 and rest:
                inner.append(Piece(rest, paragraph.revision))
            self._runs(cell, inner)
            if number == 0:
                self._anchor(cell, paragraph)

    def _paragraph(self, body: _Element, paragraph: Paragraph, is_front: bool) -> None:
        found = self._add(body, "p")
        around = prefix(paragraph.body)
        properties = self._add(found, "pPr")
        if is_front:
            self._add(properties, "pStyle", val=META_STYLE)
        elif around.kind == "heading":
            self._add(properties, "pStyle", val=f"Heading{around.level}")
        elif around.level:
            self._add(properties, "ind", left=str(INDENT * around.level))
        if paragraph.revision:
            self._revision(self._add(properties, "rPr"), paragraph.revision)
        if is_front:
            self._lines(found, paragraph.body)
            return
        skipped = around.start if around.kind == "heading" else 4 * around.level
        self._runs(found, _slice(paragraph.pieces, skipped, None))
        self._anchor(found, paragraph)

    def _lines(self, paragraph: _Element, text: str) -> None:
        run = self._add(paragraph, "r")
        for number, line in enumerate(text.split("\n")):
            if number:
                self._add(run, "br")
            self._text(run, "t", line)

    def _runs(self, parent: _Element, pieces: Sequence[Piece]) -> None:
        marks: list[str] = []
        for piece in pieces:
            target = self._revision(parent, piece.revision) if piece.revision and piece.text else parent
            own = list(marks)
            words = ""
            for token in [*tokens(piece.text), ""]:
                if words and (token in MARKS or not token):
                    self._run(target, words, own, piece.revision)
                    words = ""
                if token in MARKS:
                    own = [mark for mark in own if mark != token] if token in own else [*own, token]
                else:
                    words += token
            if not piece.revision:
                marks = own

    def _run(self, parent: _Element, text: str, marks: Sequence[str], revision: Revision | None) -> None:
        run = self._add(parent, "r")
        if marks:
            properties = self._add(run, "rPr")
            for mark in MARKS:
                if mark in marks:
                    self._add(properties, MARK_TAGS[mark], **({"val": "single"} if mark == "__" else {}))
        self._text(run, "delText" if revision and revision.kind == "del" else "t", text)

    def _text(self, run: _Element, name: str, text: str) -> None:
        found = self._add(run, name)
        found.text = text
        found.set(XML_SPACE, "preserve")

    def _revision(self, parent: _Element, revision: Revision) -> _Element:
        self._ids += 1
        date = {"date": revision.at} if revision.at else {}
        return self._add(parent, revision.kind, id=str(self._ids), author=revision.by, **date)

    def _anchor(self, paragraph: _Element, written: Paragraph) -> None:
        for proposal, said in written.comments:
            name = str(len(self._comments))
            self._comments.append((name, proposal, said))
            self._add(self._add(paragraph, "r"), "commentReference", id=name)

    def _comment_part(self) -> bytes:
        comments = self._element("comments")
        for name, proposal, said in self._comments:
            date = {"date": proposal.published_at} if proposal.published_at else {}
            comment = self._add(comments, "comment", id=name, author=proposal.by, **date)
            self._text(self._add(self._add(comment, "p"), "r"), "t", f"{proposal.id}: {said}")
        return self._bytes(comments)

    def _styles(self) -> bytes:
        styles = self._element("styles")
        names = [(f"Heading{level}", f"heading {level}") for level in range(1, 7)]
        for style, name in [*names, (META_STYLE, "Front matter")]:
            found = self._add(styles, "style", type="paragraph", styleId=style)
            self._add(found, "name", val=name)
            if style != META_STYLE:
                self._add(self._add(found, "rPr"), "b")
        return self._bytes(styles)

    def _types(self, parts: dict[str, bytes]) -> bytes:
        types = self._etree.Element(f"{{{PACKAGE}/content-types}}Types", nsmap=_default(f"{PACKAGE}/content-types"))
        for extension, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
        ):
            self._etree.SubElement(types, f"{{{PACKAGE}/content-types}}Default", Extension=extension, ContentType=kind)
        for name in parts:
            stem = name.removeprefix("word/").removesuffix(".xml")
            kind = "document.main" if stem == "document" else stem
            content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
            self._etree.SubElement(
                types, f"{{{PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=content
            )
        return self._bytes(types)

    def _relations(self, parts: dict[str, bytes]) -> list[tuple[str, bytes]]:
        stems = [name.removeprefix("word/").removesuffix(".xml") for name in parts if name != "word/document.xml"]
        return [
            ("_rels/.rels", self._relation_part([("officeDocument", "word/document.xml")])),
            ("word/_rels/document.xml.rels", self._relation_part([(stem, f"{stem}.xml") for stem in stems])),
        ]

    def _relation_part(self, targets: Sequence[tuple[str, str]]) -> bytes:
        space = f"{PACKAGE}/relationships"
        found = self._etree.Element(f"{{{space}}}Relationships", nsmap=_default(space))
        for number, (kind, target) in enumerate(targets, 1):
            self._etree.SubElement(
                found, f"{{{space}}}Relationship", Id=f"rId{number}", Type=f"{RELATIONS}/{kind}", Target=target
            )
        return self._bytes(found)


def _default(space: str) -> dict[str, str]:
    """A namespace map with the default namespace; the key None of lxml is missing from its type stubs."""
    return {None: space}  # type: ignore[dict-item]


def _slice(pieces: Sequence[Piece], start: int, stop: int | None) -> list[Piece]:
    """The pieces of a range of the base body; insertions inside it go along."""
    made: list[Piece] = []
    at = 0
    whole = all(piece.revision is not None for piece in pieces)
    for piece in pieces:
        is_new = piece.revision is not None and piece.revision.kind == "ins" and not whole
        if is_new:
            if start <= at and (stop is None or at <= stop):
                made.append(piece)
            continue
        end = at + len(piece.text)
        low, high = max(at, start), end if stop is None else min(end, stop)
        if low < high:
            made.append(piece._replace(text=piece.text[low - at : high - at]))
        at = end
    return made


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """A cell without the spaces beside its borders."""
    if pieces and not pieces[0].revision or len(pieces) == 1:
        pieces[0] = pieces[0]._replace(text=pieces[0].text.lstrip(" "))
    if pieces and not pieces[-1].revision or len(pieces) == 1:
        pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.rstrip(" "))
    return [piece for piece in pieces if piece.text]
