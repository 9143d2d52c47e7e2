"""Arguments of acts: one set of pydantic hooks gives folder parser, form, JSON Schema and API.

What an act's signature says is what may be written down; a type that cannot be written is refused when the
module is imported.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import types
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from chancery import canon

from . import files, refs
from .errors import BadArguments, Fault, Unknown

LONGEST_TEXT = 200

Info = ValidationInfo[Any]


# The tag of a language, as the key of a map of texts; a file that holds text.
Language = Annotated[str, "language"]
TextFile = Annotated[files.File, "text"]
Texts = dict[Language, str]
Files = dict[Language, files.File]
TextFiles = dict[Language, TextFile]


@dataclasses.dataclass(frozen=True)
class Reading:
    """How raw arguments become values: which zone local times mean, where files lie, whether rows exist yet.

    `from_record`: the arguments are those of a record, in which a file stands as its digest, name and type.
    `sees`: whether the writer may see a row; a hidden one reads exactly as one that does not exist.
    """

    zone: ZoneInfo = ZoneInfo("UTC")
    folder: Path | None = None
    resolve: bool = True
    known_names: frozenset[str] = frozenset()
    rehearsal: bool = False
    from_record: bool = False
    sees: Callable[[refs.Referable], bool] | None = None

    def row(self, ref: refs.Ref) -> refs.Referable:
        """The row of `ref`. Raises the fault of a reference that names nothing the writer may see."""
        try:
            row = refs.get(ref)
        except Unknown as error:
            raise complain(f"there is no {ref}" if self.sees else error.because) from None
        if self.sees and not self.sees(row):
            raise complain(f"there is no {ref}")
        return row


def model_for(name: str, parameters: dict[str, tuple[Any, Any]]) -> type[BaseModel]:
    """The pydantic model of an act's arguments. Raises TypeError for a type that cannot be written down."""
    fields: dict[str, Any] = {key: (adapt(annotation), default) for key, (annotation, default) in parameters.items()}
    return create_model(name, __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **fields)


def read(model: type[BaseModel], raw: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Raw arguments as values. Raises BadArguments with all faults, each with its place and the bad value."""
    try:
        values = model.model_validate(raw, context=reading)
    except ValidationError as error:
        raise BadArguments([_fault(item) for item in error.errors(include_url=False)]) from None
    return {key: getattr(values, key) for key in model.model_fields}


def _fault(item: Any) -> Fault:
    place = tuple(part for part in item["loc"] if not str(part).startswith("function-"))
    match item["type"]:
        case "extra_forbidden":
            says = f"unknown key {place[-1]!r}"
        case "missing":
            says = f"{place[-1]!r} is missing"
        case "literal_error" | "enum":
            says = f"{item['input']!r} is none of {item['ctx']['expected']}"
        case _:
            says = item["msg"] if item["type"] == "chancery" else f"{item['input']!r}: {item['msg']}"
    return Fault(place, says)


def adapt(annotation: Any) -> Any:
    """The annotation with the hook that reads it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in _SIMPLE:
        hook, schema = _SIMPLE[annotation]
        return Annotated[annotation, PlainValidator(hook), WithJsonSchema(schema)]
    if origin in (Union, types.UnionType):
        return _adapt_union(inner)
    if origin is Literal:
        return annotation
    if origin in (list, tuple, dict):
        return _adapt_collection(origin, inner)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, refs.Referable):
        return _row_type((annotation,))
    if dataclasses.is_dataclass(annotation):
        return _record_type(annotation)
    raise TypeError(f"an act cannot write down an argument of type {annotation!r}")


def _adapt_collection(origin: Any, inner: tuple[Any, ...]) -> Any:
    if origin is dict:
        return dict[adapt(inner[0]), adapt(inner[1])]  # type: ignore[misc]
    return list[adapt(inner[0])] if origin is list else tuple[adapt(inner[0]), ...]  # type: ignore[misc]


def _adapt_union(inner: tuple[Any, ...]) -> Any:
    others = tuple(part for part in inner if part is not type(None))
    if all(isinstance(part, type) and issubclass(part, refs.Referable) for part in others):
        adapted = _row_type(others)
    elif len(others) == 1:
        adapted = adapt(others[0])
    else:
        raise TypeError(f"an act cannot write down a choice of {others!r}")
    return adapted if len(others) == len(inner) else Union[adapted, None]  # noqa: UP007 (built at run time)


