"""Typed values out of plain documents (TOML, JSON), with every fault at once and its path.

The shape of a document is written once, as shapes and annotations; the same shape reads it and
states its JSON Schema. Understood: bool, int, str, Fraction ("2/3" or an integer), date, datetime,
Literal, tuple[X, ...], Mapping[str, X], shapes, `X | None`, Any (canonical JSON) and object (left
as it is). Floats are refused everywhere, because 0.55 * 100 is not 55.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any, Literal, NamedTuple, NewType, Union, get_args, get_origin

from chancery import canon
from chancery.procedure.shapes import Shape, hints

Path = tuple[str | int, ...]
MemberCode = NewType("MemberCode", str)
"""A code that must stand in the list of members, where the document has one."""

Serial = NewType("Serial", int)
"""A running number without an upper bound."""
MOST = 100_000
"""The largest number a parameter may state: as hours eleven years, as days 273, so that no date overflows."""
YEARS = range(1800, 3000)
_SURROGATE = re.compile("[\ud800-\udfff]")

BAD = object()
"""What a reader answers in place of a value that has a fault."""


class DocumentFault(NamedTuple):
    """One fault of a document: where it stands and what is wrong."""

    path: Path
    reason: str

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901)."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    @property
    def dotted(self) -> str:
        """The path as it is written in TOML: `majority.substantive.tests.0`."""
        return ".".join(str(part) for part in self.path)


class Reading:
    """One reading of one document: the members it may name and the faults found so far."""

    def __init__(self, members: frozenset[str] | None = None) -> None:
        self.members = members
        self.faults: list[DocumentFault] = []

    def fault(self, path: Path, reason: str) -> Any:
        """Note a fault; answers `BAD` so that a reader can return it."""
        self.faults.append(DocumentFault(path, reason))
        return BAD


Reader = Callable[[Any, Path, Reading], Any]


@cache
def reader(annotation: Any) -> Reader:
    """The reader of one annotation. Raises TypeError for an annotation that it does not know."""
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if is_shape(annotation):
        return _shape_reader(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _literal_reader(arguments)
    if origin is tuple:
        return _list_reader(reader(arguments[0]))
    if origin is Mapping:
        return _mapping_reader(reader(arguments[0]), reader(arguments[1]))
    if origin in (Union, types.UnionType):
        return _union_reader(arguments)
    raise TypeError(f"no reader for {annotation!r}")


def shape_reader(shape: Mapping[str, Any]) -> Reader:
    """The reader of an object given as {key: annotation}; a key that ends in `?` may be left out."""
    readers = {key.rstrip("?"): reader(annotation) for key, annotation in shape.items()}
    needed = tuple(key for key in shape if not key.endswith("?"))

    def read(value: Any, path: Path, reading: Reading) -> Any:
        return _object(value, path, reading, (readers, needed))

    return read


class _Readers(dict[str, Reader]):
    """The readers of a shape, each made when its key is first met."""

    def __init__(self, annotations: Mapping[str, Any]) -> None:
        super().__init__()
        self._annotations = annotations

    def __contains__(self, key: object) -> bool:
        return key in self._annotations

    def __iter__(self) -> Iterator[str]:
        return iter(self._annotations)

    def __missing__(self, key: str) -> Reader:
        self[key] = reader(self._annotations[key])
        return self[key]


def _object(value: Any, path: Path, reading: Reading, keys: tuple[dict[str, Reader], tuple[str, ...]]) -> Any:
    if not isinstance(value, Mapping):
        return reading.fault(path, f"must be an object, not {_named(value)}")
    readers, needed = keys
    before = len(reading.faults)
    for key in needed:
        if key not in value:
            reading.fault((*path, key), "is missing")
    found = {}
    for key, item in value.items():
        if key in readers:
            found[key] = readers[key](item, (*path, key), reading)
        else:
            reading.fault((*path, key), f"is unknown here; known: {', '.join(sorted(readers))}")
    return found if len(reading.faults) == before else BAD


def is_shape(annotation: Any) -> bool:
    """Whether an annotation is a shape, which is read as an object."""
    return isinstance(annotation, type) and issubclass(annotation, Shape)


def _shape_reader(shape: type[Shape]) -> Reader:
    names = {name.rstrip("_"): name for name in shape.fields}
    needed = tuple(key for key, name in names.items() if shape.fields[name].needed)
    readers = _Readers(hints(shape))

    def read(value: Any, path: Path, reading: Reading) -> Any:
        found = _object(value, path, reading, (readers, needed))
        if found is BAD:
            return BAD
        made = shape(**{names[key]: item for key, item in found.items()})
        for place, reason in made.contradictions() if hasattr(made, "contradictions") else ():
            reading.fault((*path, *place), reason)
        return made

    return read


def _literal_reader(words: tuple[Any, ...]) -> Reader:
    def read(value: Any, path: Path, reading: Reading) -> Any:
        if isinstance(value, str) and value in words:
            return value
        return reading.fault(path, f"{_shown(value)} is none of {', '.join(words)}")

    return read


def _list_reader(item_reader: Reader) -> Reader:
    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, list | tuple):
            return reading.fault(path, f"must be a list, not {_named(value)}")
        return tuple(item_reader(item, (*path, index), reading) for index, item in enumerate(value))

    return read


def _mapping_reader(key_reader: Reader, item_reader: Reader) -> Reader:
    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            return reading.fault(path, f"must be an object, not {_named(value)}")
        return {
            key_reader(key, (*path, key), reading): item_reader(item, (*path, key), reading)
            for key, item in value.items()
        }

    return read


def _union_reader(choices: tuple[Any, ...]) -> Reader:
    """The first choice of the same kind reads the value, so that its faults are the ones reported."""
    kinds = [(_kinds(choice), reader(choice)) for choice in choices if choice is not type(None)]

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if value is None and type(None) in choices:
            return None
        for accepted, read_choice in kinds:
            if isinstance(value, accepted) and not (isinstance(value, bool) and bool not in accepted):
                return read_choice(value, path, reading)
        return kinds[0][1](value, path, reading)

    return read


def _kinds(annotation: Any) -> tuple[type, ...]:
    """What a value of this annotation looks like in a document."""
    if annotation is Fraction:
        return (str,)
    if annotation in (bool, int, date):
        return (annotation,)
    if is_shape(annotation) or get_origin(annotation) is Mapping:
        return (Mapping,)
    if get_origin(annotation) is tuple:
        return (list, tuple)
    return (str,)


def _text(value: Any, path: Path, reading: Reading) -> Any:
    if not isinstance(value, str):
        return reading.fault(path, f"must be text, not {_named(value)}")
    if _SURROGATE.search(value):
        return reading.fault(path, "holds half a character (a lone surrogate)")
    return value


def _member(value: Any, path: Path, reading: Reading) -> Any:
    if not isinstance(value, str):
        return reading.fault(path, f"must be the code of a member, not {_named(value)}")
    if reading.members is not None and value not in reading.members:
        return reading.fault(path, f"{_shown(value)} is no member")
    return value


def _whole(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST:
        return value
    return reading.fault(path, f"must be a whole number from 0 to {MOST}, not {_shown(value)}")


def _serial(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return reading.fault(path, f"must be a whole number from 0 on, not {_shown(value)}")


def _truth(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, bool):
        return value
    return reading.fault(path, f"must be true or false, not {_shown(value)}")


def _fraction(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Fraction(value)
    if not isinstance(value, str):
        return reading.fault(path, f'must be a fraction such as "2/3", not {_named(value)}')
    try:
        found = canon.fraction(value)
    except ValueError as error:
        return reading.fault(path, str(error))
    return found if found >= 0 else reading.fault(path, f"{value} is negative")


def _date(value: Any, path: Path, reading: Reading) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return reading.fault(path, f"must be a date such as 2026-10-20, not {_shown(value)}")


def _instant(value: Any, path: Path, reading: Reading) -> Any:
    try:
        found = canon.instant(value)
    except (TypeError, ValueError):
        return reading.fault(path, f"must be an instant such as 2026-10-20T05:00:00Z, not {_shown(value)}")
    return found if found.year in YEARS else reading.fault(path, f"{value} lies outside the years of councils")


def _untouched(value: Any, path: Path, reading: Reading) -> Any:
    """For a value that another reading looks into."""
    return value


def _anything(value: Any, path: Path, reading: Reading) -> Any:
    try:
        return json.loads(canon.canonical_json(value))
    except (TypeError, ValueError, RecursionError) as error:
        return reading.fault(path, str(error))


def _named(value: Any) -> str:
    names = {float: "a float", bool: "true or false", int: "a number", str: "text", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"the float {value}; write a fraction"
    return repr(value)[:60]


_SCALARS: dict[Any, Reader] = {
    str: _text,
    MemberCode: _member,
    int: _whole,
    Serial: _serial,
    bool: _truth,
    Fraction: _fraction,
    date: _date,
    datetime: _instant,
    Any: _anything,
    object: _untouched,
}
