"""Every acceptance scenario and every smaller case, as data: what the rules say must come out."""

import pytest

from chancery import canon
from chancery.procedure import decide_document
from chancery.procedure.documents import parse
from chancery.procedure.sentences import working_sentences
from chancery.procedure.tests.procedure_cases import (
    all_written,
    calls,
    cases,
    differences,
    document_of,
    outcome_of_call,
)


def names(written):
    return [one.name for one in written]


@pytest.mark.parametrize("case", cases(), ids=names(cases()))
def test_a_question_comes_out_as_its_rules_say(case):
    outcome = decide_document(document_of(case))
    assert differences(case.content["expect"], outcome) == []


@pytest.mark.parametrize("call", calls(), ids=names(calls()))
def test_a_single_rule_answers_as_it_says(call):
    found = outcome_of_call(call)
    expected = call.content["expect"]
    assert differences({"answer": expected}, {"answer": found}) == []


@pytest.mark.parametrize("case", cases(), ids=names(cases()))
def test_the_bytes_of_an_outcome_do_not_depend_on_the_order_of_keys(case):
    document = document_of(case)
    backwards = parse(canon.canonical_json(document))
    turned = {key: backwards[key] for key in reversed(backwards)}
    first = canon.canonical_json(decide_document(document))
    assert first == canon.canonical_json(decide_document(turned))


@pytest.mark.parametrize("case", cases(), ids=names(cases()))
def test_every_outcome_can_be_read_aloud(case):
    sentences = working_sentences(decide_document(document_of(case)))
    assert sentences
    assert all(sentence.strip() and "_" not in sentence.split(":")[0] for sentence in sentences)


def test_every_case_names_its_source_and_its_own_name():
    written = all_written()
    assert len({one.name for one in written}) == len(written)
    assert all(one.content.get("source") for one in written)


@pytest.mark.parametrize("number", range(1, 13))
def test_each_of_the_twelve_scenarios_has_a_file(number):
    assert any(one.file.startswith(f"scenario-{number:02d}-") for one in all_written())
