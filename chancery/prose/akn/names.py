"""Names of Akoma Ntoso 1.0 (OASIS Standard, 29 August 2018) as this mapping uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
CHANCERY = "urn:chancery:text"
AUTO = "auto-"  # begins every eId that stands for no id of ours
SOURCE = "source"  # the class of a paragraph whose text is source that has no form of its own
MARK_TAGS = {"**": "b", "*": "i", "__": "u"}


def a(name: str) -> str:
    """The qualified name of an element."""
    return f"{{{AKN}}}{name}"


def local(element: _Element) -> str:
    """The local name of an element; nothing for what is none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
