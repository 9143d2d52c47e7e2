"""Act texts, leaves and receipts: one spelling, and nothing that was signed can be exchanged."""

from __future__ import annotations

import dataclasses
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.ledger import Malformed, Refused, Untrusted, acts, evidence, note
from chancery.ledger.acts import ActText, CredentialsText, Digest, RecordText, SealedText
from chancery.ledger.sshsig import SshKey
from chancery.ledger.tests.council import (
    ALD,
    AT,
    BRN,
    CYR,
    ORIGIN,
    PDF,
    RECEIPT,
    act_leaf,
    credentials_leaf,
    make_act,
    make_signer,
    record_leaf,
)

HEX = "ab" * 32
TEXTS = [
    make_act().text(),
    dataclasses.replace(make_act(), lang=("en", "ru"), texts=(Digest(HEX), Digest(HEX, is_nonce=True))).text(),
    dataclasses.replace(make_act(), object="C51/DEC/4 [draft]", act=f"reserve {HEX}").text(),
    RecordText(ORIGIN, "decision.issue", "paper/51/DOC/4/Rev. 1", HEX).text(),
    CredentialsText(ORIGIN, "ALD", "head of delegation", (HEX, "cd" * 32), HEX).text(),
    SealedText(ORIGIN, HEX).text(),
]


def test_an_act_text_has_the_lines_of_the_format() -> None:
    assert make_act().text().splitlines()[:4] == [
        "chancery/act/v1",
        f"council {ORIGIN}",
        "session 51",
        "object C51/DEC/4",
    ]
    assert "object C51/DEC/4%20[draft]\n" in TEXTS[2]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.splitlines()[0])
def test_every_kind_of_text_round_trips(text: str) -> None:
    assert acts.parse(text).text() == text


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.splitlines()[0])
def test_a_text_with_lines_missing_doubled_or_reordered_is_refused(text: str) -> None:
    lines = text.splitlines(keepends=True)
    several = ("key ", "sha256", "text-sha256")
    for at, line in enumerate(lines):
        wrong = [lines[:at] + lines[at + 1 :], [*lines[:at], line, *lines[at:]]]
        if at + 1 < len(lines):
            wrong.append([*lines[:at], lines[at + 1], line, *lines[at + 2 :]])
        for each in wrong:
            if not line.startswith(several):
                with pytest.raises(Malformed):
                    acts.parse("".join(each))


@pytest.mark.parametrize(
    "how",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace("council ", "council  "),
        lambda text: text.replace("\n", " \n", 2),
        lambda text: text.replace("register", "regi\0ster"),
        lambda text: text.replace("register", "regi\u202ester"),
        lambda text: text.replace("register", "re\u0301gister"),
        lambda text: text.replace("council", "Council"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(HEX, HEX.upper()),
        lambda text: text.replace(ORIGIN, ""),
    ],
)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.splitlines()[0])
def test_a_text_in_another_spelling_is_refused(text: str, how) -> None:
    spoiled = how(text)
    if spoiled != text:
        with pytest.raises(Malformed):
            acts.parse(spoiled)


GOOD_ACTS = [
    "sign",
    "initial",
    "join",
    "object-silence",
    "vote for",
    "vote against",
    "vote abstain",
    f"reserve {HEX}",
    f"interpret {HEX}",
    f"revoke-key {ALD.vkey}",
]
BAD_ACTS = [
    "",
    "Sign",
    "sign ",
    "sign x",
    "vote",
    "vote maybe",
    "reserve",
    f"reserve {HEX[:-1]}",
    "revoke-key",
    "adopt",
]


@pytest.mark.parametrize("act", GOOD_ACTS)
def test_the_verbs_of_the_format_can_be_signed(act: str) -> None:
    assert acts.parse(make_act(act=act).text()) == make_act(act=act)


@pytest.mark.parametrize("act", [*BAD_ACTS, "revoke-key name+00000000+AQ=="])
def test_nothing_else_can_be_signed(act: str) -> None:
    with pytest.raises(Malformed):
        make_act(act=act)


