"""A text as Akoma Ntoso: a `doc` with preface, preamble and main body, brackets as inline elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..brackets import BASE
from ..outline import Outline
from ..proposal import Proposal
from ..tokens import cells
from ..tracked import Paragraph, Piece, Plan
from ..units import Prefix, prefix
from .inline import Names, NotNested, fill
from .names import AKN, CHANCERY, SOURCE, a

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True)
class Document:
    """An Akoma Ntoso file, and what it could not hold."""

    data: bytes
    losses: tuple[str, ...]


def write(text: str, proposals: Sequence[Proposal] = ()) -> Document:
    """The text, with proposals as `ins` and `del`."""
    outline = Outline(text)
    plan = Plan(outline.bodies)
    for proposal in sorted(proposals, key=lambda proposal: proposal.id):
        plan.add(proposal)
    return Document(_Writer(outline).document(plan.paragraphs()), tuple(plan.losses))


class _Writer:
    def __init__(self, outline: Outline) -> None:
        from lxml import etree

        self._etree = etree
        self._outline = outline
        self._names = Names(set())
        self._crossing = _crossing(outline, self._names)

    def document(self, paragraphs: Sequence[Paragraph]) -> bytes:
        """The whole file."""
        root = self._etree.Element(a("akomaNtoso"), nsmap={None: AKN})  # type: ignore[dict-item]
        doc = self._add(root, "doc", name="draftDecision")
        rest = list(paragraphs)
        front = rest.pop(0) if rest and self._outline.prefixes[0].kind == "meta" else None
        title = (
            rest.pop(0) if rest and prefix(rest[0].body).kind == "heading" and prefix(rest[0].body).level == 1 else None
        )
        if title:
            self._content(self._add(self._add(doc, "preface"), "p"), title, "docTitle")
        recitals = []
        while rest and _is_recital(rest[0].body):
            recitals.append(rest.pop(0))
        if recitals:
            parent = self._add(self._add(doc, "preamble"), "recitals", eId=self._names.eid(None))
            for paragraph in recitals:
                self._content(self._unit(parent, "recital", paragraph), paragraph)
        self._body(self._add(doc, "mainBody"), rest)
        doc.insert(0, self._meta(front))
        return self._etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _add(self, parent: _Element, tag: str, /, **attributes: str) -> _Element:
        return self._etree.SubElement(parent, a(tag), {key.rstrip("_"): text for key, text in attributes.items()})

    def _unit(self, parent: _Element, tag: str, paragraph: Paragraph, /, **attributes: str) -> _Element:
        try:
            eid = self._names.eid(prefix(paragraph.body).id)
        except NotNested:
            eid = self._names.eid(None)
        status = {"status": "incomplete"} if "[" in paragraph.body else {}
        return self._add(parent, tag, eId=eid, **attributes, **status)

    def _body(self, body: _Element, paragraphs: Sequence[Paragraph]) -> None:
        """Units one after the other; deeper ones go into the unit above them."""
        above: list[tuple[int, _Element]] = []
        table: _Element | None = None
        for paragraph in paragraphs:
            around = prefix(paragraph.body)
            if around.kind == "row":
                table = self._row(body, table, paragraph)
                above = []
                continue
            table = None
            above = (
                [(level, element) for level, element in above if level < around.level]
                if around.kind != "heading"
                else []
            )
            parent = above[-1][1] if above and around.label else body
            made = self._provision(parent, paragraph, around, len(above) if parent is not body else 0)
            if around.label and around.kind != "heading" and around.kind != "note":
                above.append((around.level, made))
            else:
                above = []
        if not len(body):
            self._add(body, "p")

    def _provision(self, parent: _Element, paragraph: Paragraph, around: Prefix, depth: int) -> _Element:
        if not around.label:
            made = self._add(parent, "p", eId=self._own(paragraph))
            self._fill(made, paragraph, around)
            return made
        if around.kind == "heading":
            made = self._unit(parent, "hcontainer", paragraph, name="heading", class_=f"level-{around.level}")
            self._content(made, paragraph, "heading")
            return made
        named = {"option": {"name": "option"}, "note": {"name": "note"}}.get(around.kind, {})
        element = "hcontainer" if named else "point" if around.level or around.label in "-*•" else "paragraph"
        level = {"class_": f"level-{around.level}"} if around.level != depth else {}
        made = self._unit(parent, element, paragraph, **named, **level)
        self._add(made, "num").text = paragraph.body[4 * around.level : around.start].rstrip()
        self._content(self._add(made, "content"), paragraph)
        if parent.find(a("content")) is not None:
            parent.find(a("content")).tag = a("intro")  # type: ignore[union-attr]
        return made

    def _own(self, paragraph: Paragraph) -> str:
        try:
            return self._names.eid(prefix(paragraph.body).id)
        except NotNested:
            return self._names.eid(None)

    def _content(self, parent: _Element, paragraph: Paragraph, name: str = "p") -> None:
        """The words of a unit in their element."""
        eid = {"heading": self._names.eid(None), "docTitle": self._own(paragraph)}.get(name)
        element = self._add(parent, name, eId=eid) if eid else self._add(parent, name)
        self._fill(element, paragraph, prefix(paragraph.body))

    def _fill(self, element: _Element, paragraph: Paragraph, around: Prefix) -> None:
        """Content with elements for marks and brackets; content that does not nest, or changes, as source."""
        content = paragraph.body[around.start : around.stop]
        if all(piece.revision is None for piece in paragraph.pieces):
            try:
                fill(element, content, self._names, self._signs(paragraph, around))
            except NotNested:
                for child in list(element):
                    element.remove(child)
                element.text = content
                element.set("class", SOURCE)
            return
        element.set("class", SOURCE)
        for piece in _within(paragraph.pieces, around):
            self._piece(element, piece)

    def _signs(self, paragraph: Paragraph, around: Prefix) -> dict[int, tuple[str, str]]:
        """The signs of crossing brackets in the content of a unit; a row has none that are marked."""
        own = self._crossing.get(paragraph.at, {})
        return {offset - around.start: names for offset, names in own.items()}

    def _piece(self, element: _Element, piece: Piece) -> None:
        if piece.revision:
            target = self._add(element, piece.revision.kind, refersTo=self._names.refers((piece.revision.by,)))
            target.text = piece.text
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + piece.text
        else:
            element.text = (element.text or "") + piece.text

    def _row(self, body: _Element, table: _Element | None, paragraph: Paragraph) -> _Element:
        if table is None:
            table = self._add(self._add(body, "tblock", eId=self._names.eid(None)), "table", eId=self._names.eid(None))
        row = self._unit(table, "tr", paragraph)
        stop = prefix(paragraph.body).stop
        for start, end in cells(paragraph.body[:stop]) or [(0, 0)]:
            cell = self._add(self._add(row, "td"), "p")
            inner = paragraph.body[start:end].strip()
            around = Prefix("row", 0, "", 0, len(inner), None)
            whole = paragraph.revision
            self._fill(cell, Paragraph(inner, [Piece(inner, whole)] if inner else [], whole), around)
        return table

    def _meta(self, front: Paragraph | None) -> _Element:
        meta = self._etree.Element(a("meta"))
        found = self._outline.meta
        identification = self._add(meta, "identification", source="#house")
        name = "/akn/council/doc/" + ("-".join(found.get("symbol", "draft").split()) or "draft")
        language = found.get("language", "und")[:3]
        for part, uri in (
            ("Work", name),
            ("Expression", f"{name}/{language}@"),
            ("Manifestation", f"{name}/{language}@.xml"),
        ):
            group = self._add(identification, f"FRBR{part}")
            self._add(group, "FRBRthis", value=uri)
            self._add(group, "FRBRuri", value=uri)
            self._add(group, "FRBRdate", date="1980-01-01", name="none")
            self._add(group, "FRBRauthor", href="#house")
            if part == "Work":
                self._add(group, "FRBRcountry", value="int")
            if part == "Expression":
                self._add(group, "FRBRlanguage", language=language)
        references = self._add(meta, "references", source="#house")
        self._add(references, "TLCOrganization", eId="house", href="/ontology/organization/house", showAs="Secretariat")
        for holder, eid in self._names.holders.items():
            kind = "TLCConcept" if holder == BASE else "TLCOrganization"
            self._add(references, kind, eId=eid, href=f"/ontology/{eid}", showAs=holder)
        if front:
            proprietary = self._add(meta, "proprietary", source="#house")
            self._etree.SubElement(proprietary, f"{{{CHANCERY}}}front", nsmap={"chancery": CHANCERY}).text = front.body
        return meta


def _crossing(outline: Outline, names: Names) -> dict[int | None, dict[int, tuple[str, str]]]:
    """Of every crossing bracket both signs: unit → offset → own eId and that of the opening sign."""
    found: dict[int | None, dict[int, tuple[str, str]]] = {}
    for pair in outline.brackets.pairs:
        if pair.is_crossing:
            opening, closing = names.eid(None), names.eid(None)
            found.setdefault(pair.open[0], {})[pair.open[1]] = (opening, "")
            found.setdefault(pair.close[0], {})[pair.close[1]] = (closing, opening)
    return found


def _is_recital(body: str) -> bool:
    around = prefix(body)
    return around.kind == "paragraph" and not around.label


def _within(pieces: Sequence[Piece], around: Prefix) -> list[Piece]:
    """The pieces of the content, without label and id."""
    made: list[Piece] = []
    whole = all(piece.revision for piece in pieces)
    at = 0
    for piece in pieces:
        if piece.revision and piece.revision.kind == "ins" and not whole:
            made.append(piece)
            continue
        low, high = max(at, around.start), min(at + len(piece.text), around.stop)
        if low < high:
            made.append(piece._replace(text=piece.text[low - at : high - at]))
        at += len(piece.text)
    return made
