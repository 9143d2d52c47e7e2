"""Rule sets: every fault at once with its path; sources; the canonical form and its digest."""

import copy
import json
from datetime import date

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery import canon
from chancery.procedure import RuleSet, RuleSetFaults, preset, presets
from chancery.procedure.reading import Reading, reader
from chancery.procedure.rulesets import PRESETS
from chancery.procedure.schemas import decide_schema, ruleset_schema

CONTRADICTIONS = b"""
valid_from = 2026-01-02
valid_to = 2026-01-01
[chair]
selection = "rotation"
[quorum]
decide = { f = "3/2" }
base = "everybody"
[silence]
min_hours = 72
usual_hours = 48
[majority.s]
tests = [{ threshold = 0.55 }]
[majority.w]
tests = [{ threshold = "1/1", strict = true, measure = "gdp" }]
[majority.nothing]
[agenda]
adoption_majority = "unheard of"
[statements]
window = { hours = 1, days = 2 }
[papers]
pages = 4
"""


def faults_of(data):
    with pytest.raises(RuleSetFaults) as caught:
        RuleSet.from_toml(data)
    return {fault.dotted: fault.reason for fault in caught.value.faults}


def test_all_faults_are_found_at_once_each_with_path_and_reason():
    faults = faults_of(CONTRADICTIONS)
    assert faults["chair.rotation_order"] == "names no member, although the chair rotates"
    assert faults["quorum.decide.f"].startswith("3/2 is no share")
    assert faults["quorum.base"] == "'everybody' is none of members, accredited, entitled, participating"
    assert faults["silence.usual_hours"] == "48 hours is shorter than the minimum of 72 hours"
    assert faults["majority.s.tests.0.threshold"] == 'must be a fraction such as "2/3", not a float'
    assert faults["majority.w.tests.0.strict"] == "more than all can never vote for"
    assert faults["majority.w.tests.0.measure"] == "'gdp' is neither heads nor weight:NAME"
    assert faults["majority.nothing.tests"] == "names neither a test nor turnout_tiers"
    assert faults["papers.pages"].startswith("is unknown here; known: ")
    assert faults["statements.window"].endswith("is none of at_adoption, same_meeting")


def test_what_groups_say_against_one_another_is_found():
    faults = faults_of(b'valid_from = 2026-01-02\nvalid_to = 2026-01-01\n[agenda]\nadoption_majority = "unheard of"')
    assert faults == {
        "agenda.adoption_majority": "'unheard of' names no majority; known: none",
        "valid_to": "lies before valid_from",
    }


def test_a_rotation_or_a_group_that_names_a_stranger_is_refused():
    data = b"""
[members]
member_list = [{ code = "A" }, { code = "B" }]
groups = { east = ["A", "Z"] }
[chair]
selection = "rotation"
rotation_order = ["A", "C"]
"""
    assert set(faults_of(data)) == {"members.groups.east.1"}
    without_groups = data.replace(b'groups = { east = ["A", "Z"] }', b"")
    assert faults_of(without_groups) == {"chair.rotation_order.1": "'C' is no member of member_list"}


@pytest.mark.parametrize("data", [b"\xff", b"a = ", b"[quorum", b"x = 1\nx = 2"])
def test_what_is_no_toml_is_a_fault(data):
    assert faults_of(data)[""].startswith("is no TOML")


def test_what_a_set_leaves_out_has_the_defaults_of_the_schema():
    rules, schema = RuleSet.from_toml(b""), ruleset_schema()
    assert rules.quorum.base == schema["properties"]["quorum"]["properties"]["base"]["default"] == "members"
    assert rules.proposals.division == schema["properties"]["proposals"]["properties"]["division"]["default"]
    assert rules.silence is None


@pytest.mark.parametrize("name", presets())
def test_every_value_of_a_preset_names_its_source_and_status(name):
    rules = preset(name)
    stated = list(rules.statuses())
    assert stated
    for parameter, status in stated:
        assert status in {"verified", "unverified", "design"}
        assert rules.source_of(parameter), parameter
    assert (rules.name, f"{rules.name}/{rules.version}") == (name.split("/")[0], name)


