"""The command line: exit codes, JSON for programs, messages and never a traceback."""

import argparse
import json

import pytest

from chancery import canon
from chancery.procedure import presets
from chancery.procedure.command import register
from chancery.procedure.tests.test_procedure_documents import ANSWER, EXAMPLE


def run(*words):
    parser = argparse.ArgumentParser(prog="chancery")
    register(parser.add_subparsers(required=True))
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "example.json"
    path.write_text(json.dumps(EXAMPLE))
    return path


def test_decide_prints_the_canonical_answer_and_one_line_feed(example, capfdbinary):
    assert run("decide", str(example)) == 0
    assert capfdbinary.readouterr().out == ANSWER.encode() + b"\n"


def test_decide_gives_the_same_bytes_for_keys_in_another_order(example, tmp_path, capfdbinary):
    run("decide", str(example))
    first = capfdbinary.readouterr().out
    turned = tmp_path / "turned.json"
    turned.write_text(json.dumps(dict(reversed(EXAMPLE.items())), indent=1))
    run("decide", str(turned))
    assert capfdbinary.readouterr().out == first


def test_decide_for_people_reads_like_an_announcement_followed_by_the_working(example, capfd):
    assert run("decide", str(example), "--text") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines == [
        "Two members have voted for, one against, one has abstained.",
        "At least two thirds of the three members present and voting is needed: two.",
        "The decision is adopted.",
        "Quorum to decide, at the opening of the vote: needed 3 (more than 1/2 of 4 members), got 4: met.",
        "Majority “substantive”, at the result: needed 2 (2/3 of 3 present and voting), got 2: met.",
    ]


def test_decide_on_bad_input_is_exit_2_with_pointer_and_reason(tmp_path, capfd):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(EXAMPLE | {"extra": 1}))
    assert run("decide", str(path)) == 2
    assert "/extra: is unknown here" in capfd.readouterr().err


def test_decide_on_a_missing_file_is_exit_2(tmp_path, capfd):
    assert run("decide", str(tmp_path / "none.json")) == 2
    assert "No such file" in capfd.readouterr().err


def test_decide_on_what_is_no_json_is_exit_2(tmp_path, capfd):
    path = tmp_path / "bad.json"
    path.write_bytes(b"\xff\xfe")
    assert run("decide", str(path)) == 2
    assert "is no JSON" in capfd.readouterr().err


def test_rules_list_shows_each_preset_with_its_badge(capfd):
    assert run("rules", "list") == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == presets()
    assert [line.split()[1] for line in lines if line.startswith("un-assembly")] == ["unverified"]
    assert run("rules", "list", "--json") == 0
    assert {row["name"] for row in json.loads(capfd.readouterr().out)} == set(presets())


def test_rules_show_gives_each_value_its_source_and_status(capfd):
    assert run("rules", "show", "cnr-rp/4") == 0
    text = capfd.readouterr().out
    assert "verified: CNR/RP/4, Rule 25" in text
    assert "    Decisions of substance on which consensus is not reached" in text
    assert run("rules", "show", "un-assembly/1") == 0
    assert "unverified: confirm each value" in capfd.readouterr().out.splitlines()[0]


def test_rules_show_prints_a_preset_to_copy_which_checks_as_whole(tmp_path, capfd):
    assert run("rules", "show", "un-assembly/1", "--toml") == 0
    path = tmp_path / "rules.toml"
    path.write_text(capfd.readouterr().out)
    assert run("rules", "check", str(path)) == 0
    assert "whole" in capfd.readouterr().out
    assert run("rules", "diff", "un-assembly/1", str(path)) == 0
    path.write_text(path.read_text().replace("due_before = 7", "due_before = 10"))
    assert run("rules", "diff", "un-assembly/1", str(path)) == 1
    assert capfd.readouterr().out == "credentials.due_before: 7 → 10\n"


def test_rules_check_names_all_faults_and_is_exit_2(tmp_path, capfd):
    path = tmp_path / "rules.toml"
    path.write_text('[quorum]\ndecide = { f = "3/2" }\nbase = "all"\n')
    assert run("rules", "check", str(path)) == 2
    error = capfd.readouterr().err
    assert "quorum.decide.f: 3/2 is no share" in error
    assert "quorum.base: 'all' is none of" in error
    assert run("rules", "check", str(path), "--json") == 2
    assert len(json.loads(capfd.readouterr().out)["faults"]) == 2


@pytest.mark.parametrize("words", [("show", "none/1"), ("check", "none.toml"), ("diff", "none/1", "osce/1")])
def test_rules_of_nobody_are_exit_2(words, capfd):
    assert run("rules", *words) == 2
    assert capfd.readouterr().err


def test_the_answer_is_canonical():
    assert canon.canonical_json(json.loads(ANSWER)).decode() == ANSWER
