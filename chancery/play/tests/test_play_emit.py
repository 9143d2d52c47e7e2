"""The written form of a folder reads back as what was written, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from chancery.play import emit, folder

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60)
scalars = texts | st.sampled_from(
    ["yes", "No", "1.10", "12:30", "null", "~", "- x", "a: b", "#c", " x", "x ", "a  b", "é", "{}", "'", '"']
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scalars, inner, min_size=1, max_size=3),
    max_leaves=8,
)


def read(text: str):
    root = YAML(typ="rt").compose(text)
    faults: list[folder.FaultAt] = []
    acts = folder._lines(root, faults)
    assert faults == []
    return [act.raw for act in acts]


@given(st.dictionaries(scalars, values, max_size=4))
def test_any_arguments_read_back_as_written(arguments):
    entry = {"do": "paper.table", "at": "2026-01-01 10:00+00:00", "by": "secretary"}
    if arguments:
        entry["with"] = arguments
    assert read(emit.acts([entry])) == [entry]


def test_a_scalar_is_plain_only_where_nobody_can_misread_it():
    plain = ["result/51/2", "Aldera (ALD)", "text.en.md", "hal.head", "Ж"]
    assert [emit.scalar(text) for text in plain] == plain
    for text in ("yes", "Null", "12:30", "1.10", "a: b", "x ", "", "@name", "a#b"):
        assert emit.scalar(text).startswith('"')
