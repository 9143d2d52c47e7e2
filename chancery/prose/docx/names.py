"""Names of WordprocessingML (ECMA-376): the namespace, and the elements that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MARK_TAGS = {"**": "b", "*": "i", "__": "u"}
META_STYLE = "ChanceryFrontMatter"
INDENT = 567  # a centimetre in twentieths of a point


def w(name: str) -> str:
    """The qualified name of an element or attribute."""
    return f"{{{W}}}{name}"


def local(element: _Element) -> str:
    """The local name of an element; nothing for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: _Element | None, name: str = "val") -> str | None:
    """An attribute of an element that may not be there."""
    return None if element is None else element.get(w(name))