def test_a_withdrawal_names_what_it_withdraws() -> None:
    assert make_act(act="withdraw", prev=HEX).prev == HEX
    with pytest.raises(Malformed, match="prev"):
        make_act(act="withdraw")


@pytest.mark.parametrize(
    "change",
    [
        {"session": "51 a"},
        {"object": "a?b"},
        {"object": "a%b"},
        {"object": " a"},
        {"lang": ()},
        {"lang": ("en", "en")},
        {"lang": ("English",)},
        {"lang": ("en", "ru", "ar"), "documents": (Digest(HEX), Digest(HEX))},
        {"documents": ()},
        {"member": "ALD, BRN"},
        {"office": ""},
        {"credentials": "x"},
        {"prev": "none"},
    ],
    ids=str,
)
def test_an_act_that_no_line_could_say_is_refused(change: dict) -> None:
    with pytest.raises(Malformed):
        dataclasses.replace(make_act(), **change)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.binary(max_size=50))
def test_a_nonce_digest_fits_only_its_bytes_and_nonce(nonce: bytes, data: bytes, other: bytes) -> None:
    digest = Digest(acts.nonce_digest(nonce, data), is_nonce=True)
    assert digest.fits(data, nonce)
    assert digest.fits(other, nonce) == (other == data)
    assert not digest.fits(data)
    assert Digest(acts.canon.sha256(PDF)).fits(PDF)
    with pytest.raises(ValueError, match="32"):
        acts.nonce_digest(nonce[1:], data)


LEAVES = [act_leaf(), record_leaf(), credentials_leaf()]


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_opens_to_what_was_entered(leaf: bytes) -> None:
    opened = acts.open_leaf(leaf, RECEIPT.verifier, [ALD.verifier])
    assert opened.received_at == AT
    expected = [] if isinstance(opened.text, RecordText) else ["ald.head"]
    assert [each.key.name for each in opened.signatures] == expected


def test_the_same_leaf_is_made_twice_and_its_receipt_is_cut_to_seconds() -> None:
    text = TEXTS[5]
    late = acts.leaf(text, [], RECEIPT, AT + timedelta(microseconds=999_999))
    assert late == acts.leaf(text, [], RECEIPT, AT)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LEAVES), st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_of_a_leaf_goes_unnoticed(leaf: bytes, at: int, change: int) -> None:
    spoiled = bytearray(leaf)
    spoiled[at % len(leaf)] ^= change
    with pytest.raises(Refused):
        acts.open_leaf(bytes(spoiled), RECEIPT.verifier, [ALD.verifier])


def test_a_receipt_holds_text_and_evidence_together() -> None:
    leaf = act_leaf()
    opened = note.parse(leaf)
    other = note.parse(act_leaf(act="vote for"))
    for text, lines in (
        (opened.text, opened.lines[1:]),
        (opened.text, opened.lines[:1]),
        (opened.text, opened.lines[::-1]),
        (opened.text, (*opened.lines[:1], *opened.lines)),
        (other.text, opened.lines),
        (opened.text, (other.lines[0], opened.lines[1])),
    ):
        with pytest.raises(Refused):
            acts.open_leaf(note.Note(text, tuple(lines)).to_bytes(), RECEIPT.verifier, [ALD.verifier])


def test_no_evidence_line_can_be_dropped_added_or_moved_under_a_receipt() -> None:
    text = make_act().text()
    lines = [ALD.sign_line(text.encode()), BRN.sign_line(text.encode())]
    receipt = note.parse(acts.leaf(text, lines, RECEIPT, AT)).lines[-1].text
    for wrong in (lines[:1], lines[1:], lines[::-1], [*lines, CYR.sign_line(text.encode())]):
        with pytest.raises(Untrusted, match="receipt"):
            acts.open_leaf(f"{text}\n{''.join(wrong)}{receipt}".encode(), RECEIPT.verifier)
    with pytest.raises(Malformed, match="repeated"):
        acts.leaf(text, lines[:1] * 2, RECEIPT, AT)