def test_only_sets_whose_values_were_all_compared_wear_no_badge():
    badged = {name for name in presets() if not preset(name).is_verified}
    assert badged == {"eu-double-majority/1", "osce/1", "un-assembly/1"}


def test_the_sources_of_the_nine_rivers():
    rules = preset("cnr-rp/4")
    source = rules.source_of("majority.substantive")
    assert (source.source, source.rule, source.status) == ("CNR/RP/4, Rule 25", "Rule 25", "verified")
    assert "two thirds of the members present and voting" in source.text
    assert rules.source_of("quorum.decide").rule == "Rule 21"
    assert rules.source_of("methods.default").rule == "Rule 23"
    assert rules.source_of("instruments.entry_into_force").rule == "Rule 34"
    assert rules.source_of("nothing.of.the.kind") is None


@pytest.mark.parametrize("name", presets())
def test_the_digest_is_that_of_the_canonical_form_and_survives_every_way_of_writing(name):
    rules = preset(name)
    assert rules.sha256 == canon.sha256(canon.canonical_json(rules.document))
    turned = json.loads(json.dumps(rules.document, sort_keys=True))
    assert RuleSet.from_document(turned).sha256 == rules.sha256
    written = tomli_w.dumps(turned).encode()
    assert RuleSet.from_toml(written).majority == rules.majority


def test_a_preset_file_can_be_copied():
    copied = RuleSet.from_toml((PRESETS / "cnr-rp-4.toml").read_bytes())
    assert copied.sha256 == preset("cnr-rp/4").sha256


def test_a_set_is_in_force_between_its_days():
    rules = RuleSet.from_toml(b"valid_from = 2024-01-01\nvalid_to = 2025-12-31")
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [rules.is_in_force(day) for day in days] == [False, True, True, False]


def test_an_unknown_preset_is_a_key_error_that_names_the_known():
    with pytest.raises(KeyError, match="un-assembly/1"):
        preset("un-assembly/9")


def leaves(value, path=()):
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [path]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(presets()), st.data(), ODD)
def test_any_value_put_anywhere_is_read_or_refused_with_its_path(name, data, odd):
    document = copy.deepcopy(dict(preset(name).document))
    path = data.draw(st.sampled_from(leaves(document)))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    try:
        RuleSet.from_document(document)
    except RuleSetFaults as found:
        assert all(fault.reason for fault in found.faults)
    except TypeError as error:
        pytest.fail(f"{path}: {error}")


def test_schemas_are_whole():
    rules, decide = ruleset_schema(), decide_schema()
    assert set(rules["properties"]) >= {"members", "chair", "quorum", "majority", "silence", "elections", "sources"}
    assert decide["required"] == ["ruleset", "question", "electorate", "events"]
    kinds = [one["properties"]["kind"]["const"] for one in decide["properties"]["events"]["items"]["oneOf"]]
    assert len(kinds) == len(set(kinds)) == 34
    json.dumps([rules, decide])


def test_every_parameter_has_a_line_for_people():
    def nameless(schema, path):
        for key, value in schema.get("properties", {}).items():
            if not value.get("description") and not value.get("title") and key != "from":
                yield f"{path}.{key}"
            yield from nameless(value, f"{path}.{key}")

    found = list(nameless(ruleset_schema(), ""))
    assert all(name.rpartition(".")[2] in NEEDS_NO_WORDS for name in found), found


NEEDS_NO_WORDS = {"f", "code", "weights", "weight", "threshold", "suspend_minutes", "name", "rank", "min_members"}
NEEDS_NO_WORDS |= {"within", "second_vote", "days", "hours", "majority", "when", "pattern", "audience", "source"}


def test_a_reader_refuses_an_annotation_it_does_not_know():
    with pytest.raises(TypeError, match="no reader"):
        reader(complex)
    assert reader(int)(3, (), Reading()) == 3
