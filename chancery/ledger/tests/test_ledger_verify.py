"""A whole log verified: what is proven, what is not, and that no changed byte of any class goes unnoticed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chancery.ledger import note, policy, proof, verify
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.reader import LogReader
from chancery.ledger.tests.council import (
    ALD,
    BRN,
    COSIGNERS,
    FIRST,
    LOG,
    ORIGIN,
    TIME,
    act_leaf,
    credentials_leaf,
    digest_of,
    fetch_from,
    make_folder,
    make_log,
    make_policy,
    make_policy_leaf,
    make_witnesses,
    policy_file,
    record_leaf,
    signed,
)
from chancery.ledger.verify import Demand

ENTRIES = [credentials_leaf(), act_leaf(), *(record_leaf(number) for number in range(1, 300))]
WITNESSES = make_witnesses(4)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("council") / "register"
    make_folder(path, ENTRIES, WITNESSES, 3)
    return path


@pytest.fixture
def log_dir(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "register"))


def check(path: Path, **demand: object) -> verify.Verdict:
    return verify.verify_folder(path, Demand(**demand))  # type: ignore[arg-type]


def test_a_whole_log_is_proven_and_the_first_line_says_whence_the_key_came(whole: Path) -> None:
    verdict = check(whole)
    assert verdict.is_sound and not verdict.unproven
    assert verdict.lines()[0] == "key: came with the data, identity not proven"
    assert verdict.lines()[-1].startswith(f"head: {ORIGIN}, {len(ENTRIES)} entries")
    assert any("Safe against 1 dishonest witness" in sentence for sentence in verdict.proven)
    assert verdict.as_json()["sound"] is True


def test_nothing_that_is_shown_steers_the_terminal() -> None:
    verdict = verify.Verdict(refused=["a\x1b[2Jb\u202ec: слово"])
    assert verdict.lines()[1] == "REFUSED: a\\u001b[2Jb\\u202ec: слово"


def test_a_given_policy_or_fingerprint_is_said_first(whole: Path) -> None:
    assert check(whole, policy=make_policy(WITNESSES, 3)).lines()[0] == "key: given"
    assert check(whole, fingerprint=note.fingerprint(LOG.vkey)).key == "given"
    assert not check(whole, fingerprint="ab" * 32).is_sound


def test_a_line_by_a_key_that_the_policy_does_not_name_is_said_to_be_there(log_dir: Path) -> None:
    path = log_dir / "checkpoint"
    path.write_bytes(path.read_bytes().replace("— witness-4 ".encode(), "— witness-5 ".encode()))
    verdict = check(log_dir)
    assert verdict.is_sound
    assert any("checkpoint: the line by witness-5" in each for each in verdict.unproven)


def test_a_missing_quorum_or_another_key_is_refused(whole: Path) -> None:
    strict = make_policy([*WITNESSES[:3], make_witnesses(5)[4]], 4)
    assert any("lacks its quorum" in each for each in check(whole, policy=strict).refused)
    other = make_policy(WITNESSES, 3).replace(LOG.vkey.encode(), BRN.vkey.encode())
    assert not check(whole, policy=other).is_sound


def test_without_witnesses_it_is_said_that_nothing_is_witnessed(tmp_path: Path) -> None:
    make_folder(tmp_path / "register", ENTRIES[:5])
    verdict = check(tmp_path / "register")
    assert verdict.is_sound
    assert any("not witnessed" in each for each in verdict.unproven)


def test_an_older_head_must_be_a_beginning(whole: Path) -> None:
    older, _ = make_log(ENTRIES[:100])
    assert check(whole, old=[signed(older)]).is_sound
    fork, _ = make_log([b"fork", *ENTRIES[1:100]])
    assert any("split view" in each for each in check(whole, old=[signed(fork)]).refused)
    longer, _ = make_log([*ENTRIES, b"one more"])
    assert any("rolled back" in each for each in check(whole, old=[signed(longer)]).refused)


def test_the_largest_head_is_remembered_only_when_all_is_sound(whole: Path, log_dir: Path, tmp_path: Path) -> None:
    state = tmp_path / "heads.json"
    (log_dir / "stray").write_text("stray")
    assert not check(log_dir, state=state).is_sound
    assert not state.exists()
    assert check(whole, state=state).is_sound
    assert check(whole, state=state).is_sound
    shorter = tmp_path / "shorter"
    make_folder(shorter, ENTRIES[:100], WITNESSES, 3)
    assert any("rolled back" in each for each in check(shorter, state=state).refused)
    state.write_text("spoiled")
    assert any("remembered heads" in each for each in check(whole, state=state).refused)


def test_a_text_entered_twice_is_refused_and_a_strange_entry_is_not_proven(tmp_path: Path) -> None:
    make_folder(tmp_path / "twice", [act_leaf(), act_leaf()])
    assert any("entered before" in each for each in check(tmp_path / "twice").refused)
    make_folder(tmp_path / "strange", [b"no leaf"])
    verdict = check(tmp_path / "strange")
    assert verdict.is_sound
    assert any("entry 0" in each for each in verdict.unproven)


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


CLASSES = {
    "an entry": ("tile/entries/000", 300, "tile/entries/000"),
    "the length in a bundle": ("tile/entries/000", 0, "tile/entries/000"),
    "a partial bundle": ("tile/entries/001.p/45", 50, "tile/entries/001.p/45"),
    "a full tile of level 0": ("tile/0/000", 100, "tile/0/000"),
    "a partial tile of level 0": ("tile/0/001.p/45", 0, "tile/0/001.p/45"),
    "a tile of level 1": ("tile/1/000.p/1", 31, "tile/1/000.p/1"),
    "the origin": ("checkpoint", 0, "checkpoint"),
    "the size": ("checkpoint", len(ORIGIN) + 1, "checkpoint"),
    "the root": ("checkpoint", len(ORIGIN) + 8, "checkpoint"),
    "the log's signature": ("checkpoint", 130, "checkpoint"),
    "a cosignature": ("checkpoint", -30, "checkpoint"),
    "the log's key": ("log.vkey", 50, "log.vkey"),
    "the receipt's key": ("log.vkey", -30, "log.vkey"),
    "the policy": ("policy", 2, "policy"),
    "a witness's key in the policy": ("policy", 200, "policy"),
    "the pending head": ("checkpoint.pending", 5, "checkpoint.pending"),
}


@pytest.mark.parametrize("what", CLASSES)
def test_a_changed_byte_is_noticed_and_named(log_dir: Path, what: str) -> None:
    name, at, named = CLASSES[what]
    flipped(log_dir / name, at)
    verdict = check(log_dir)
    assert not verdict.is_sound
    assert any(named in sentence for sentence in verdict.refused), verdict.refused


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/0/001.p/45", "tile/1/000.p/1", "policy", "log.vkey"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_a_missing_or_shortened_file_is_noticed_and_named(log_dir: Path, name: str, spoil: Callable) -> None:
    spoil(log_dir / name)
    verdict = check(log_dir)
    assert any(name in sentence for sentence in verdict.refused), verdict.refused


@pytest.mark.parametrize(
    "name",
    ["stray", ".new", "tile/0/000.p/7", "tile/0/001.p/46", "tile/entries/002", "tile/2/000.p/1", "tile/0/x000/000"],
)
def test_a_stray_stale_or_uncommitted_file_is_named(log_dir: Path, name: str) -> None:
    (log_dir / name).parent.mkdir(parents=True, exist_ok=True)
    (log_dir / name).write_bytes(bytes(32))
    assert any(name in sentence for sentence in check(log_dir).refused)


def test_an_earlier_partial_file_must_be_a_beginning_of_the_present_one(log_dir: Path) -> None:
    earlier = log_dir / "tile/0/001.p/7"
    earlier.write_bytes((log_dir / "tile/0/001.p/45").read_bytes()[: 7 * 32])
    assert check(log_dir).is_sound
    flipped(earlier, 9)
    assert any("tile/0/001.p/7" in sentence for sentence in check(log_dir).refused)


def test_deleted_newest_rows_are_a_rollback_to_whoever_holds_the_head(whole: Path, tmp_path: Path) -> None:
    shorter = tmp_path / "shorter"
    make_folder(shorter, ENTRIES[:-1], WITNESSES, 3)
    held = (whole / "checkpoint").read_bytes()
    assert any("rolled back" in each for each in check(shorter, old=[held]).refused)


def test_a_consistent_rewrite_is_a_split_view_to_whoever_holds_the_head(whole: Path, tmp_path: Path) -> None:
    rewritten = tmp_path / "rewritten"
    make_folder(rewritten, [credentials_leaf(BRN), *ENTRIES[1:], record_leaf(1000)], WITNESSES, 3)
    assert check(rewritten).is_sound
    held = (whole / "checkpoint").read_bytes()
    assert any("split view" in each for each in check(rewritten, old=[held]).refused)


def test_pending_entries_are_signed_and_not_yet_witnessed(tmp_path: Path) -> None:
    make_folder(tmp_path / "register", ENTRIES, WITNESSES, 3)
    older, _ = make_log(ENTRIES[:200])
    (tmp_path / "register/checkpoint").write_bytes(signed(older, WITNESSES[:3]))
    verdict = check(tmp_path / "register")
    assert verdict.is_sound
    assert "the entries from 200 on are signed, not yet witnessed" in verdict.unproven
    assert any("future" in each for each in check(tmp_path / "register", now=TIME - 301).unproven)


SECOND = make_policy_leaf(2, digest_of(FIRST), ["ALD", "BRN"], 2, ["ALD", "BRN", "CYR"])


def chained(tmp_path: Path, published: int, cosigners: list[str], file: str) -> Path:
    """A log in which policy 2 takes the place of policy 1 at entry 2."""
    path = tmp_path / "register"
    entries = [FIRST, record_leaf(1), SECOND, record_leaf(2)]
    make_folder(path, entries, make_witnesses(1), 1)
    head, _ = make_log(entries[:published])
    (path / "checkpoint").write_bytes(signed(head, [COSIGNERS[name] for name in cosigners]))
    (path / "policy").write_text(file)
    return path


@pytest.mark.parametrize(
    ("published", "cosigners", "is_sound"),
    [(2, ["CYR", "BRN"], True), (4, ["ALD", "BRN"], True), (4, ["CYR", "BRN"], False), (2, ["CYR"], False)],
)
def test_a_head_is_judged_by_the_policy_entered_below_it(
    tmp_path: Path, published: int, cosigners: list[str], is_sound: bool
) -> None:
    verdict = check(chained(tmp_path, published, cosigners, policy_file(["ALD", "BRN", "CYR"], 2)))
    assert verdict.is_sound is is_sound, verdict.lines()
    assert any(f"fingerprint of the first {digest_of(FIRST)}" in each for each in verdict.proven)


def test_the_fingerprint_of_policy_1_gives_the_key_and_a_policy_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    path = chained(tmp_path, 4, ["ALD", "BRN"], policy_file(["ALD", "BRN"], 2))
    assert check(path, fingerprint=digest_of(FIRST)).lines()[0] == "key: given"
    assert any("neither that of policy 1" in each for each in check(path, fingerprint=digest_of(SECOND)).refused)
    (path / "policy").write_text(policy_file(["ALD", "BRN"], 1))
    assert any("none of the policies" in each for each in check(path).refused)


def test_two_published_heads_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    make_folder(tmp_path / "register", ENTRIES, WITNESSES, 3)
    fork, _ = make_log([b"fork"] * 200)
    (tmp_path / "register/checkpoint").write_bytes(signed(fork, WITNESSES))
    assert any("split view" in each for each in check(tmp_path / "register").refused)


def test_a_log_is_verified_over_any_fetch_and_strictly_on_request() -> None:
    head, files = make_log(ENTRIES)
    files |= {
        "checkpoint": signed(head),
        "log.vkey": f"{LOG.vkey}\n{ALD.vkey}\n".encode(),
        "policy": make_policy([], 0),
    }
    del files["tile/1/000.p/1"]
    loose = verify.verify_log(fetch_from(files), Demand())
    assert any("tile/1/000" in each for each in loose.refused)
    spoiled = {**files, "tile/1/000.p/1": bytes(32)}
    assert any("tile/1/000" in each for each in verify.verify_log(fetch_from(spoiled), Demand(), True).refused)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chancery.ledger", "verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_command_answers_by_its_exit_code_and_never_with_a_traceback(whole: Path, log_dir: Path) -> None:
    assert run(whole).returncode == 0
    assert json.loads(run(whole, "--json").stdout)["head"]["size"] == len(ENTRIES)
    flipped(log_dir / "tile/0/000", 3)
    refused = run(log_dir)
    assert (refused.returncode, refused.stderr) == (1, "")
    assert "REFUSED: tile/0/000" in refused.stdout
    for arguments in ([whole.parent / "nothing"], [whole, "--policy", whole.parent / "nothing"], []):
        wrong = run(*arguments)
        assert wrong.returncode == 2
        assert "Traceback" not in wrong.stderr


def test_a_tlog_proof_round_trips_and_proves_only_its_entry(whole: Path) -> None:
    head, files = make_log(ENTRIES)
    reader = LogReader(fetch_from(files), head)
    rules = policy.parse((whole / "policy").read_bytes())
    made = proof.Proof(7, tuple(reader.inclusion_proof(7)), (whole / "checkpoint").read_bytes(), b"extra")
    assert proof.parse(made.to_bytes()) == made
    assert made.verify(ENTRIES[7], rules).head == head
    for entry, other in ((ENTRIES[8], made), (ENTRIES[7], proof.Proof(8, made.hashes, made.note))):
        with pytest.raises(ValueError, match="inclusion"):
            other.verify(entry, rules)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 7", b"index 07"),
        (b"index 7\n", b""),
        (b"\n\n", b"\n"),
        (b"extra ZXh0cmE=", b"extra ZXh0cmE"),
        (b"index 7\n", b"index 7\nAAAA\n"),
        (b"index 7\n", b"index 7\n" + (b"A" * 43 + b"=\n") * 64),
        (b"index 7", "index ٧".encode()),
    ],
)
def test_a_tlog_proof_in_another_spelling_is_refused(old: bytes, new: bytes) -> None:
    made = proof.Proof(7, (bytes(32),), signed(Checkpoint(ORIGIN, 9, bytes(32))), b"extra").to_bytes()
    with pytest.raises(ValueError):  # noqa: PT011 -- each fault has its own sentence
        proof.parse(made.replace(old, new, 1))
