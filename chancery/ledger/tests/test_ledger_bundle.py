"""Bundles verified offline, and bags that are never extracted: bombs, paths, links, doubled and spoiled files."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chancery import canon
from chancery.ledger import acts, bag, bundle, memory, note, unbundle
from chancery.ledger.acts import Digest, SealedText
from chancery.ledger.bundle import Contents, Requirement, Shown
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.tests.council import (
    ALD,
    AT,
    BRN,
    COSIGNERS,
    CYR,
    FIRST,
    LOG,
    ORIGIN,
    PDF,
    RECEIPT,
    TEXT,
    TIME,
    act_leaf,
    credentials_leaf,
    digest_of,
    make_act,
    make_contents,
    make_policy,
    make_witnesses,
    record_leaf,
)
from chancery.ledger.verdict import Verdict
from chancery.ledger.verify import Demand

MEMBERS = {"ALD": ALD, "BRN": BRN, "CYR": CYR}
WITNESSES = make_witnesses(4)
NONCE = b"n" * 32
ENTRIES = [
    *(credentials_leaf(key, name) for name, key in MEMBERS.items()),
    record_leaf(1),
    *(act_leaf(key, name) for name, key in MEMBERS.items()),
]
REQUIRED = [Requirement(name, "sign") for name in MEMBERS]


def whole_contents(entries: list[bytes] = ENTRIES, **change: object) -> Contents:
    contents = make_contents(entries, WITNESSES[:3], 2)
    records = {3: Shown(b"{}", (1).to_bytes(32, "big"))} if entries is ENTRIES else {}
    whole = dataclasses.replace(contents, records=records, rule="all signatories", required=REQUIRED)
    return dataclasses.replace(whole, **change)  # type: ignore[arg-type]


def check(tmp_path: Path, contents: Contents, **demand: object) -> Verdict:
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle.pack("decision-51-DEC-4", "C51/DEC/4", contents))
    return unbundle.verify_bundle(path, Demand(**demand))  # type: ignore[arg-type]


def says(sentences: list[str], *words: str) -> bool:
    return any(all(word in sentence for word in words) for sentence in sentences)


def test_a_whole_bundle_proves_each_act_each_document_and_that_it_is_in_force(tmp_path: Path) -> None:
    verdict = check(tmp_path, whole_contents())
    assert verdict.is_sound and not verdict.unproven, verdict.lines()
    for number, name in enumerate(MEMBERS):
        assert says(verdict.proven, f"entry {4 + number}", f"head of delegation, {name}, sign C51/DEC/4", "level B")
        assert says(verdict.proven, f"key enrolled in entry {number}")
    assert says(verdict.proven, "base.pdf is what was signed")
    assert says(verdict.proven, "text.en.md is what was signed")
    assert says(verdict.proven, "entry 3", "decision.issue", "with its record")
    assert says(verdict.proven, "in force by the rule 'all signatories', as the bundle quotes it: all 3 acts")
    assert says(verdict.proven, "witnessed by witness-1, witness-2, witness-3")
    assert verdict.lines()[0] == "key: came with the data, identity not proven"


def test_the_same_contents_give_the_same_bytes() -> None:
    assert bundle.pack("d", "t", whole_contents()) == bundle.pack("d", "t", whole_contents())


def test_one_needed_cosignature_less_is_refused(tmp_path: Path) -> None:
    policy = make_policy(WITNESSES, 4)
    assert says(check(tmp_path, whole_contents(), policy=policy).refused, "lacks its quorum")
    assert check(tmp_path, whole_contents(), policy=make_policy(WITNESSES[:3], 3)).key == "given"


def test_the_readers_own_policy_and_fingerprint_decide(tmp_path: Path) -> None:
    assert check(tmp_path, whole_contents(), fingerprint=note.fingerprint(LOG.vkey)).key == "given"
    assert not check(tmp_path, whole_contents(), fingerprint="ab" * 32).is_sound
    other = make_policy([], 0).replace(LOG.vkey.encode(), BRN.vkey.encode())
    assert not check(tmp_path, whole_contents(), policy=other).is_sound


def with_policies() -> Contents:
    """The same acts in a log whose first entry is the policy that the members signed."""
    contents = make_contents([FIRST, *ENTRIES])
    head = contents.checkpoint.partition(b"\n\n")[0] + b"\n"
    lines = [COSIGNERS[name].sign_line(head, TIME) for name in ("ALD", "CYR")]
    witnessed = contents.checkpoint + "".join(lines).encode()
    proven = [bundle.Proven(each.leaf, dataclasses.replace(each.proof, note=witnessed)) for each in contents.entries]
    return dataclasses.replace(
        contents, checkpoint=witnessed, entries=proven[1:], policies=proven[:1], rule="all", required=REQUIRED
    )


def test_a_bundle_with_its_policies_is_proven_from_the_fingerprint_on_paper(tmp_path: Path) -> None:
    verdict = check(tmp_path, with_policies(), fingerprint=digest_of(FIRST))
    assert verdict.is_sound and verdict.key == "given", verdict.lines()
    assert says(verdict.proven, "witnessed by ALD, CYR")
    assert says(verdict.proven, "in force")
    assert not check(tmp_path, with_policies(), fingerprint="ab" * 32).is_sound


def test_a_missing_signature_is_not_in_force_and_is_named(tmp_path: Path) -> None:
    verdict = check(tmp_path, whole_contents(ENTRIES[:-1]))
    assert verdict.is_sound
    assert says(verdict.unproven, "in force", "sign by CYR is missing")


def test_a_withdrawn_act_no_longer_counts(tmp_path: Path) -> None:
    prev = canon.sha256(make_act(CYR, "CYR").text().encode())
    verdict = check(tmp_path, whole_contents([*ENTRIES, act_leaf(CYR, "CYR", "withdraw", prev)]))
    assert says(verdict.unproven, "in force", "sign by CYR is missing")
    other = check(tmp_path, whole_contents([*ENTRIES, act_leaf(ALD, "ALD", "withdraw", prev)]))
    assert says(other.proven, "in force")


@pytest.mark.parametrize(("is_before", "is_in_force"), [(True, False), (False, True)])
def test_an_act_after_the_revocation_of_its_key_is_void(tmp_path: Path, is_before: bool, is_in_force: bool) -> None:
    revocation = act_leaf(BRN, "BRN", f"revoke-key {CYR.vkey}")
    entries = [*ENTRIES[:4], revocation, *ENTRIES[4:]] if is_before else [*ENTRIES, revocation]
    assert says(check(tmp_path, whole_contents(entries)).proven, "in force") is is_in_force


def test_a_level_too_low_for_the_rule_is_not_enough(tmp_path: Path) -> None:
    verdict = check(tmp_path, whole_contents(required=[Requirement("ALD", "sign", "A")]))
    assert says(verdict.unproven, "sign by ALD is missing")


def test_a_key_that_nobody_enrolled_or_showed_is_not_proven(tmp_path: Path) -> None:
    verdict = check(tmp_path, whole_contents(ENTRIES[3:]))
    assert says(verdict.unproven, "head of delegation, ALD", "no credentials entry")
    verdict = check(tmp_path, whole_contents(keys=[ALD.vkey, BRN.vkey]))
    assert says(verdict.unproven, "head of delegation, CYR", "not verified here")
    assert says(verdict.unproven, "sign by CYR is missing")


def test_credentials_of_another_member_enrol_nothing(tmp_path: Path) -> None:
    verdict = check(tmp_path, whole_contents([credentials_leaf(ALD, "BRN"), act_leaf(ALD, "ALD")]))
    assert says(verdict.unproven, "head of delegation, ALD", "no credentials entry")


def test_an_entry_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        for kind in ("note", "tlog-proof"):
            files[f"acts/9.{kind}"] = files.pop(f"acts/6.{kind}")

    path = tmp_path / "bundle.zip"
    path.write_bytes(repacked(whole_contents(), change))
    assert says(unbundle.verify_bundle(path, Demand()).refused, "acts/9.tlog-proof is of another entry")


def test_the_register_and_the_witnesses_sign_for_no_member(tmp_path: Path) -> None:
    for role in (LOG, RECEIPT, WITNESSES[0]):
        twin = note.Signer.from_seed("ald.head", note.Kind.PLAIN, role._seed)
        contents = whole_contents([credentials_leaf(twin), act_leaf(twin)], keys=[twin.vkey])
        assert says(check(tmp_path, contents).refused, "also the key of the register or of a witness")


def test_an_act_not_signed_with_the_key_it_names_is_refused(tmp_path: Path) -> None:
    text = make_act(CYR, "CYR").text()
    forged = acts.leaf(text, [BRN.sign_line(text.encode())], RECEIPT, AT)
    verdict = check(tmp_path, whole_contents([*ENTRIES[:-1], forged]))
    assert says(verdict.refused, "entry 6", "not signed with the key that it names")


def test_another_document_than_the_signed_one_is_refused_and_a_missing_one_named(tmp_path: Path) -> None:
    changed = {"base.pdf": PDF + b" ", "text.en.md": TEXT}
    assert says(check(tmp_path, whole_contents(documents=changed)).refused, "base.pdf")
    verdict = check(tmp_path, whole_contents(documents={"base.pdf": PDF}))
    assert says(verdict.unproven, "text.en.md", "not in the bundle")


def restricted(nonce: bytes) -> Contents:
    hidden = Digest(acts.nonce_digest(NONCE, TEXT), is_nonce=True)
    text = dataclasses.replace(make_act(), texts=(hidden,)).text()
    entries = [ENTRIES[0], acts.leaf(text, [ALD.sign_line(text.encode())], RECEIPT, AT)]
    return whole_contents(entries, nonces={"text.en.md": nonce} if nonce else {}, required=[])


def test_a_restricted_document_is_opened_by_its_nonce_and_by_no_other(tmp_path: Path) -> None:
    assert says(check(tmp_path, restricted(NONCE)).proven, "text.en.md is what was signed")
    assert says(check(tmp_path, restricted(b"")).unproven, "text.en.md")
    assert says(check(tmp_path, restricted(b"x" * 32)).refused, "text.en.md")


def sealed(shown: Shown | None) -> Contents:
    hidden = acts.nonce_digest(NONCE, ENTRIES[4])
    leaf = acts.leaf(SealedText(ORIGIN, hidden).text(), [], RECEIPT, AT)
    return whole_contents([ENTRIES[0], leaf], opened={1: shown} if shown else {}, required=[])


def test_a_sealed_entry_is_opened_by_its_nonce_and_by_no_other(tmp_path: Path) -> None:
    assert says(check(tmp_path, sealed(Shown(ENTRIES[4], NONCE))).proven, "entry 1", "head of delegation, ALD, sign")
    assert says(check(tmp_path, sealed(None)).unproven, "entry 1", "sealed")
    assert says(check(tmp_path, sealed(Shown(ENTRIES[4], b"x" * 32))).refused, "opened/1.note")
    assert says(check(tmp_path, sealed(Shown(ENTRIES[5], NONCE))).refused, "opened/1.note")


def test_a_text_that_nobody_signed_is_proven_by_a_record_that_names_its_digest(tmp_path: Path) -> None:
    record = f'{{"text": "{canon.sha256(TEXT)}"}}'.encode()
    text = acts.RecordText(ORIGIN, "draft.freeze", "version/51/D1/1", acts.nonce_digest(NONCE, record)).text()
    leaf = acts.leaf(text, [], RECEIPT, AT)
    contents = whole_contents([leaf], records={0: Shown(record, NONCE)}, required=[])
    verdict = check(tmp_path, contents)
    assert says(verdict.proven, "text.en.md is named by its digest in the record of entry 0")
    assert says(verdict.unproven, "base.pdf", "neither an act nor a record")


def test_a_record_that_is_not_the_entered_one_is_refused(tmp_path: Path) -> None:
    wrong = {3: Shown(b"[]", (1).to_bytes(32, "big"))}
    assert says(check(tmp_path, whole_contents(records=wrong)).refused, "records/3.json")


def test_a_counterpart_begins_with_the_base_and_its_certificate_is_not_checked_here(tmp_path: Path) -> None:
    counterpart = PDF + b" and a signature"
    text = make_act().text()
    digest = bytes.fromhex(canon.sha256(counterpart))
    line = note.Line("ald.ca", b"abcd", digest).text
    leaf = acts.leaf(text, [ALD.sign_line(text.encode()), line], RECEIPT, AT)
    contents = whole_contents([ENTRIES[0], leaf], counterparts=[counterpart], required=[])
    assert says(check(tmp_path, contents).unproven, "certificate not checked here")
    other = b"%PDF-1.7 another base"
    line = note.Line("ald.ca", b"abcd", bytes.fromhex(canon.sha256(other))).text
    leaf = acts.leaf(text, [ALD.sign_line(text.encode()), line], RECEIPT, AT)
    contents = whole_contents([ENTRIES[0], leaf], counterparts=[other], required=[])
    assert says(check(tmp_path, contents).refused, "whole base.pdf")


def test_an_entry_of_another_council_or_in_force_file_in_another_form_is_refused(tmp_path: Path) -> None:
    foreign = dataclasses.replace(make_act(), council="other.example/log").text()
    leaf = acts.leaf(foreign, [ALD.sign_line(foreign.encode())], RECEIPT, AT)
    assert says(check(tmp_path, whole_contents([leaf])).refused, "another council")
    for wrong in (b"[]", b"{}", b'{"rule": "r", "required": [{"member": "ALD", "verb": "sign", "level": "Z"}]}'):
        contents = whole_contents(documents={"base.pdf": PDF, "text.en.md": TEXT, "in-force.json": wrong})
        assert says(check(tmp_path, contents).refused, "in-force.json")


def test_a_remembered_other_head_of_the_same_size_is_a_split_view(tmp_path: Path) -> None:
    state = tmp_path / "heads.json"
    memory.remember(state, Checkpoint(ORIGIN, len(ENTRIES), b"r" * 32))
    assert says(check(tmp_path, whole_contents(), state=state).refused, "split view")
    memory.remember(state, Checkpoint(ORIGIN, 1000, b"r" * 32))
    assert says(check(tmp_path, whole_contents(), state=state).unproven, "one history")


def repacked(contents: Contents, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A bundle whose files were changed before its manifest was written: a whole bag with a false content."""
    files = contents.payload()
    change(files)
    return bag.write("d", files, {})


