"""JSON Schemas (draft 2020-12) of rule sets and of decide()'s documents, made from the shapes that read them."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin

from chancery import canon
from chancery.procedure.reading import MOST, MemberCode, Serial, is_shape
from chancery.procedure.shapes import Shape, Stated, hints

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    MemberCode: {"type": "string", "description": "code of a member"},
    int: {"type": "integer", "minimum": 0, "maximum": MOST},
    Serial: {"type": "integer", "minimum": 0},
    bool: {"type": "boolean"},
    Fraction: {
        "anyOf": [{"type": "string", "pattern": r"^(0|-?[1-9]\d{0,17})(/[1-9]\d{0,17})?$"}, {"type": "integer"}]
    },
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    Any: {},
    object: {},
    type(None): {"type": "null"},
}


def ruleset_schema() -> Schema:
    """The schema of a rule set: every group and parameter, with its default and one line of description."""
    from chancery.procedure.rulesets import RuleSet

    return {"$schema": DRAFT, "title": "Rules of procedure", **schema_of(RuleSet)}


def decide_schema() -> Schema:
    """The schema of the document that `chancery decide` reads."""
    from chancery.procedure.documents import ELECTORATE
    from chancery.procedure.questions import QuestionTerms

    preset = shape_schema({"preset": str, "version": int, "sha256": str})
    inline = {key: value for key, value in ruleset_schema().items() if key != "$schema"}
    keys = {
        "ruleset": {"anyOf": [preset, inline]},
        "question": schema_of(QuestionTerms),
        "electorate": shape_schema(ELECTORATE),
        "events": {"type": "array", "items": {"oneOf": _event_schemas()}},
    }
    return {"$schema": DRAFT, "title": "A question to decide", **_object(keys, list(keys))}


def _event_schemas() -> list[Schema]:
    from chancery.procedure.documents import EVENT, EVENT_DATA

    plain = shape_schema({key: value for key, value in EVENT.items() if key not in ("kind", "data?")})
    schemas = []
    for kind, shape in EVENT_DATA.items():
        properties = {**plain["properties"], "kind": {"const": kind}, "data": shape_schema(shape)}
        needed = [*plain["required"], "kind", *(["data"] if any(not key.endswith("?") for key in shape) else [])]
        schemas.append(_object(properties, needed))
    return schemas


def schema_of(annotation: Any) -> Schema:
    """The schema of one annotation that `reading` reads."""
    if annotation in _SCALARS:
        return dict(_SCALARS[annotation])
    if is_shape(annotation):
        return _shape_schema(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(choice) for choice in arguments]}
    raise TypeError(f"no schema for {annotation!r}")


def shape_schema(shape: Mapping[str, Any]) -> Schema:
    """The schema of an object given as {key: annotation}."""
    properties = {key.rstrip("?"): schema_of(annotation) for key, annotation in shape.items()}
    return _object(properties, [key for key in shape if not key.endswith("?")])


def _shape_schema(shape: type[Shape]) -> Schema:
    annotations = hints(shape)
    fields = {name.rstrip("_"): field for name, field in shape.fields.items()}
    properties = {key: {**schema_of(annotations[key]), **_notes(field)} for key, field in fields.items()}
    needed = [key for key, field in fields.items() if field.needed]
    return {"description": (shape.__doc__ or "").split("\n")[0], **_object(properties, needed)}


def _notes(field: Stated) -> Schema:
    """What a field means, and its default where that is no shape, whose own fields state theirs."""
    notes: Schema = {"description": field.what} if field.what else {}
    in_shapes = isinstance(field.default, Shape) or (
        isinstance(field.default, tuple) and any(isinstance(item, Shape) for item in field.default)
    )
    return notes if field.needed or in_shapes else {**notes, "default": canon.as_json(field.default)}


def _object(properties: Mapping[str, Schema], needed: list[str]) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), "required": needed}
