"""An act's schema as fields of a form, and a filled form as the act's arguments: two walks over one schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext

from chancery import fmt

from . import given as typed
from .given import Given
from .words import word

MANY = 40
MISSING: Any = object()

Schema = dict[str, Any]
Choice = tuple[str, str]


class Choices(Protocol):
    """Who knows what may be chosen: rows of a kind that the reader may see, and the council's languages."""

    @property
    def languages(self) -> list[str]: ...

    def rows(self, kinds: tuple[str, ...]) -> list[Choice]: ...

    def zone_hint(self) -> str: ...


@dataclass
class Field:
    """One control of a form, or a group of them. `widget` names how it is drawn."""

    name: str
    label: str
    widget: str
    required: bool = False
    values: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    language: str = ""
    hint: str = ""
    error: str = ""
    kept: str = ""
    kept_name: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"

    @property
    def direction(self) -> str:
        return fmt.direction(self.language) if self.language else ""


@dataclass(frozen=True)
class Maker:
    """Makes fields from a schema, with what was given and what may be chosen."""

    given: Given
    choices: Choices
    person: str
    errors: dict[str, str] = field(default_factory=dict)

    def form(self, schema: Schema) -> list[Field]:
        """The fields of an act's arguments, those of private keys left out."""
        return self._properties(schema, "")

    def _properties(self, schema: Schema, name: str) -> list[Field]:
        wanted = set(schema.get("required", ()))
        made = [
            self._field(inner, f"{name}.{key}" if name else key, key, required=key in wanted)
            for key, inner in schema.get("properties", {}).items()
            if _bare(inner).get("format") != "secret"
        ]
        return sorted(made, key=lambda one: not one.required)

    def _field(self, schema: Schema, name: str, key: str, *, required: bool) -> Field:
        bare = _bare(schema)
        made = Field(
            name, word(key), "text", required, self.given.values.get(name, []), error=self.errors.get(name, "")
        )
        if not made.values and schema.get("default") not in (None, "", []):
            made.values = (
                [str(schema["default"]).lower()] if bare.get("type") == "boolean" else [str(schema["default"])]
            )
        if "enum" in bare:
            made.widget, made.choices = "select", [(value, word(value)) for value in bare["enum"]]
        elif bare.get("type") == "array":
            self._list(made, bare["items"], key)
        elif bare.get("type") == "object":
            self._group(made, bare, key)
        else:
            self._single(made, bare)
        return made

    def _single(self, made: Field, bare: Schema) -> None:
        match bare.get("format"):
            case "ref":
                made.choices = self.choices.rows(tuple(bare.get("kinds", ())))
                made.widget = "select" if bare.get("kinds") and len(made.choices) <= MANY else "named"
            case "date":
                made.widget = "date"
            case "date-time":
                made.widget, made.hint = "time", self.choices.zone_hint()
            case "file" | "text file" as kind:
                made.widget = "words" if kind == "text file" else "file"
                self._keep(made)
            case "language":
                made.widget, made.choices = (
                    "select",
                    [(code, fmt.language_name(code)) for code in self.choices.languages],
                )
            case "fraction":
                made.hint = gettext("An exact fraction, like 12/100.")
            case _:
                made.widget = {"integer": "number", "boolean": "check"}.get(bare.get("type", ""), "text")

    def _keep(self, made: Field) -> None:
        if file := self.given.files.get(made.name):
            made.kept, made.kept_name = typed.token(file, self.person), file.name

    def _list(self, made: Field, items: Schema, key: str) -> None:
        bare = _bare(items)
        if bare.get("format") == "ref" and bare.get("kinds"):
            made.choices = self.choices.rows(tuple(bare["kinds"]))
            made.widget = "checks" if len(made.choices) <= MANY else "lines"
        elif "enum" in bare:
            made.widget, made.choices = "checks", [(value, word(value)) for value in bare["enum"]]
        elif bare.get("type") == "object":
            made.widget = "rows"
            count = max(self.given.rows(made.name), 1 if made.required else 0)
            made.fields = [self._row(bare, f"{made.name}.{n}", n) for n in range(count)]
        else:
            made.widget, made.hint = "lines", gettext("One on each line.")

    def _row(self, schema: Schema, name: str, number: int) -> Field:
        return Field(name, str(number + 1), "group", fields=self._properties(schema, name))

    def _group(self, made: Field, bare: Schema, key: str) -> None:
        made.widget = "group"
        if "properties" in bare:
            made.fields = self._properties(bare, made.name)
            for one in made.fields:
                one.required = one.required and made.required
            return
        names, inner = bare.get("propertyNames", {}), bare["additionalProperties"]
        if names.get("format") == "language":
            made.fields = [self._in_language(inner, made, code) for code in self.choices.languages]
        elif names.get("format") == "ref":
            made.widget = "table"
            made.fields = [self._of(inner, made, ref, label) for ref, label in self.choices.rows(tuple(names["kinds"]))]
        else:
            made.fields = [self._of(inner, made, name, word(name)) for name in _NAMED.get(key, ())]

    def _in_language(self, schema: Schema, parent: Field, code: str) -> Field:
        made = self._field(schema, f"{parent.name}.{code}", code, required=False)
        made.label, made.language = fmt.language_name(code), code
        return made

    def _of(self, schema: Schema, parent: Field, key: str, label: str) -> Field:
        name = f"{parent.name}.{key.partition('/')[2] or key}"
        made = self._field(schema, name, key, required=False)
        made.label = label
        return made


