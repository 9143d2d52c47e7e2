"""Shapes: frozen records whose fields a document may state, each with a default and one line for people.

They do what frozen dataclasses do without compiling a constructor for each class: sixty groups of parameters are
ready in a few milliseconds, which a command line pays for at every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, dataclass_transform, get_type_hints


class Stated(NamedTuple):
    """What is known of a field: whether a document must state it, else its default; what it means."""

    needed: bool
    default: Any
    what: str


def stated(default: Any, what: str) -> Any:
    """A field with its default and one line for people, which its schema shows."""
    return Stated(False, MappingProxyType({}) if default == {} else default, what)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Shape:
    """A frozen record, made from keywords; fields that are left out have their defaults."""

    fields: ClassVar[Mapping[str, Stated]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the fields; defaults stay readable as attributes of the class."""
        found: dict[str, Stated] = {}
        for name in cls.__dict__.get("__annotations__", {}):
            given = cls.__dict__.get(name, Stated(True, None, ""))
            found[name] = given if isinstance(given, Stated) else Stated(False, given, "")
            if not found[name].needed:
                setattr(cls, name, found[name].default)
        cls.fields = found

    def __init__(self, **given: Any) -> None:
        unknown = given.keys() - self.fields.keys()
        missing = [name for name, field in self.fields.items() if field.needed and name not in given]
        if unknown or missing:
            raise TypeError(f"{type(self).__name__}: unknown {sorted(unknown)}, missing {missing}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(getattr(self, name) == getattr(other, name) for name in self.fields)

    def __hash__(self) -> int:
        return hash((type(self), *self.fields))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.fields)})"


def hints(shape: type[Shape]) -> dict[str, Any]:
    """The annotations of a shape by the key that a document uses (`from_` is `from`)."""
    found = get_type_hints(shape)
    return {name.rstrip("_"): found[name] for name in shape.fields}
