"""The schemas say what the readers read: every preset, case and example fits, and what is refused does not."""

import copy
import re

import pytest

from chancery.procedure import preset, presets
from chancery.procedure.documents import parse
from chancery.procedure.schemas import decide_schema, ruleset_schema
from chancery.procedure.tests.procedure_cases import cases, document_of
from chancery.procedure.tests.test_procedure_examples import EXAMPLES

DECIDE, RULESET = decide_schema(), ruleset_schema()
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def fits(schema, value):
    """Whether a value fits a schema, for the few keywords that our schemas use."""
    if "anyOf" in schema and not any(fits(one, value) for one in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(one, value) for one in schema["oneOf"]) != 1:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    return "type" not in schema or (has_type(schema["type"], value) and fits_type(schema, value))


def has_type(name, value):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def fits_type(schema, value):
    if isinstance(value, str):
        return "pattern" not in schema or re.search(schema["pattern"], value) is not None
    if isinstance(value, int):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, list):
        return all(fits(schema["items"], item) for item in value)
    return fits_object(schema, value) if isinstance(value, dict) else True


def fits_object(schema, value):
    known, others = schema.get("properties", {}), schema["additionalProperties"]
    if not set(schema.get("required", ())) <= value.keys():
        return False
    return all(fits(known[key], item) if key in known else others and fits(others, item) for key, item in value.items())


@pytest.mark.parametrize("name", presets())
def test_a_preset_fits_the_schema_of_rule_sets(name):
    assert fits(RULESET, preset(name).document)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_fits_the_schema_of_documents(case):
    assert fits(DECIDE, document_of(case))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_schema_of_documents(path):
    assert fits(DECIDE, parse(path.read_bytes()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("question", "method"), "guess"),
        (("question", "more"), 1),
        (("electorate", "zone"), 3),
        (("events", 0, "kind"), "vote.guessed"),
        (("events", 0, "at"), "2026-10-14"),
        (("events", 0, "data", "loud"), True),
        (("ruleset", "version"), "4"),
    ],
)
def test_what_is_refused_does_not_fit(path, value):
    document = copy.deepcopy(parse(EXAMPLES[0].read_bytes()))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not fits(DECIDE, document)
