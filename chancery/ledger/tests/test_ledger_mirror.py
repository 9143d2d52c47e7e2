"""Mirrors rebuild what they fetch, refuse what does not continue their own head, and survive being killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chancery.ledger import Refused, mirror, note, verify
from chancery.ledger.folder import LogFolder
from chancery.ledger.note import Kind
from chancery.ledger.reader import LogReader
from chancery.ledger.tests.council import (
    BRN,
    LOG,
    ORIGIN,
    fetch_from,
    make_folder,
    make_log,
    make_signer,
    make_witnesses,
    signed,
)
from chancery.ledger.verify import Demand

ENTRIES = [b"entry %d" % number for number in range(1, 600)]
WITNESSES = make_witnesses(3)


def source(tmp_path: Path, size: int) -> Path:
    """The register of the secretariat when it had `size` entries."""
    path = tmp_path / f"source-{size}"
    make_folder(path, ENTRIES[:size], WITNESSES, 2)
    return path


def is_whole(path: Path, size: int) -> bool:
    verdict = verify.verify_folder(path, Demand())
    return verdict.is_sound and verdict.head is not None and verdict.head.size == size


@pytest.mark.parametrize("sizes", [(1,), (3, 3, 10), (250, 256, 257), (10, 512, 599), (0, 300)])
def test_a_mirror_follows_a_growing_log_and_verifies_strictly(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    copy, before = LogFolder(tmp_path / "mirror"), 0
    for size in sizes:
        pulled = mirror.pull(copy, LogFolder(source_once(tmp_path, size)).fetch)
        assert (pulled.before, pulled.head.size) == (before, size)
        assert is_whole(copy.path, size)
        before = size


def source_once(tmp_path: Path, size: int) -> Path:
    path = tmp_path / f"source-{size}"
    return path if path.exists() else source(tmp_path, size)


def test_a_rolled_back_or_forked_log_is_refused_and_nothing_stored(tmp_path: Path) -> None:
    copy = LogFolder(tmp_path / "mirror")
    mirror.pull(copy, LogFolder(source(tmp_path, 300)).fetch)
    with pytest.raises(Refused, match="rolled back"):
        mirror.pull(copy, LogFolder(source(tmp_path, 299)).fetch)
    fork = tmp_path / "fork"
    make_folder(fork, [b"fork", *ENTRIES[1:400]], WITNESSES, 2)
    with pytest.raises(Refused, match="split view"):
        mirror.pull(copy, LogFolder(fork).fetch)
    assert is_whole(copy.path, 300)


def test_a_published_head_of_another_history_is_refused(tmp_path: Path) -> None:
    path = source(tmp_path, 300)
    fork, _ = make_log([b"fork"] * 200)
    (path / "checkpoint").write_bytes(signed(fork, WITNESSES))
    with pytest.raises(Refused, match="split view"):
        mirror.pull(LogFolder(tmp_path / "mirror"), LogFolder(path).fetch)


def test_the_key_of_the_first_time_is_the_key_of_every_time(tmp_path: Path) -> None:
    path, copy = source(tmp_path, 10), LogFolder(tmp_path / "mirror")
    with pytest.raises(Refused, match="another key"):
        mirror.pull(copy, LogFolder(path).fetch, pinned=BRN.vkey)
    mirror.pull(copy, LogFolder(path).fetch, pinned=LOG.vkey)
    keys = (path / "log.vkey").read_text().replace(LOG.vkey, make_signer(f"{ORIGIN}x").vkey)
    (path / "log.vkey").write_text(keys)
    with pytest.raises(Refused, match="another key"):
        mirror.pull(copy, LogFolder(path).fetch)


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/87"])
def test_a_spoiled_source_is_refused(tmp_path: Path, name: str) -> None:
    path = source(tmp_path, 599)
    data = bytearray((path / name).read_bytes())
    data[-1] ^= 1
    (path / name).write_bytes(bytes(data))
    with pytest.raises(Refused):
        mirror.pull(LogFolder(tmp_path / "mirror"), LogFolder(path).fetch)


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours may catch it."""


