"""The ledger alone: without Django, as one zip file, and quick to start."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chancery.ledger import command, zipapp
from chancery.ledger.tests.council import ALD, BRN, make_act, make_folder, record_leaf

IMPORT_ALL = """
import sys
for name in ("django", "pydantic", "lxml", "numpy"):
    sys.modules[name] = None
import importlib, pkgutil, chancery.ledger
for module in pkgutil.iter_modules(chancery.ledger.__path__):
    if module.name not in ("tests", "__main__"):
        importlib.import_module(f"chancery.ledger.{module.name}")
others = [name for name in sys.modules if name.startswith("chancery.") and not name.startswith("chancery.ledger")]
assert others == ["chancery.canon"], others
"""
IMPORT_COMMANDS = """
import sys
import chancery.ledger.command, chancery.register.command
heavy = {"cryptography", "sqlite3", "urllib.request", "zipfile", "django"} & set(sys.modules)
assert not heavy, heavy
"""


def python(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command_line = [sys.executable, *map(str, arguments)]
    return subprocess.run(command_line, capture_output=True, text=True, env={**os.environ, **environment})


def test_the_ledger_needs_nothing_else_of_ours_or_of_others() -> None:
    assert python("-c", IMPORT_ALL).stderr == ""


def test_the_command_lines_import_nothing_heavy() -> None:
    assert python("-c", IMPORT_COMMANDS).stderr == ""


def test_the_verifier_is_one_file_and_the_same_file_twice(tmp_path: Path) -> None:
    assert zipapp.verifier() == zipapp.verifier()
    file, folder = tmp_path / "chancery-verify.pyz", tmp_path / "register"
    file.write_bytes(zipapp.verifier())
    make_folder(folder, [record_leaf(number) for number in range(1, 20)])
    sound = python("-I", file, folder)
    assert sound.returncode == 0, sound.stderr
    assert sound.stdout.splitlines()[0] == "key: came with the data, identity not proven"
    (folder / "tile/0/000.p/19").write_bytes(bytes(19 * 32))
    assert python("-I", file, folder).returncode == 1
    assert python("-I", file).returncode == 2


def test_the_same_file_witnesses(tmp_path: Path) -> None:
    file = tmp_path / "chancery-verify.pyz"
    file.write_bytes(zipapp.verifier())
    made = python(
        "-m",
        "chancery.ledger",
        "key",
        "new",
        "ALD",
        "--witness",
        "--key",
        tmp_path / "k",
        PYTHONPATH=str(file),
        PYTHONSAFEPATH="1",
    )
    assert made.stdout.startswith("ALD+")


def ledger(*arguments: object) -> subprocess.CompletedProcess[str]:
    return python("-m", "chancery.ledger", *arguments)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = ledger("key", "new", "ald.head", "--key", tmp_path / "ald.key")
    assert made.returncode == 0
    assert made.stdout.startswith("ald.head+")
    assert (tmp_path / "ald.key").stat().st_mode & 0o777 == 0o600
    again = ledger("key", "new", "ald.head", "--key", tmp_path / "ald.key")
    assert (again.returncode, "Traceback" in again.stderr) == (2, False)
    assert ledger("key", "new", "a b", "--key", tmp_path / "other.key").returncode == 2


def test_an_act_text_is_signed_offline_with_the_key_that_it_names_only(tmp_path: Path) -> None:
    text = tmp_path / "act.txt"
    text.write_text(make_act().text())
    (tmp_path / "ald.key").write_text(ALD.private_text())
    (tmp_path / "brn.key").write_text(BRN.private_text())
    signed = ledger("sign", text, "--key", tmp_path / "ald.key")
    assert signed.stdout == f"{make_act().text()}\n{ALD.sign_line(make_act().text().encode())}"
    assert ledger("sign", text, "--key", tmp_path / "ald.key", "--out", tmp_path / "act.note").returncode == 0
    assert (tmp_path / "act.note").read_text() == signed.stdout
    other = ledger("sign", text, "--key", tmp_path / "brn.key")
    assert (other.returncode, other.stdout) == (2, "")
    assert "another key" in other.stderr
    for wrong in ("no act\n", "\xff"):
        text.write_text(wrong)
        assert ledger("sign", text, "--key", tmp_path / "ald.key").returncode == 2
    assert ledger("sign", tmp_path / "nothing", "--key", tmp_path / "ald.key").returncode == 2


def test_the_registers_keys_are_exported_into_one_private_file(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    (keys / "log.key").write_text(ALD.private_text())
    (keys / "receipt.key").write_text(BRN.private_text())
    assert ledger("key", "export", tmp_path / "safe", "--data", tmp_path / "data").returncode == 0
    assert (tmp_path / "safe").read_text() == ALD.private_text() + BRN.private_text()
    assert (tmp_path / "safe").stat().st_mode & 0o777 == 0o600
    assert (keys / "exported").exists()
    assert ledger("key", "export", tmp_path / "safe2", "--data", tmp_path / "nothing").returncode == 2


COMMANDS = [
    ["verify"],
    ["key", "new"],
    ["key", "export"],
    ["sign"],
    ["witness", "serve"],
    ["witness", "once"],
    ["mirror"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_subcommand_says_what_it_does(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([*words, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 200