def payload_names() -> list[str]:
    return sorted(whole_contents().payload())


@pytest.mark.parametrize("name", payload_names())
def test_a_changed_byte_of_any_file_is_noticed_and_named_even_in_a_whole_bag(tmp_path: Path, name: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        files[name] = bytes(data)

    path = tmp_path / "bundle.zip"
    path.write_bytes(repacked(whole_contents(), change))
    verdict = unbundle.verify_bundle(path, Demand())
    if verdict.is_sound:  # A statement of the bundle about itself, which proves nothing and then says so.
        assert name in ("in-force.json", "README.txt")
    elif not name.startswith("keys/"):
        assert says(verdict.refused, name.removesuffix(".note")) or name == "policy", verdict.refused


@pytest.mark.parametrize("name", payload_names())
def test_a_file_left_out_is_refused_or_not_proven(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(repacked(whole_contents(), lambda files: files.__delitem__(name)))
    verdict = unbundle.verify_bundle(path, Demand())
    silent = {"README.txt", "in-force.json"}
    assert not verdict.is_sound or verdict.unproven or name in silent


def test_the_readme_says_how_to_check_without_us_and_names_the_verifier() -> None:
    packed = zipfile.ZipFile(io.BytesIO(bundle.pack("d", "Decision 4", whole_contents(), verifier=b"verifier")))
    readme = packed.read("d/data/README.txt").decode()
    assert canon.sha256(b"verifier") in readme
    assert "Use your own copy" in readme
    assert "Decision 4" in readme
    assert packed.read("d/data/chancery-verify.pyz") == b"verifier"