def test_a_leaf_is_refused_under_another_receipt_key_or_member_key() -> None:
    stranger = make_signer(f"{ORIGIN}/receipt", note.Kind.RECEIPT)
    assert stranger == RECEIPT
    with pytest.raises(Untrusted):
        acts.open_leaf(act_leaf(), make_signer("stranger", note.Kind.RECEIPT).verifier)
    assert not acts.open_leaf(act_leaf(), RECEIPT.verifier, [BRN.verifier]).signatures


def test_a_member_act_needs_evidence_and_a_record_has_none() -> None:
    with pytest.raises(Malformed, match="evidence"):
        acts.leaf(make_act().text(), [], RECEIPT, AT)
    record = TEXTS[3]
    with pytest.raises(Malformed, match="receipt stands"):
        acts.leaf(record, [ALD.sign_line(record.encode())], RECEIPT, AT)


def test_a_leaf_over_65535_bytes_is_refused_and_named() -> None:
    letters = "x" * 65_500
    with pytest.raises(Malformed, match="at most 65535 bytes"):
        acts.leaf(CredentialsText(ORIGIN, "ALD", letters, (HEX,), HEX).text(), [], RECEIPT, AT)


def ssh_keygen(folder: Path, text: bytes, namespace: str = "chancery-act") -> tuple[SshKey, str]:
    key, message = folder / "key", folder / "message"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    message.write_bytes(text)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", key, message], check=True)
    return SshKey.from_public_line("ald.head", key.with_suffix(".pub").read_text()), message.with_suffix(
        ".sig"
    ).read_text()


def test_an_act_signed_by_ssh_keygen_verifies_and_no_other_text_does(tmp_path: Path) -> None:
    text = make_act().text()
    key, armored = ssh_keygen(tmp_path, text.encode())
    leaf = acts.leaf(text, [key.line(armored).text], RECEIPT, AT)
    assert acts.open_leaf(leaf, RECEIPT.verifier, [key]).signatures[0].key == key
    assert evidence.parse_key(key.vkey) == key
    other = make_act(act="vote for").text()
    with pytest.raises(Untrusted):
        acts.open_leaf(acts.leaf(other, [key.line(armored).text], RECEIPT, AT), RECEIPT.verifier, [key])


def test_an_ssh_signature_for_another_purpose_or_spoiled_is_refused(tmp_path: Path) -> None:
    text = make_act().text().encode()
    key, armored = ssh_keygen(tmp_path, text, namespace="file")
    line = key.line(armored)
    with pytest.raises(Untrusted, match="purpose"):
        key.check(text, line.payload)
    for payload in (line.payload[:-1], line.payload + b"\0", b"SSHSIG" + bytes(4), b""):
        with pytest.raises(Refused):
            key.check(text, payload)


def test_a_weak_ssh_key_is_refused() -> None:
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(32)
    with pytest.raises(Untrusted, match="weak"):
        SshKey("ald.head", blob)


def test_ssh_keygen_itself_accepts_the_act_text_and_no_other(tmp_path: Path) -> None:
    text = make_act().text().encode()
    _, armored = ssh_keygen(tmp_path, text)
    allowed = tmp_path / "allowed"
    allowed.write_text("ald " + (tmp_path / "key.pub").read_text())
    command = ["ssh-keygen", "-Y", "verify", "-n", "chancery-act", "-I", "ald", "-f", allowed]
    check = [*command, "-s", tmp_path / "message.sig"]
    assert subprocess.run(check, input=text, capture_output=True).returncode == 0
    assert subprocess.run(check, input=text + b"x", capture_output=True).returncode != 0
    assert armored.startswith("-----BEGIN SSH SIGNATURE-----")


def test_only_plain_and_ssh_keys_are_members_keys() -> None:
    assert evidence.parse_key(ALD.vkey) == ALD.verifier
    with pytest.raises(Malformed):
        evidence.parse_key(RECEIPT.vkey)


def test_an_unknown_kind_of_text_is_refused() -> None:
    with pytest.raises(Malformed, match="no kind of text"):
        acts.parse("chancery/wish/v1\n")
    assert isinstance(acts.parse(make_act().text()), ActText)
