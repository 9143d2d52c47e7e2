"""A document becomes one file: the same bytes everywhere, to the standards, or a sentence why not."""

import json
import os
import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from chancery import pdf
from chancery.pdf import process

AT = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4


def make_text(language: str = "en", direction: str = "ltr", words: str = "Decides to meet again.") -> dict[str, Any]:
    return {
        "language": language,
        "direction": direction,
        "sha256": DIGEST,
        "units": [
            {"role": "title", "runs": [{"text": "A title"}]},
            {"role": "preamble", "runs": [{"text": "Recalling", "italic": True}, {"text": " its decisions,"}]},
            {"role": "operative", "label": "1.", "runs": [{"text": words}]},
            {
                "role": "sub",
                "label": "(a)",
                "level": 1,
                "runs": [{"text": "in ", "bold": False}, {"text": "May", "bold": True, "underline": True}],
            },
        ],
    }


def make_decision(**changes: Any) -> dict[str, Any]:
    decision = {
        "language": "en",
        "council": "Council of the Nine Rivers",
        "symbol": "CNR/DEC/216",
        "title": "Exchange of data",
        "session": "51st session",
        "adopted": "Adopted by consensus.",
        "rehearsal": "Rehearsal",
        "texts": [make_text(), make_text("ru", "ltr", "постановляет"), make_text("ar", "rtl", "يقرر")],
        "statements": [{"heading": "Statement of Halvar", "by": "Pavel Rosk", "texts": [make_text()]}],
        "verify": "How to verify.",
    }
    return decision | changes


def make_final(**changes: Any) -> dict[str, Any]:
    return (
        make_decision(signatories=[{"member": "Aldera", "office": "Head of delegation", "name": "Senna Kroy"}])
        | changes
    )


def make_journal() -> dict[str, Any]:
    head = {key: make_decision()[key] for key in ("language", "council", "symbol", "title", "session")}
    return head | {"meetings": [{"heading": "First meeting", "acts": [{"time": "10:00", "text": "Opened."}]}]}


def opened(file: bytes) -> bytes:
    """The file with its compressed streams unpacked, so that its keys can be read."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL)
    return file + b"\n".join(unpacked(stream) for stream in streams)


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def order(kind: str, data: Any, timestamp: str = "2026-10-22T12:00:00Z") -> bytes:
    return json.dumps({"kind": kind, "data": data, "timestamp": timestamp}).encode()


def run(stdin: bytes, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "chancery.pdf"]
    return subprocess.run(command, input=stdin, capture_output=True, env=os.environ | environment, check=False)


@pytest.mark.parametrize(
    ("kind", "data"), [("decision", make_decision()), ("final", make_final()), ("journal", make_journal())]
)
def test_each_kind_keeps_the_archive_and_the_accessibility_standard(kind: str, data: dict[str, Any]) -> None:
    file = opened(pdf.build(kind, data, AT))
    for key in (
        b"<pdfaid:part>2",
        b"<pdfaid:conformance>B",
        b"<pdfuaid:part>1",
        b"/StructTreeRoot",
        b"/Lang",
        b"/Marked true",
    ):
        assert key in file


def test_each_language_is_named_in_the_file() -> None:
    file = opened(pdf.build("decision", make_decision(), AT))
    assert {b"en", b"ru", b"ar"} <= set(re.findall(rb"/Lang ?\(([a-z]+)\)", file))


def test_two_processes_in_two_zones_and_locales_write_the_same_bytes() -> None:
    stdin = order("final", make_final())
    one = run(stdin, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="1")
    two = run(stdin, TZ="America/Lima", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout == pdf.build("final", make_final(), AT)


def test_another_timestamp_gives_another_file() -> None:
    assert pdf.build("decision", make_decision(), AT) != pdf.build("decision", make_decision(), AT.replace(hour=13))


def test_another_word_gives_another_file() -> None:
    changed = make_decision(texts=[make_text(words="Decides otherwise.")])
    assert pdf.build("decision", make_decision(), AT) != pdf.build("decision", changed, AT)


def test_text_is_never_read_as_markup() -> None:
    hostile = '#panic("read") $ #import "words.json" \\ ] ) *_` = // /* @a <b>'
    assert pdf.build("decision", make_decision(title=hostile, texts=[make_text(words=hostile)]), AT).startswith(b"%PDF")


def test_a_text_without_a_title_may_have_headings() -> None:
    untitled = make_text()
    untitled["units"][0]["role"] = "heading"
    decision = make_decision(texts=[untitled], statements=[{"heading": "Statement", "texts": [untitled]}])
    assert pdf.build("decision", decision, AT).startswith(b"%PDF")


def test_rows_become_a_table_with_a_head() -> None:
    rows = ["| station | level |", "|---|---|", "| Ister Bend | 3.2 m |", "| Upper Orva |"]
    tabled = make_text()
    tabled["units"] += [{"role": "row", "runs": [{"text": row}]} for row in rows]
    file = opened(pdf.build("decision", make_decision(texts=[tabled], statements=[]), AT))
    assert b"/S/TH" in file.replace(b" ", b"")


def test_only_used_glyphs_are_embedded() -> None:
    assert len(pdf.build("decision", make_decision(), AT)) < 150_000


def test_a_sign_that_no_font_has_is_refused_with_a_sentence() -> None:
    with pytest.raises(pdf.NotBuilt, match="typst"):
        pdf.build("decision", make_decision(texts=[make_text(words="決定")]), AT)


def test_a_builder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.001)
    with pytest.raises(pdf.NotBuilt, match="not finished"):
        pdf.build("decision", make_decision(), AT)


def test_a_naive_timestamp_is_refused() -> None:
    with pytest.raises(TypeError):
        pdf.build("decision", make_decision(), datetime(2026, 1, 1))  # noqa: DTZ001 (the fault under test)


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "utf-8"),
        (b'{"kind": "\xff"}', "utf-8"),
        (b"[" * 100_000, "recursion"),
        (b"[]", "dict expected"),
        (order("poem", {}), "none of decision"),
        (order("decision", {}), "is missing"),
        (order("decision", make_decision(colour="red")), "colour is not known"),
        (order("decision", make_decision(), "yesterday"), "is no instant"),
        (order("decision", make_decision(title="a\x07b")), "/data/title: holds a control character"),
        (order("decision", make_decision(texts=[make_text(direction="up")])), "/data/texts/0/direction"),
        (order("final", make_decision()), "signatories is missing"),
        (order("decision", make_decision(texts=[make_text(language="en en")])), "/data/texts/0/language"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_exit_2(stdin: bytes, says: str) -> None:
    done = run(stdin)
    message = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in message
    assert message.count("\n") == 1
