"""Signed notes, keys and checkpoints: the vectors of others, and every way to spell them wrongly."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery import canon
from chancery.ledger import Malformed, Refused, Untrusted, checkpoint, note
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.note import Kind, Signer, Verifier
from chancery.ledger.tests.council import ALD, LOG, ORIGIN, RECEIPT, TIME, make_signer

VECTORS = Path(__file__).parent / "vectors"
NOTES = json.loads((VECTORS / "signed_notes.json").read_text())
VKEYS = json.loads((VECTORS / "vkeys.json").read_text())
CHECKPOINTS = json.loads((VECTORS / "checkpoint_text.json").read_text())["cases"]
COSIGNATURES = json.loads((VECTORS / "cosignature_v1.json").read_text())
LOW_ORDER = sorted(note._LOW_ORDER)


@pytest.mark.parametrize("case", NOTES, ids=lambda case: case["desc"])
def test_a_note_of_the_vectors_gets_its_answer(case: dict) -> None:
    data = base64.b64decode(case["note_base64"]) if "note_base64" in case else case["note"].encode()
    keys = [Verifier.parse(vkey) for vkey in case["keys"]]
    if not case["ok"]:
        with pytest.raises(Refused):
            note.open(data, keys)
        return
    opened, signatures = note.open(data, keys)
    assert [each.key.name for each in signatures] == case["verified"]
    unknown = {line.name for line in opened.lines} - set(case["verified"])
    assert unknown == set(case["unverified"])


@pytest.mark.parametrize("case", VKEYS, ids=lambda case: case.get("why", case["vkey"][:20]))
def test_a_key_of_the_vectors_gets_its_answer(case: dict) -> None:
    if not case["ok"]:
        with pytest.raises(Refused):
            Verifier.parse(case["vkey"])
        return
    key = Verifier.parse(case["vkey"])
    assert (key.vkey, key.kind.value[0]) == (case["vkey"], case["type"])


@pytest.mark.parametrize("case", CHECKPOINTS, ids=lambda case: case["text"][:30])
def test_a_checkpoint_of_the_vectors_gets_its_answer(case: dict) -> None:
    if not case["ok_strict"]:
        with pytest.raises(Malformed):
            checkpoint.parse(case["text"].encode())
        return
    head = checkpoint.parse(case["text"].encode())
    assert (head.origin, head.size, head.text().decode()) == (case["origin"], case["size"], case["text"])


def test_a_cosignature_signs_the_bytes_of_the_vectors() -> None:
    for case in COSIGNATURES["message"]:
        assert Kind.COSIGNATURE.message(case["checkpoint_text"].encode(), case["time"]) == case["signed"].encode()
    for case in COSIGNATURES["log_signature"]:
        log = Verifier("sigsum", Kind.PLAIN, bytes.fromhex(case["public_key"]))
        log.check(case["text"].encode(), bytes.fromhex(case["signature"]))


def test_the_payload_of_a_cosignature_states_its_time() -> None:
    good, bad = COSIGNATURES["timestamp"]
    witness = make_signer("witness", Kind.COSIGNATURE).verifier
    assert witness._time_in(base64.b64decode(good["sig"])[4:])[0] == good["time"]
    with pytest.raises(Untrusted, match="length"):
        witness._time_in(base64.b64decode(bad["sig"])[4:])


@pytest.mark.parametrize("kind", Kind)
def test_what_a_key_signs_it_verifies_and_nothing_else(kind: Kind) -> None:
    signer = make_signer("somebody", kind)
    time = TIME if kind.has_time else None
    data = b"text\n\n" + signer.sign_line(b"text\n", time).encode()
    _, signatures = note.open(data, [signer.verifier])
    assert signatures[0].time == time
    with pytest.raises(Untrusted):
        note.open(data.replace(b"text", b"tent"), [signer.verifier])


@pytest.mark.parametrize("kind", Kind)
def test_both_halves_of_a_key_round_trip_as_text(kind: Kind) -> None:
    signer = Signer.new("name", kind)
    assert Signer.from_private_text(signer.private_text()) == signer
    assert Verifier.parse(signer.vkey) == signer.verifier
    assert canon.base64_text(signer._seed)[:20] not in repr(signer)


@pytest.mark.parametrize("spoiled", ["", "PRIVATE+KEY+", "PRIVATE+KEY+a+00000000+AQ==", "x" * 80])
def test_a_spoiled_private_key_is_refused_and_never_quoted(spoiled: str) -> None:
    with pytest.raises(Refused):
        Signer.from_private_text(spoiled)
    text = ALD.private_text().replace("+ald.head+", "+ald.tail+")
    with pytest.raises(Malformed) as refused:
        Signer.from_private_text(text)
    assert text[-20:-1] not in str(refused.value)


def test_a_changed_time_breaks_a_cosignature_and_a_receipt() -> None:
    for kind in (Kind.COSIGNATURE, Kind.RECEIPT):
        signer = make_signer("witness", kind)
        line = note.parse_lines(signer.sign_line(b"text\n", TIME))[0]
        later = (TIME + 1).to_bytes(8, "big") + line.payload[8:]
        with pytest.raises(Untrusted):
            signer.verifier.check(b"text\n", later)
        with pytest.raises(Untrusted, match="time"):
            signer.verifier.check(b"text\n", bytes(8) + line.payload[8:])


@pytest.mark.parametrize("public", LOW_ORDER, ids=lambda public: public.hex()[:8])
@pytest.mark.parametrize("kind", Kind)
def test_a_key_of_low_order_is_refused_in_every_role(public: bytes, kind: Kind) -> None:
    assert len(LOW_ORDER) == 14
    with pytest.raises(Untrusted, match="weak"):
        Verifier.parse(note.vkey_of("name", kind.value + public))


@given(st.integers(2**255 - 19, 2**255 - 1), st.booleans())
def test_a_key_that_is_not_canonical_is_refused(y: int, sign: bool) -> None:
    with pytest.raises(Untrusted):
        note.check_public((y | (sign << 255)).to_bytes(32, "little"))


SIGNED = b"text\n\n" + ALD.sign_line(b"text\n").encode()


@pytest.mark.parametrize(
    "how",
    [
        lambda line: line.replace("=", ""),
        lambda line: line.replace("\n", "\r\n"),
        lambda line: line[:-1] + "\n\n",
        lambda line: line.replace("+", "-").replace("/", "_"),
        lambda line: line[:30] + "\n" + line[30:],
        lambda line: line.replace("— ", "- "),
        lambda line: line.replace("ald", "al d"),
        lambda line: line.replace("ald", "al\u2003d"),
        lambda line: line.replace("ald", "al+d"),
        lambda line: line[:-1],
        lambda line: "— ald.head AAAA\n",
    ],
)
def test_a_line_that_is_not_in_its_one_spelling_is_refused(how) -> None:
    line = ALD.sign_line(b"text\n" + b"x" * 3)
    spoiled = how(line)
    if spoiled != line:
        with pytest.raises(Malformed):
            note.parse(b"text\n\n" + spoiled.encode())


@pytest.mark.parametrize("text", ["YQ", "YQ==\n", "YR==", "YQ=", "_-8=", "Y Q==", "é"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        canon.base64_bytes(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_note_goes_unnoticed(at: int, change: int) -> None:
    spoiled = bytearray(SIGNED)
    spoiled[at] ^= change
    with pytest.raises(Refused):
        note.open(bytes(spoiled), [ALD.verifier])


def test_an_empty_line_may_stand_in_a_text() -> None:
    text = b"first\n\nsecond\n"
    opened, _ = note.open(text + b"\n" + ALD.sign_line(text).encode(), [ALD.verifier])
    assert opened.text == text


def test_sixteen_lines_are_read_and_a_repeated_one_counts_once() -> None:
    signers = [make_signer(f"s{number}") for number in range(16)]
    lines = "".join(each.sign_line(b"text\n") for each in signers * 2)
    opened, signatures = note.open(b"text\n\n" + lines.encode(), [each.verifier for each in signers])
    assert (len(opened.lines), len(signatures)) == (32, 16)


def test_a_kind_with_a_time_needs_it_and_the_plain_one_has_none() -> None:
    with pytest.raises(ValueError, match="needs a time"):
        RECEIPT.sign_line(b"text\n")
    with pytest.raises(ValueError, match="has no time"):
        ALD.sign_line(b"text\n", TIME)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_round_trip(size: int, root: bytes) -> None:
    head = Checkpoint("example.org/log", size, root)
    assert checkpoint.parse(head.text()) == head


@pytest.mark.parametrize("number", ["", "-1", "+1", "01", "1.0", " 1", "1 ", "0x1", "٣", str(2**63), "1_0"])
def test_a_number_has_one_spelling(number: str) -> None:
    with pytest.raises(Malformed):
        checkpoint.number(number)


def test_a_head_of_our_own_log_has_no_extension_lines() -> None:
    text = Checkpoint(ORIGIN, 1, b"r" * 32, ("extension",)).text()
    assert checkpoint.parse(text).extensions == ("extension",)
    with pytest.raises(Malformed, match="extension"):
        checkpoint.opened(text + b"\n" + LOG.sign_line(text).encode(), LOG.verifier)


def test_an_empty_log_has_the_empty_root() -> None:
    text = Checkpoint(ORIGIN, 0, b"r" * 32).text()
    with pytest.raises(Malformed, match="no entries"):
        checkpoint.opened(text + b"\n" + LOG.sign_line(text).encode(), LOG.verifier)
