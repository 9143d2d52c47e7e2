"""Documents that can be run are run: the night of drafting, and the examples of the reference."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from chancery.prose.canonical import canonical
from chancery.prose.jsonform import text_as_json
from chancery.prose.schema import load

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
SHIM = """#!/bin/sh
exec {python} -c 'import argparse, sys
from chancery.prose import command
parser = argparse.ArgumentParser()
command.register(parser.add_subparsers(required=True))
args = parser.parse_args()
sys.exit(args.run(args))' "$@"
"""
BLOCK = re.compile(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)


def test_the_night_of_drafting_prints_what_its_page_says(tmp_path):
    for path in (DOCS / "reference" / "examples" / "text").iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chancery").write_text(SHIM.format(python=sys.executable))
    (tmp_path / "bin" / "chancery").chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    blocks = BLOCK.findall((DOCS / "night-of-drafting.md").read_text())
    assert len(blocks) >= 10
    for commands, printed in blocks:
        done = subprocess.run(
            ["sh", "-e", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, printed), commands + done.stderr


def test_the_documents_of_the_reference_are_read_by_the_schema():
    found = re.findall(r"```json\n(.*?)```", (DOCS / "reference" / "text-forms.md").read_text(), re.DOTALL)
    assert len(found) == 6
    for document in found:
        data = json.loads(document)
        assert load(document.encode(), data["format"]) == data


def test_the_grammar_examples_of_the_reference_are_canonical():
    found = re.findall(r"```markdown\n(.*?)```", (DOCS / "reference" / "text-forms.md").read_text(), re.DOTALL)
    assert found
    for text in found:
        assert canonical(text) == text
        assert text_as_json(text)["brackets"]
