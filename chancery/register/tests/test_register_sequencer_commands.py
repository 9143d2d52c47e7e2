"""`chancery register found, status, fsck, recover`: exit codes, sentences, and nothing done on a refusal."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pytest

from chancery import canon
from chancery.ledger import acts
from chancery.ledger.acts import RecordText
from chancery.ledger.note import Kind
from chancery.ledger.tests.council import AT, ORIGIN, make_signer
from chancery.register import command
from chancery.register.sequencer import Sequencer


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    args = parser.parse_args(["register", *map(str, words)])
    return int(args.run(args))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    assert run("found", "--data", tmp_path / "data", "--origin", ORIGIN) == 0
    return tmp_path / "data"


def enter(data: Path, count: int) -> None:
    sequencer = Sequencer(data)
    texts = [RecordText(ORIGIN, "decision.issue", f"decision/{number}", "ab" * 32).text() for number in range(count)]
    sequencer.append([acts.leaf(text, [], sequencer.receipt_signer, AT) for text in texts])
    sequencer.close()


def test_a_register_is_founded_once_and_says_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert run("found", "--data", data, "--origin", ORIGIN) == 0
    shown = capsys.readouterr()
    assert shown.out == (data / "register" / "log.vkey").read_text().split("\n")[0] + "\n"
    assert "proves nothing against the one who keeps it" in shown.err
    assert run("found", "--data", data, "--origin", ORIGIN) == 1
    assert "founded once" in capsys.readouterr().err


def test_a_weak_quorum_is_warned_of_at_the_founding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = [make_signer(name, Kind.COSIGNATURE) for name in ("ALD", "BRN", "CYR", "DOR")]
    lines = "".join(f"witness {key.name} {key.vkey}\n" for key in keys)
    file = tmp_path / "witnesses"
    file.write_text(f"{lines}group members 2 ALD BRN CYR DOR\nquorum members\n")
    assert run("found", "--data", tmp_path / "data", "--origin", ORIGIN, "--witnesses", file) == 0
    assert "Warning: members asks for 2 of 4 where 3 are proposed" in capsys.readouterr().err
    file.write_text("quorum nobody\n")
    assert run("found", "--data", tmp_path / "other", "--origin", ORIGIN, "--witnesses", file) == 1
    assert "policy line 2" in capsys.readouterr().err
    assert not (tmp_path / "other" / "keys").exists()


def test_the_status_names_the_key_as_vkey(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enter(data, 3)
    capsys.readouterr()
    assert run("status", "--data", data, "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["origin"], status["size"]) == (ORIGIN, 3)
    assert status["vkey"].startswith(f"{ORIGIN}+")
    assert run("status", "--data", data) == 0
    assert "vkey: " in capsys.readouterr().out
    assert run("status", "--data", data / "nothing") == 1
    assert "register found" in capsys.readouterr().err


def test_fsck_names_what_is_wrong_and_answers_by_its_exit_code(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enter(data, 3)
    assert run("fsck", "--data", data) == 0
    (data / "register" / "stray").write_text("")
    assert run("fsck", "--data", data) == 1
    assert "stray: a stray file" in capsys.readouterr().out


def test_recover_fetches_files_and_makes_a_lost_head_anew(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enter(data, 300)
    head = Sequencer(data).head()
    mirror = Path(shutil.copytree(data / "register", data / "mirror"))
    (data / "register" / "tile/entries/000").unlink()
    assert run("recover", "--data", data, "--from", mirror) == 0
    assert "written again: tile/entries/000" in capsys.readouterr().out
    shutil.rmtree(data / "head")
    stated = ("--head-size", 300, "--root", canon.base64_text(head.root))
    assert run("recover", "--data", data, *stated, "--reason", "the disk is gone") == 0
    assert Sequencer(data).head() == head
    shutil.rmtree(data / "head")
    assert run("recover", "--data", data, "--reason", "the disk is gone") == 1
    assert "from the minutes" in capsys.readouterr().err
    wrong = ("--head-size", 300, "--root", canon.base64_text(b"r" * 32))
    assert run("recover", "--data", data, *wrong, "--reason", "the disk is gone") == 1
    assert not (data / "head" / "head.sqlite3").exists()


@pytest.mark.parametrize("words", [[], ["--head-size", 3], ["--root", "x"], ["--head-size", 3, "--root", "x"]])
def test_recover_refuses_half_a_question(data: Path, words: list[object]) -> None:
    assert run("recover", "--data", data, *words) == 2
