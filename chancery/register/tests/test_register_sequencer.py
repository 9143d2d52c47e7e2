"""The sequencer: order, files, refusals to create, to fork and to go on with an old head."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.ledger import Inconsistent, Malformed, Missing, Refused, tiles, verify
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.tests.council import ORIGIN
from chancery.register.headlock import HeadLock, HeadMoved
from chancery.register.sequencer import Sequencer, signed_head


def entry(number: int) -> bytes:
    return b"entry %d" % number


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    Sequencer.found(tmp_path / "data", ORIGIN).close()
    return tmp_path / "data"


def grown(data_dir: Path, size: int) -> Sequencer:
    sequencer = Sequencer(data_dir)
    sequencer.append([entry(number) for number in range(sequencer.head().size, size)])
    return sequencer


def copy(source: Path, name: str) -> Path:
    target = source.parent / name
    shutil.copytree(source, target)
    return target


def test_a_register_is_founded_once(data_dir: Path) -> None:
    with pytest.raises(Refused, match="founded once"):
        Sequencer.found(data_dir, ORIGIN)
    assert Sequencer(data_dir).head().size == 0


@pytest.mark.parametrize("name", ["register", "head", "keys/log.key", "keys/receipt.key"])
def test_founding_is_refused_where_any_part_exists(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).mkdir()
    with pytest.raises(Refused, match=name):
        Sequencer.found(tmp_path, ORIGIN)


def test_nothing_but_founding_makes_a_register(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="register found"):
        Sequencer(tmp_path)
    assert not list(tmp_path.iterdir())


def test_only_the_owner_may_read_what_the_register_writes(data_dir: Path) -> None:
    grown(data_dir, 300).close()
    for parent, _, files in os.walk(data_dir):
        assert stat.S_IMODE(Path(parent).stat().st_mode) == 0o700
        for file in files:
            assert stat.S_IMODE((Path(parent) / file).stat().st_mode) == 0o600


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([1, 2, 3, 120, 255, 256, 257, 300]), min_size=1, max_size=5))
def test_any_batches_give_the_one_log_of_their_entries(tmp_path_factory, batches: list[int]) -> None:
    sequencer, number = Sequencer.found(tmp_path_factory.mktemp("council") / "data", ORIGIN), 0
    for count in batches:
        entered = sequencer.append([entry(number + at) for at in range(count)])
        assert [each.index for each in entered] == list(range(number, number + count))
        number += count
    assert list(sequencer.entries(0, number)) == [entry(at) for at in range(number)]
    assert not [finding for finding in sequencer.fsck() if "receipt" not in finding.what]
    assert sequencer.inclusion_proof(number - 1).verify(entry(number - 1), sequencer.policy).head.size == number


def test_the_longest_entry_is_entered_and_a_longer_one_refused_with_its_batch(data_dir: Path) -> None:
    sequencer = Sequencer(data_dir)
    with pytest.raises(Malformed, match="65536"):
        sequencer.append([b"first", b"x" * 65_536])
    assert sequencer.head().size == 0
    sequencer.append([b"x" * 65_535])
    assert list(sequencer.entries(0, 1)) == [b"x" * 65_535]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_published_head_of_another_history_stops_the_register(data_dir: Path, size: int) -> None:
    sequencer = grown(data_dir, 3)
    forged = signed_head(sequencer._signer, Checkpoint(ORIGIN, size, b"r" * 32))
    (data_dir / "register" / "checkpoint").write_bytes(forged.note)
    with pytest.raises(Inconsistent, match="no beginning"):
        sequencer.append([b"more"])


def test_no_entries_make_no_new_head(data_dir: Path) -> None:
    sequencer = grown(data_dir, 3)
    before = sequencer.head()
    assert sequencer.append([]) == []
    assert sequencer.head() == before


def restored(data_dir: Path, parts: tuple[str, ...]) -> Path:
    """The council of today with some parts restored from a backup of yesterday."""
    grown(data_dir, 300).close()
    yesterday = copy(data_dir, "yesterday")
    grown(data_dir, 700).close()
    today = copy(data_dir, "today")
    for part in parts:
        shutil.rmtree(today / part)
        shutil.copytree(yesterday / part, today / part)
    return today


@pytest.mark.parametrize("parts", [("head",), ("register",)])
def test_a_restored_part_is_refused_before_anything_is_signed(data_dir: Path, parts: tuple[str, ...]) -> None:
    today = restored(data_dir, parts)
    sequencer = Sequencer(today)
    before = (today / "register" / "checkpoint").read_bytes()
    with pytest.raises(Refused):
        sequencer.append([b"fork"])
    assert (today / "register" / "checkpoint").read_bytes() == before


def test_all_parts_restored_are_refused_by_a_verifier_who_remembers(data_dir: Path, tmp_path: Path) -> None:
    today = restored(data_dir, ("register", "head"))
    demand = verify.Demand(state=tmp_path / "heads.json")
    assert verify.verify_folder(data_dir / "register", demand).is_sound
    Sequencer(today).append([b"fork"])
    verdict = verify.verify_folder(today / "register", demand)
    assert any("rolled back" in sentence for sentence in verdict.refused)
    Sequencer(today).append([b"fork %d" % number for number in range(1000)])
    verdict = verify.verify_folder(today / "register", demand)
    assert any("split view" in sentence for sentence in verdict.refused)


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_lost_head_lock_stops_the_register_and_names_the_remedy(data_dir: Path, spoil: Callable) -> None:
    grown(data_dir, 3).close()
    for path in (data_dir / "head").glob("head.sqlite3*"):
        spoil(path)
    with pytest.raises(Refused, match="head lock"):
        Sequencer(data_dir).append([b"more"])


def test_a_head_lock_of_another_register_is_refused(data_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Sequencer.found(other, "other.example/log").close()
    shutil.rmtree(data_dir / "head")
    shutil.copytree(other / "head", data_dir / "head")
    with pytest.raises(Refused, match="other.example/log"):
        Sequencer(data_dir).append([b"more"])


def test_a_swap_succeeds_only_from_the_head_that_stands_there(data_dir: Path) -> None:
    sequencer = grown(data_dir, 1)
    first = sequencer.head()
    second = grown(data_dir, 2).head()
    lock = HeadLock(data_dir / "head" / "head.sqlite3")
    with pytest.raises(HeadMoved):
        lock.swap(first, second)
    assert lock.read() == second


def test_a_second_writer_without_the_file_lock_fails_instead_of_forking(data_dir: Path) -> None:
    slow, quick = Sequencer(data_dir, step=lambda name: rush(name)), Sequencer(data_dir)
    quick._is_held = True

    def rush(name: str) -> None:
        if name == "commit" and quick.head().size == 0:
            quick.append([b"quick"])

    with pytest.raises(HeadMoved):
        slow.append([b"slow", b"slower"])
    assert list(Sequencer(data_dir).entries(0, 1)) == [b"quick"]
    assert Sequencer(data_dir).recover().size == 1
    assert not [finding for finding in Sequencer(data_dir).fsck() if "receipt" not in finding.what]


WRITER = """
import sys
from pathlib import Path
from chancery.register.sequencer import Sequencer, signed_head
sequencer = Sequencer(Path(sys.argv[1]))
for number in range(10):
    sequencer.append([f"{sys.argv[2]} {number}".encode()])