# Maps whose keys the rules of procedure fix.
_NAMED = {"deadlines": ("papers", "items")}


def _bare(schema: Schema) -> Schema:
    """The schema of a value that may be left out, without the leaving out."""
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    return parts[0] if parts else schema


def read(schema: Schema, given: Given) -> dict[str, Any]:
    """A filled form as the arguments somebody could have written into a folder; what is empty is left out."""
    return {
        key: value
        for key, inner in schema.get("properties", {}).items()
        if (value := _value(inner, given, key)) is not MISSING
    }


def _value(schema: Schema, given: Given, name: str) -> Any:
    bare = _bare(schema)
    if bare.get("type") == "array":
        return _listed(bare["items"], given, name)
    if bare.get("type") == "object":
        return _mapped(bare, given, name)
    if bare.get("format") in ("file", "text file"):
        return _file(bare, given, name)
    if bare.get("type") == "boolean":
        return given.one(name) == "true" if name in given.values else MISSING
    return given.one(name) or MISSING


def _file(bare: Schema, given: Given, name: str) -> Any:
    words = "\n".join(given.values.get(name, []))
    if bare["format"] == "text file" and words.strip():
        return typed.text_file(words, name)
    return given.files.get(name, MISSING)


def _listed(items: Schema, given: Given, name: str) -> Any:
    bare = _bare(items)
    if bare.get("type") == "object":
        rows = [n for n in range(given.rows(name)) if given.holds(f"{name}.{n}")]
        made = [_mapped(bare, given, f"{name}.{n}") for n in rows]
        return made or MISSING
    found = [line for value in given.many(name) for line in value.splitlines() if line.strip()]
    return [line.strip() for line in found] or MISSING


def _mapped(bare: Schema, given: Given, name: str) -> Any:
    if not given.holds(name):
        return MISSING
    if "properties" in bare:
        inner = {key: _value(part, given, f"{name}.{key}") for key, part in bare["properties"].items()}
    else:
        keys = dict.fromkeys(
            key.removeprefix(f"{name}.").removesuffix(typed.KEPT)
            for key in (*given.values, *given.files)
            if key.startswith(f"{name}.")
        )
        inner = {key: _value(bare["additionalProperties"], given, f"{name}.{key}") for key in keys}
    return {key: value for key, value in inner.items() if value is not MISSING} or MISSING
