"""The check that a document has the shape of its kind."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.pdf.shapes import Misshapen, checked

SHAPE = {"name": str, "level?": int, "side": {"ltr", "rtl"}, "runs": [{"text": str}]}
GOOD: dict[str, Any] = {"name": "Café", "level": 2, "side": "rtl", "runs": [{"text": "one"}, {"text": "two"}]}

texts = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]))
documents = st.builds(
    lambda name, side, runs: {"name": name, "side": side, "runs": [{"text": run} for run in runs]},
    texts,
    st.sampled_from(["ltr", "rtl"]),
    st.lists(texts),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(documents)
def test_checking_twice_changes_nothing(document: dict[str, Any]) -> None:
    once = checked(document, SHAPE)
    assert checked(once, SHAPE) == once


@given(values)
def test_whatever_is_no_document_is_refused_and_nothing_else_happens(value: Any) -> None:
    with pytest.raises(Misshapen):
        checked(value, SHAPE)


@pytest.mark.parametrize("key", ["name", "side", "runs"])
def test_a_missing_key_is_named(key: str) -> None:
    document = copy.deepcopy(GOOD)
    del document[key]
    with pytest.raises(Misshapen, match=f"{key} is missing"):
        checked(document, SHAPE)


def test_a_key_with_a_question_mark_may_be_left_out() -> None:
    document = copy.deepcopy(GOOD)
    del document["level"]
    assert checked(document, SHAPE) == document


def test_the_place_of_the_fault_is_a_json_pointer() -> None:
    document = copy.deepcopy(GOOD)
    document["runs"][1]["text"] = 7
    with pytest.raises(Misshapen, match="^/runs/1/text: str expected, int found$"):
        checked(document, SHAPE)


def test_text_comes_out_in_nfc() -> None:
    assert checked("Cafe\u0301", str) == "Café"


def test_true_is_no_number() -> None:
    with pytest.raises(Misshapen):
        checked(True, int)
