"""The content of a unit as inline elements, and back: marks, brackets with alternatives and holders, calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..tokens import MARKS, SIGN, Attrs, attrs, tokens, written_attrs
from .names import AUTO, MARK_TAGS, a, local

if TYPE_CHECKING:
    from lxml.etree import _Element


class NotNested(ValueError):
    """Marks or brackets that do not nest: they have no form in XML."""


class Names:
    """Unique eIds, and the holders that a document refers to."""

    def __init__(self, used: set[str]) -> None:
        self._used = used
        self._taken: set[str] = set()
        self._last = 0
        self.holders: dict[str, str] = {}

    def eid(self, own: str | None) -> str:
        """The id of a unit or bracket as eId, or the next free one. Raises NotNested for an id used twice."""
        if own is None:
            self._last += 1
            return f"{AUTO}{self._last}"
        if own in self._taken or own == "house" or own.startswith((AUTO, "holder-")):
            raise NotNested(own)
        self._taken.add(own)
        return own

    def refers(self, holders: tuple[str, ...]) -> str:
        """References to holders."""
        return " ".join("#" + self.holders.setdefault(name, f"holder-{len(self.holders) + 1}") for name in holders)


Crossing = Mapping[int, tuple[str, str]]


def fill(parent: _Element, content: str, names: Names, crossing: Crossing) -> None:
    """Write the content of a unit into an element. Raises NotNested.

    `crossing` names the signs of brackets that close in another unit: offset in the content → own eId, and the
    eId of the opening sign or nothing. They become markers before their signs.
    """
    _Filler(parent, names, crossing).fill(tokens(content))


class _Filler:
    def __init__(self, parent: _Element, names: Names, crossing: Crossing) -> None:
        from lxml import etree

        self._etree = etree
        self._names = names
        self._crossing = crossing
        self._stack: list[tuple[str, _Element]] = [("", parent)]

    def fill(self, cut: list[str]) -> None:
        offset = 0
        for sign in cut:
            if offset in self._crossing:
                self._cross(*self._crossing[offset])
                self._text(sign)
            elif sign in MARKS:
                self._mark(sign)
            elif sign == "[":
                self._open("bracket")
                self._text("[")
                self._open("alternative")
            elif sign == " // " and len(self._stack) > 1 and self._stack[-1][0] == "alternative":
                self._stack.pop()
                self._text(sign)
                self._open("alternative")
            elif sign.startswith("]"):
                self._close(attrs(sign), sign)
            elif sign.startswith("[^"):
                self._add("noteRef", href=f"#note-{sign[2:-1]}", marker=sign[2:-1])
            else:
                self._text(sign)
            offset += len(sign)
        if len(self._stack) > 1:
            raise NotNested(self._stack[-1][0])

    def _add(self, tag: str, /, **attributes: str) -> _Element:
        return self._etree.SubElement(self._stack[-1][1], a(tag), attributes)

    def _cross(self, eid: str, opening: str) -> None:
        if len(self._stack) > 1:
            raise NotNested(eid)
        if opening:
            self._add("marker", name="bracketClose", eId=eid, refersTo=f"#{opening}")
        else:
            self._add("marker", name="bracketOpen", eId=eid)

    def _mark(self, sign: str) -> None:
        if self._stack[-1][0] == sign:
            self._stack.pop()
        elif any(sign == name for name, _ in self._stack):
            raise NotNested(sign)
        else:
            self._stack.append((sign, self._add(MARK_TAGS[sign])))

    def _open(self, kind: str) -> None:
        self._stack.append((kind, self._add("inline", name=kind)))

    def _close(self, found: Attrs, sign: str) -> None:
        if self._stack[-1][0] != "alternative" or "]" + written_attrs(found) != sign:
            raise NotNested(sign)
        self._stack.pop()
        self._text("]")
        _, bracket = self._stack.pop()
        bracket.set("eId", self._names.eid(found.id))
        if len(found.groups) == 1:
            bracket.set("refersTo", self._names.refers(found.groups[0]))
            return
        alternatives = [child for child in bracket if child.get("name") == "alternative"]
        if found.groups and len(found.groups) != len(alternatives):
            raise NotNested(sign)
        for alternative, group in zip(alternatives, found.groups, strict=False):
            alternative.set("refersTo", self._names.refers(group))

    def _text(self, text: str) -> None:
        parent = self._stack[-1][1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text


def source(element: _Element, holders: dict[str, str], *, in_cell: bool = False) -> str:
    """The content that an element holds, as Markdown. What was inserted is left out, what was deleted stays."""
    return "".join(_pieces(element, holders, in_cell))


def _pieces(element: _Element, holders: dict[str, str], in_cell: bool) -> Iterator[str]:
    literal = element.get("class") == "source"
    yield _text(element.text, literal, in_cell)
    for child in element:
        yield from _child(child, holders, in_cell)
        yield _text(child.tail, literal, in_cell)


def _child(child: _Element, holders: dict[str, str], in_cell: bool) -> Iterator[str]:
    name = local(child)
    mark = next((mark for mark, tag in MARK_TAGS.items() if tag == name), "")
    if name == "noteRef":
        yield f"[^{child.get('marker', '0')}]"
    elif name == "br":
        yield " "
    elif name not in ("ins", "authorialNote"):
        yield mark
        yield from _pieces(child, holders, in_cell)
        yield mark
        if name == "inline" and child.get("name") == "bracket":
            yield written_attrs(_attrs(child, holders))


def _attrs(bracket: _Element, holders: dict[str, str]) -> Attrs:
    eid = bracket.get("eId", AUTO)
    own = [_group(bracket, holders)] if bracket.get("refersTo") else []
    each = [_group(child, holders) for child in bracket if child.get("name") == "alternative" and child.get("refersTo")]
    return Attrs(None if eid.startswith(AUTO) else eid, tuple(own or each))


def _group(element: _Element, holders: dict[str, str]) -> tuple[str, ...]:
    return tuple(holders.get(ref.removeprefix("#"), ref) for ref in (element.get("refersTo") or "").split())


def _text(text: str | None, literal: bool, in_cell: bool) -> str:
    """A text node; signs of marks that were typed as text are escaped."""

    def escaped(sign: object) -> str:
        found: str = sign[0]  # type: ignore[index]
        if found in MARKS or (in_cell and found == "|"):
            return "".join("\\" + character for character in found)
        return found

    return (text or "") if literal or not text else SIGN.sub(escaped, text)
