"""The small parsers: they find the items of an answer and say where an answer is none of theirs.

Each takes the bytes and a feed and gives rows of text as they stand in the file. An answer of another
shape raises OtherShape, so that the next feed of the bank may be tried.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from chancery.press.rates.banks import Feed
from chancery.press.rates.tables import FeedRefused

if TYPE_CHECKING:
    from lxml.etree import _Element

_STEP = re.compile(r"(?P<name>[\w.-]+)(?P<predicate>\[@\w+='[^'\]]*'\])?")


class OtherShape(FeedRefused):
    """An answer that is not of this feed's shape."""


@dataclass(frozen=True)
class Row:
    """One rate as written: texts, not yet numbers; empty where the feed has no such field."""

    date: str
    code: str
    nominal: str
    value: str
    valid_days: str = ""


def xml_attr(data: bytes, feed: Feed) -> Iterator[Row]:
    """Items in groups that carry the date, values in attributes (the European Central Bank)."""
    for group in _root(data, feed).iterfind(_xpath(feed.form.group)):
        day = _text(group, feed.form.date)
        for item in group.iterfind(_xpath(feed.form.item)):
            yield _row(day, partial(_text, item), feed)


def xml_elem(data: bytes, feed: Feed) -> Iterator[Row]:
    """Items with their values in elements; the date stands in the root or in each item."""
    root = _root(data, feed)
    for item in root.iterfind(_xpath(feed.form.item)):
        day = _text(root if feed.form.date_in == "root" else item, feed.form.date)
        yield _row(day, partial(_text, item), feed)


def json_items(data: bytes, feed: Feed) -> Iterator[Row]:
    """An array of items, or of groups that carry the date and hold the items. An empty array is no data."""
    for entry in _array(data):
        grouped = feed.form.date_in == "group"
        for item in _member(entry, feed.form.item, list) if grouped else [entry]:
            day = _scalar(entry if grouped else item, feed.form.date)
            yield _row(day, partial(_scalar, item), feed)


def csv_rows(data: bytes, feed: Feed) -> Iterator[Row]:
    """A column for each currency, or a row for each where the feed names the column of the code."""
    heads, lines = _table(_decoded(data))
    needed = {feed.form.date, feed.fields.code, feed.fields.value} - {"", "*"}
    if not needed <= set(heads):
        raise OtherShape(f"the first line does not name {', '.join(sorted(needed))}")
    for line in lines:
        cells = [(line[feed.fields.code], line[feed.fields.value])] if feed.fields.code else list(line.items())
        for code, value in cells:
            if code and code != feed.form.date and value not in ("", "N/A", None):
                yield Row(line[feed.form.date] or "", code, "", str(value))


def _table(text: str) -> tuple[list[str], list[dict[str, str | None]]]:
    try:
        reader = csv.DictReader(io.StringIO(text))
        return list(reader.fieldnames or ()), list(reader)
    except csv.Error as error:
        raise OtherShape("the answer is no table") from error


PARSERS: dict[str, Callable[[bytes, Feed], Iterator[Row]]] = {
    "xml-attr": xml_attr,
    "xml-elem": xml_elem,
    "json": json_items,
    "csv": csv_rows,
}


def _row(day: str, get: Callable[[str], str], feed: Feed) -> Row:
    code = get(feed.fields.code)
    nominal = get(feed.fields.nominal) if feed.fields.nominal else ""
    days = get(feed.fields.valid_days) if feed.fields.valid_days else ""
    return Row(day, feed.ids.get(code, code), nominal, get(feed.fields.value), days)


def _root(data: bytes, feed: Feed) -> _Element:
    from lxml import etree

    # A bank's answer comes from outside: no entities, no document types, nothing fetched, no huge trees.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OtherShape("the answer is no XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FeedRefused("the answer carries a document type")
    name = etree.QName(root).localname
    if name != feed.form.root:
        raise OtherShape(f"the root is {name}, not {feed.form.root}")
    if feed.form.root_has and not _text(root, feed.form.root_has):
        raise OtherShape(f"the root has no {feed.form.root_has}")
    return root


def _xpath(path: str) -> str:
    return "/".join(_STEP.sub(r"{*}\g<name>\g<predicate>", step) for step in path.split("/"))


def _text(element: _Element, path: str) -> str:
    """The text at `path` below the element, empty where there is none; the last step may be `@name`."""
    steps, _, attribute = path.partition("@")
    found = element.find(_xpath(steps.rstrip("/"))) if steps else element
    if found is None:
        return ""
    return str(found.get(attribute, "") if attribute else found.text or "").strip()


def _array(data: bytes) -> list[Any]:
    try:
        found = json.loads(data.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise OtherShape("the answer is no JSON") from error
    if not isinstance(found, list):
        raise OtherShape("the answer is no array")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _member(entry: Any, key: str, kind: type) -> Any:
    if not isinstance(entry, dict) or key not in entry or not isinstance(entry[key], kind):
        raise OtherShape(f"an entry of the array has no {key}")
    return entry[key]


def _scalar(entry: Any, key: str) -> str:
    value = _member(entry, key, object)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OtherShape(f"{key} is neither text nor number")
    return str(value).strip()


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise OtherShape("the answer is no UTF-8") from error
