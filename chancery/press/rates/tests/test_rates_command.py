"""`chancery rates parse` prints what a file says, or a sentence why it says nothing."""

import argparse
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from chancery.press.rates import command

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["rates", "parse", *words])
    return int(args.run(args))


@pytest.mark.parametrize("file", EXPECTED)
def test_the_oracle_is_reproduced(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(file.replace(".", "_").split("_")[0], str(SAMPLES / file)) == 0
    printed, oracle = json.loads(capsys.readouterr().out), dict(EXPECTED[file])
    rates = {code: Decimal(value) for code, value in oracle.pop("rates").items()}
    assert printed | oracle == printed
    assert {code: Decimal(printed["rates"][code]) for code in rates} == rates


def test_each_date_is_a_line_and_the_oldest_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("ecb", str(SAMPLES / "ecb_hist.csv")) == 0
    dates = [json.loads(line)["date"] for line in capsys.readouterr().out.splitlines()]
    assert dates == ["2022-03-01", "2025-12-31", "2027-03-25", "2027-03-30", "2027-03-31"]


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((SAMPLES / "nbu.json").read_bytes())))
    assert call("nbu", "-") == 0
    assert json.loads(capsys.readouterr().out)["quote"] == "UAH"


@pytest.mark.parametrize("words", [("cbr", "cbr_error.xml"), ("bank", "nbu.json"), ("ecb", "none.xml"), ("ecb", ".")])
def test_bad_input_ends_with_a_sentence_and_exit_2(words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(words[0], str(SAMPLES / words[1])) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