"""


def test_two_processes_at_once_enter_everything_once(data_dir: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(data_dir)]
    both = [subprocess.Popen([*command, name]) for name in ("first", "second")]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    sequencer = Sequencer(data_dir)
    expected = {f"{name} {number}".encode() for name in ("first", "second") for number in range(10)}
    assert sequencer.head().size == 20
    assert set(sequencer.entries(0, 20)) == expected


@pytest.mark.parametrize("name", ["tile/0/000.p/2", "tile/entries/000.p/2"])
def test_a_flipped_bit_on_the_disk_is_noticed_before_the_head_is_signed(data_dir: Path, name: str) -> None:
    def flip(step: str) -> None:
        if step == "read back":
            path = data_dir / "register" / name
            path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(Inconsistent):
        Sequencer(data_dir, flip).append([b"a", b"b"])
    assert Sequencer(data_dir).recover().size == 0


@pytest.mark.parametrize("name", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_spoiled_edge_stops_the_register(data_dir: Path, name: str) -> None:
    grown(data_dir, 300).close()
    path = data_dir / "register" / name
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    with pytest.raises(Refused):
        Sequencer(data_dir).append([b"more"])


def durable_writes(trace: str) -> int:
    return sum(trace.count(call) for call in ("fsync(", "fdatasync("))


ONE_APPEND = """
import os, sys
from pathlib import Path
from chancery.register.sequencer import Sequencer, signed_head
sequencer = Sequencer(Path(sys.argv[1]))
sequencer.recover()
count, fsync = [0], os.fsync
def counted(handle):
    count[0] += 1
    fsync(handle)
os.fsync = counted
sequencer.append([b"one more"])
print(count[0])
"""


def test_an_append_makes_three_files_and_one_commit_durable(data_dir: Path) -> None:
    """Each file costs two flushes, its bytes and its name; the head lock's commit flushes inside SQLite."""
    grown(data_dir, 3).close()
    command = [sys.executable, "-c", ONE_APPEND, str(data_dir)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "6\n"


def test_partial_files_stay_until_the_full_one_exists(data_dir: Path) -> None:
    for size in (1, 200, 255):
        grown(data_dir, size).close()
    assert [tile.width for tile in _partials(data_dir)] == [1, 200, 255]
    grown(data_dir, 256).close()
    assert not _partials(data_dir)


def _partials(data_dir: Path) -> list[tiles.Tile]:
    return Sequencer(data_dir)._folder.partials(tiles.Tile(0, 0))