def test_a_mirror_stopped_before_any_write_goes_on_from_its_last_head(tmp_path: Path) -> None:
    second, base = source(tmp_path, 530), tmp_path / "base"
    mirror.pull(LogFolder(base), LogFolder(source(tmp_path, 250)).fetch)
    at = 0
    while True:
        at += 1
        copy = Path(shutil.copytree(base, tmp_path / f"mirror-{at}"))
        if not stopped_at(copy, second, at):
            break
        held = mirror.own_head(LogFolder(copy), LOG.verifier).size
        size = 300 if at % 2 and held == 250 else 530
        mirror.pull(LogFolder(copy), LogFolder(source_once(tmp_path, size)).fetch)
        assert is_whole(copy, size)
        shutil.rmtree(copy)
    assert at > 15


def stopped_at(copy: Path, path: Path, at: int) -> bool:
    left = [at]

    def step(name: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    try:
        mirror.pull(LogFolder(copy, step), LogFolder(path).fetch)
    except Killed:
        return True
    return False


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chancery.ledger", *map(str, arguments)], capture_output=True, text=True
    )


def test_the_mirror_command_keeps_cosigns_and_never_cosigns_two_histories(tmp_path: Path) -> None:
    key = make_signer("ALD", Kind.COSIGNATURE)
    (tmp_path / "ald.key").write_text(key.private_text())
    cosign = ("--cosign", "--key", tmp_path / "ald.key")
    done = run("mirror", tmp_path / "mirror", source(tmp_path, 300), *cosign, "--log", LOG.vkey)
    assert (done.returncode, done.stderr) == (0, "300 entries, 300 of them new.\n")
    head, _ = make_log(ENTRIES[:300])
    assert key.verifier.check(head.text(), note.parse_lines(done.stdout)[0].payload)
    fork = tmp_path / "fork"
    make_folder(fork, [b"fork", *ENTRIES[1:400]], WITNESSES, 2)
    done = run("mirror", tmp_path / "other", fork, *cosign)
    assert done.returncode == 1
    assert "not cosigned" in done.stderr


def test_the_commands_refuse_wrong_usage_in_a_sentence(tmp_path: Path) -> None:
    assert run("mirror", tmp_path / "mirror", tmp_path, "--cosign").returncode == 2
    assert run("mirror", tmp_path / "mirror", tmp_path / "nothing").returncode == 1
    missing = run("witness", "once", source(tmp_path, 3), "--key", tmp_path / "no.key", "--log", LOG.vkey)
    assert (missing.returncode, "Traceback" in missing.stderr) == (2, False)
    (tmp_path / "a.key").write_text(make_signer("a").private_text())
    plain = run("witness", "once", tmp_path / "source-3", "--key", tmp_path / "a.key", "--log", LOG.vkey)
    assert plain.returncode == 1


def test_a_witness_from_cron_checks_consistency_only(tmp_path: Path) -> None:
    key = make_signer("BRN", Kind.COSIGNATURE)
    (tmp_path / "brn.key").write_text(key.private_text())
    for size in (300, 300, 599):
        done = run("witness", "once", source_once(tmp_path, size), "--key", tmp_path / "brn.key", "--log", LOG.vkey)
        assert done.returncode == 0, done.stderr
        head, _ = make_log(ENTRIES[:size])
        assert key.verifier.check(head.text(), note.parse_lines(done.stdout)[0].payload)
    back = run("witness", "once", source_once(tmp_path, 300), "--key", tmp_path / "brn.key", "--log", LOG.vkey)
    assert back.returncode == 1


def test_an_empty_mirror_has_the_empty_head() -> None:
    def nothing(path: str) -> bytes:
        return fetch_from({})(path)

    head, files = make_log([])
    assert mirror.own_head(LogFolder(Path("/nonexistent")), LOG.verifier) == head
    assert LogReader(nothing, head).edge() == files == {}