def _row_type(models: tuple[type[refs.Referable], ...]) -> Any:
    kinds = tuple(model.ref_kind for model in models)
    return Annotated[
        Any, PlainValidator(row_reader(*kinds)), WithJsonSchema({"type": "string", "format": "ref", "kinds": kinds})
    ]


def _record_type(annotation: Any) -> Any:
    """A dataclass as a map. Its `bare` names the field that a text alone means; a word of Python's own (`from`)
    carries an underscore in the class and none in the record."""
    hints = get_type_hints(annotation, include_extras=True)
    parameters = {}
    for field in dataclasses.fields(annotation):
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        default = ... if required else (field.default if field.default is not dataclasses.MISSING else None)
        parameters[field.name.rstrip("_")] = (hints[field.name], default)
    model = model_for(annotation.__name__, parameters)
    bare = getattr(annotation, "bare", "")

    def read_record(value: Any, info: Info) -> Any:
        if isinstance(value, annotation):
            return value
        whole = {bare: value} if bare and isinstance(value, str) else value
        made = model.model_validate(whole, context=info.context)
        named = {field.name: field.name.rstrip("_") for field in dataclasses.fields(annotation)}
        return annotation(**{name: getattr(made, key) for name, key in named.items()})

    return Annotated[Any, PlainValidator(read_record), WithJsonSchema(model.model_json_schema())]


def complain(says: str) -> PydanticCustomError:
    return PydanticCustomError("chancery", "{says}", {"says": says})


def row_reader(*kinds: str) -> Callable[[Any, Info], Any]:
    """A hook that reads a reference of one of `kinds` and gives its row (or the Ref, before rows exist)."""

    def read_row(value: Any, info: Info) -> Any:
        if isinstance(value, refs.Referable):
            return value
        ref = _checked(value, kinds, info.context)
        return info.context.row(ref) if info.context.resolve else ref

    return read_row


def _checked(value: Any, kinds: tuple[str, ...], reading: Reading) -> refs.Ref:
    if not isinstance(value, str):
        raise complain(f"{value!r} is no reference")
    if value.startswith("@"):
        if value[1:] in reading.known_names:
            return refs.Ref(value)
        raise complain(f"no act before this one is named {value!r}")
    try:
        return refs.read(value, *kinds)
    except ValueError as error:
        raise complain(str(error)) from None


def _read_ref(value: Any, info: Info) -> refs.Ref:
    ref = value.ref if isinstance(value, refs.Referable) else _checked(value, (), info.context)
    if info.context.resolve:
        info.context.row(ref)
    return ref


def _read_text(value: Any, info: Info) -> str:
    if not isinstance(value, str):
        raise complain(f"{value!r} is no text")
    if len(value) > LONGEST_TEXT:
        raise complain(f"a text of {len(value)} characters belongs in a file (limit {LONGEST_TEXT})")
    if not value.strip():
        raise complain("an empty text says nothing")
    try:
        return canon.plain(value)
    except ValueError as error:
        raise complain(f"{value!r} {error}") from None


def _read_int(value: Any, info: Info) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.removeprefix("-").isdigit()):
        raise complain(f"{value!r} is no whole number")
    if len(text) > 10 or abs(int(text)) > 2**31 - 1:
        raise complain(f"{text[:20]} is too large a number")
    return int(text)


def _read_bool(value: Any, info: Info) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise complain(f"{value!r} is neither true nor false")


def _read_date(value: Any, info: Info) -> date:
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise complain(f"{value!r} is no date; write 2026-10-20")


def _read_instant(value: Any, info: Info) -> datetime:
    try:
        return read_instant(value, info.context.zone)
    except ValueError as error:
        raise complain(str(error)) from None


def read_instant(value: Any, zone: ZoneInfo) -> datetime:
    """A local time of `zone`, or one with an offset, as an aware instant cut to seconds.

    Raises ValueError for a local time that does not exist or happens twice on a day of clock change.
    """
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{str(value)!r} is no time; write 2026-10-20 10:00") from None
    moment = moment.replace(microsecond=0)
    if not 1900 <= moment.year <= 2900:
        raise ValueError(f"{value} lies outside the years that are kept here (1900 to 2900)")
    if moment.tzinfo is not None:
        return moment.astimezone(ZoneInfo("UTC"))
    early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        there = early.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) == moment
        what = "happens twice" if there else "does not exist"
        raise ValueError(f"{value} {what} in {zone.key} (clock change); write the offset")
    return early.astimezone(ZoneInfo("UTC"))


