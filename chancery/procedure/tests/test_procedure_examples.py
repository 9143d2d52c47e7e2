"""The documented examples: each is decided and reads as its text says; the documents name them all."""

import json
import re
from pathlib import Path

import pytest

import chancery
from chancery.procedure import decide_document, presets
from chancery.procedure.documents import parse
from chancery.procedure.sentences import working_sentences

ROOT = Path(chancery.__file__).parent.parent
DOCS = ROOT / "docs"
FOLDER = DOCS / "reference" / "examples" / "decide"
EXAMPLES = sorted(FOLDER.glob("*.json"))
METHODS = {"vote", "consensus", "silence", "election", "ad_referendum", "motion"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_reads_as_its_text_says(path):
    outcome = decide_document(parse(path.read_bytes()))
    assert "\n".join(working_sentences(outcome)) + "\n" == path.with_suffix(".txt").read_text()


def test_there_is_an_example_of_every_method_and_text_of_every_example():
    assert len(EXAMPLES) >= 10
    assert {json.loads(path.read_bytes())["question"]["method"] for path in EXAMPLES} == METHODS
    assert {path.stem for path in FOLDER.glob("*.txt")} == {path.stem for path in EXAMPLES}


def test_the_page_on_decide_names_every_example_and_no_other():
    page = (DOCS / "algorithms" / "decide.md").read_text()
    assert set(re.findall(r"examples/decide/([a-z-]+)\.json", page)) == {path.stem for path in EXAMPLES}
    for name in presets():
        assert f"`{name}`" in page


def test_the_examples_in_the_page_are_quoted_as_they_are():
    page = (DOCS / "algorithms" / "decide.md").read_text()
    texts = "".join(path.read_text() for path in FOLDER.glob("*.txt")).splitlines()
    quoted = [line.removeprefix("> ").removesuffix("  ") for line in page.splitlines() if line.startswith("> ")]
    assert len(quoted) > 15
    assert [line for line in quoted if line not in texts] == []
