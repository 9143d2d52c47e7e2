"""The published forms as JSON Schema, and the one reader of documents: what the schema refuses is refused."""

from __future__ import annotations

import json
import re
from typing import Any

from .errors import BadInput
from .forms import LINT, OPS, PROPOSAL, REBASE, TEXT, TRACE

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_NULLABLE: Json = {"type": ["string", "null"]}
_INDEX: Json = {"type": "integer", "minimum": 0}
_AFTER: Json = {"type": "integer", "minimum": -1}
_DIGEST: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ID: Json = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9-]*$"}
NAME: Json = {"type": "string", "pattern": "^(?!base$)(?!.* // )[^{}\\[\\]#,/\\s]([^{}\\[\\],\\n]*[^{}\\[\\],\\s])?$"}
_INSTANT: Json = {"type": ["string", "null"], "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"}
_NULLABLE_INDEX: Json = {"type": ["integer", "null"], "minimum": 0}


def _object(required: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_PLACE = _list(_INDEX)
_EDIT = _object({"s": _INDEX, "del": _TEXT, "ins": _TEXT})
_OPS: dict[str, Json] = {
    "edit": _object({"op": {"const": "edit"}, "at": _INDEX, "edits": _list(_EDIT)}, {"text": _TEXT, "id": _ID}),
    "delete": _object({"op": {"const": "delete"}, "at": _INDEX, "text": _TEXT}, {"id": _ID}),
    "insert": _object({"op": {"const": "insert"}, "after": _AFTER, "text": _TEXT}, {"lead": _TEXT}),
    "move": _object({"op": {"const": "move"}, "at": _INDEX, "after": _AFTER, "text": _TEXT}, {"id": _ID}),
    "lead": _object({"op": {"const": "lead"}, "at": _INDEX, "lead": _NULLABLE}),
}
_OP: Json = {"oneOf": list(_OPS.values())}
_STATE = _object({"sha256": _DIGEST, "units": _INDEX})
_PROPOSAL = _object(
    {
        "format": {"const": PROPOSAL},
        "id": _ID,
        "by": NAME,
        "base": _DIGEST,
        "ops": _list(_OP),
    },
    {"with": _list(NAME), "published_at": _INSTANT, "note": _TEXT},
)
_OUTCOME = _object(
    {
        "op": _INDEX,
        "edit": _NULLABLE_INDEX,
        "outcome": {"enum": ["exact", "shifted", "done", "conflict", "orphan"]},
        "kind": _NULLABLE,
        "unit": {"type": ["integer", "null"], "minimum": -1},
        "s": _NULLABLE_INDEX,
    }
)
_ROW = _object(
    {
        "proposal": _ID,
        "op": _INDEX,
        "edit": _NULLABLE_INDEX,
        "by": NAME,
        "unit": _NULLABLE_INDEX,
        "bracket": _NULLABLE,
        "alternative": _NULLABLE_INDEX,
        "state": {"enum": ["pending", "merged", "done", "withdrawn", "conflict", "orphan", "annex", "kept", "fell"]},
    },
    {"version": {"type": "integer", "minimum": 1}},
)
_COLLISION = _object(
    {"kind": _TEXT, "unit": _AFTER, "range": _PLACE, "proposals": _list(_ID)},
)
_UNIT = _object(
    {
        "n": _INDEX,
        "id": _NULLABLE,
        "kind": {"enum": ["meta", "heading", "paragraph", "item", "row", "option", "note"]},
        "level": _INDEX,
        "label": _TEXT,
        "role": {"enum": ["preambular", "operative", None]},
        "body": _TEXT,
        "text": _TEXT,
        "marks": {"type": "array"},
        "cells": {"type": ["array", "null"]},
    }
)
_BRACKET = _object(
    {
        "id": _NULLABLE,
        "open": _PLACE,
        "close": _PLACE,
        "depth": _INDEX,
        "parent": _NULLABLE_INDEX,
        "crossing": {"type": "boolean"},
        "holders": _list(_TEXT),
        "alternatives": _list(_object({"open": _PLACE, "close": _PLACE, "holders": _list(_TEXT)})),
    }
)
_COUNTS: Json = {"type": "object"}
_FINDING = _object(
    {"code": _TEXT, "class": _TEXT, "unit": _NULLABLE_INDEX, "s": _NULLABLE_INDEX, "message": _TEXT},
)
FORMS: dict[str, Json] = {
    TEXT: _object(
        {
            "format": {"const": TEXT},
            "sha256": _DIGEST,
            "meta": {"type": "object"},
            "units": _list(_UNIT),
            "options": _list(_PLACE),
            "notes": {"type": "array"},
            "brackets": _list(_BRACKET),
            "counts": _COUNTS,
        }
    ),
    OPS: _object({"format": {"const": OPS}, "from": _STATE, "to": _STATE, "ops": _list(_OP)}, {"end": _TEXT}),
    PROPOSAL: _PROPOSAL,
    REBASE: _object(
        {
            "format": {"const": REBASE},
            "onto": _DIGEST,
            "proposals": _list(
                _object({"id": _ID, "outcomes": _list(_OUTCOME), "rebased": {"oneOf": [{"type": "null"}, _PROPOSAL]}})
            ),
        }
    ),
    TRACE: _object(
        {
            "format": {"const": TRACE},
            "base": _DIGEST,
            "collisions": _list(_COLLISION),
            "annex": _list(_object({"proposal": _ID, "reason": {"enum": ["label", "crossing", "structure"]}})),
            "rows": _list(_ROW),
        }
    ),
    LINT: _object({"format": {"const": LINT}, "counts": _COUNTS, "findings": _list(_FINDING)}),
}


def is_name(text: str) -> bool:
    """Whether a text can be the name of a delegation in a bracket."""
    return bool(re.search(NAME["pattern"], text))


def text_schema() -> Json:
    """The JSON Schema (draft 2020-12) of all forms of the text engine: a document is one of them."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "oneOf": list(FORMS.values())}


def load(data: bytes, *formats: str) -> Json:
    """A document of one of the formats named. Raises BadInput with the path of the first fault."""
    document = _parsed(data)
    if not isinstance(document, dict) or document.get("format") not in formats:
        raise BadInput(f"the document is not in the format {' or '.join(formats)}")
    _check(document, FORMS[document["format"]], "")
    if document["format"] == PROPOSAL:
        document = {"with": [], "published_at": None, "note": ""} | document
    return dict(document)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise BadInput("the JSON is nested too deep") from None
    except ValueError as error:
        raise BadInput(f"no JSON: {error}") from None


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    if len(dict(pairs)) < len(pairs):
        raise BadInput("a key stands twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise BadInput(f"{name} is no JSON")


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def _check(value: Any, schema: Json, path: str) -> None:
    """`value` against the keywords used above. Raises BadInput."""
    if "oneOf" in schema:
        _check(value, _branch(value, schema["oneOf"], path), path)
        return
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        raise BadInput(f"{path or '/'}: {json.dumps(value)[:60]} is not allowed")
    if "type" in schema:
        _check_type(value, schema["type"], path)
    if isinstance(value, str):
        _check_text(value, schema, path)
    elif isinstance(value, int) and value < schema.get("minimum", value):
        raise BadInput(f"{path}: {value} is too small")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check(item, schema.get("items", {}), f"{path}/{number}")
    elif isinstance(value, dict) and "properties" in schema:
        _check_object(value, schema, path)


def _check_type(value: Any, names: str | list[str], path: str) -> None:
    allowed = [names] if isinstance(names, str) else names
    if isinstance(value, bool) and "boolean" not in allowed or not any(isinstance(value, _TYPES[n]) for n in allowed):
        raise BadInput(f"{path or '/'}: must be {' or '.join(allowed)}")


def _check_text(value: str, schema: Json, path: str) -> None:
    if not re.search(schema.get("pattern", ""), value):
        raise BadInput(f"{path}: {value[:60]!r} is not allowed")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadInput(f"{path}: holds half a surrogate pair")


def _check_object(value: Json, schema: Json, path: str) -> None:
    for key in schema["required"]:
        if key not in value:
            raise BadInput(f"{path or '/'}: {key} is missing")
    for key, item in value.items():
        if key not in schema["properties"]:
            raise BadInput(f"{path}/{key}: is unknown")
        _check(item, schema["properties"][key], f"{path}/{key}")


def _branch(value: Any, schemas: list[Json], path: str) -> Json:
    """The one of several shapes that the value claims to be."""
    for schema in schemas:
        is_null = schema.get("type") == "null"
        if value is None if is_null else isinstance(value, dict) and _claims(value, schema):
            return schema
    raise BadInput(f"{path or '/'}: has no known shape")


def _claims(value: Json, schema: Json) -> bool:
    marks = [(key, part["const"]) for key, part in schema["properties"].items() if "const" in part]
    return all(value.get(key) == const for key, const in marks)