def _read_fraction(value: Any, info: Info) -> Fraction:
    try:
        return value if isinstance(value, Fraction) else canon.fraction(str(value))
    except ValueError as error:
        raise complain(str(error)) from None


def _read_decimal(value: Any, info: Info) -> Decimal:
    text = str(value)
    if isinstance(value, float) or not text.replace(".", "", 1).removeprefix("-").isdigit():
        raise complain(f"{value!r} is no decimal number")
    return Decimal(text)


def _read_file(value: Any, info: Info) -> files.File:
    if isinstance(value, files.File):
        return value
    if info.context.from_record and isinstance(value, dict):
        return files.File(**value)
    try:
        path = inside(info.context.folder, value)
        return files.put(_bytes_of(path, str(value)), path.name)
    except ValueError as error:
        raise complain(str(error)) from None


def _read_text_file(value: Any, info: Info) -> files.File:
    file = _read_file(value, info)
    if not file.type.startswith("text/"):
        raise complain(f"{file.name} holds no text; here stands a text file")
    return file


def _read_language(value: Any, info: Info) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", value):
        raise complain(f"{value!r} is no tag of a language")
    return value


def _read_secret(value: Any, info: Info) -> files.Secret:
    if not info.context.rehearsal:
        raise complain("a private key may be named only in a rehearsal")
    try:
        return files.Secret(inside(info.context.folder, value))
    except ValueError as error:
        raise complain(str(error)) from None


def _bytes_of(path: Path, name: str) -> bytes:
    if path.stat().st_size > files.LIMIT:
        raise ValueError(f"{name} has {path.stat().st_size:,} bytes; the limit is {files.LIMIT:,}")
    return path.read_bytes()


def inside(folder: Path | None, value: Any) -> Path:
    """The file `value` names relative to `folder`. Raises ValueError for what lies outside, links and gaps."""
    if folder is None or not isinstance(value, str):
        raise ValueError(f"{value!r} is no file")
    if any(len(part.encode(errors="replace")) > 255 for part in Path(value).parts):
        raise ValueError(f"{value[:40]!r}… is too long a name")
    if "\x00" in value or value.startswith("/") or ".." in Path(value).parts or len(value) > 1000:
        raise ValueError(f"{value!r} leads out of the folder")
    path = folder / value
    for part in (path, *path.parents):
        if part == folder:
            break
        if part.is_symlink():
            raise ValueError(f"{value!r} is a link; only files of the folder itself are read")
    if not path.is_file():
        raise ValueError(f"there is no file {value}")
    return path


_SIMPLE: dict[Any, tuple[Callable[[Any, Info], Any], dict[str, Any]]] = {
    str: (_read_text, {"type": "string", "maxLength": LONGEST_TEXT}),
    int: (_read_int, {"type": "integer"}),
    bool: (_read_bool, {"type": "boolean"}),
    date: (_read_date, {"type": "string", "format": "date"}),
    datetime: (_read_instant, {"type": "string", "format": "date-time"}),
    Fraction: (_read_fraction, {"type": "string", "format": "fraction"}),
    Decimal: (_read_decimal, {"type": "string", "format": "decimal"}),
    refs.Ref: (_read_ref, {"type": "string", "format": "ref"}),
    Language: (_read_language, {"type": "string", "format": "language"}),
    TextFile: (_read_text_file, {"type": "string", "format": "text file"}),
    files.File: (_read_file, {"type": "string", "format": "file"}),
    files.Secret: (_read_secret, {"type": "string", "format": "secret"}),
}


def written(value: Any, mentions: list[str]) -> Any:
    """`value` as it stands in a record; every reference met is added to `mentions`. Secrets are left out."""
    match value:
        case refs.Referable():
            mentions.append(value.ref)
            return str(value.ref)
        case refs.Ref():
            mentions.append(value)
            return str(value)
        case files.File():
            return {"sha256": value.sha256, "name": value.name, "type": value.type}
        case enum.Enum():
            return value.value
        case Decimal():
            return str(value)
        case dict():
            return {_key(key, mentions): written(item, mentions) for key, item in value.items()}
        case list() | tuple():
            return [written(item, mentions) for item in value]
        case _ if dataclasses.is_dataclass(value):
            fields = {field.name.rstrip("_"): getattr(value, field.name) for field in dataclasses.fields(value)}
            return {key: written(item, mentions) for key, item in fields.items() if item is not None}
        case _:
            return canon.as_json(value)


def _key(key: Any, mentions: list[str]) -> str:
    if isinstance(key, refs.Referable):
        mentions.append(key.ref)
        return key.key
    return str(key)
