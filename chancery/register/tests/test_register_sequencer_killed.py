"""The sequencer killed with SIGKILL before and inside every write: every leaf is entered exactly once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chancery.ledger.tests.council import ORIGIN
from chancery.register.sequencer import Sequencer

KILLED = """
import os, signal, sys
from pathlib import Path
from chancery.register.sequencer import Sequencer
left = [int(sys.argv[2])]
def step(name):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
sequencer = Sequencer(Path(sys.argv[1]), step)
sequencer.append([b"entry %d" % number for number in range(sequencer.head().size, int(sys.argv[3]))])
"""


def append_and_die(data_dir: Path, at_step: int, size: int) -> bool:
    """Append up to `size` and be killed at a step; whether it was killed."""
    command = [sys.executable, "-c", KILLED, str(data_dir), str(at_step), str(size)]
    code = subprocess.run(command).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.mark.parametrize(("before", "after"), [(0, 2), (0, 300), (250, 259), (250, 515)])
def test_killed_at_any_step_a_batch_is_entered_wholly_or_not_and_then_once(
    tmp_path: Path, before: int, after: int
) -> None:
    steps = steps_of_batch(tmp_path / "counted", before, after)
    for at in range(1, steps + 1):
        data_dir = founded(tmp_path / f"council-{at}", before)
        assert append_and_die(data_dir, at, after)
        check_recovers(data_dir, before, after)


def steps_of_batch(data_dir: Path, before: int, after: int) -> int:
    founded(data_dir, before)
    steps: list[str] = []
    sequencer = Sequencer(data_dir, steps.append)
    sequencer.append([b"entry %d" % number for number in range(before, after)])
    assert {"read back", "sign", "commit", "committed"} <= set(steps)
    return len(steps)


def founded(data_dir: Path, size: int) -> Path:
    sequencer = Sequencer.found(data_dir, ORIGIN)
    sequencer.append([b"entry %d" % number for number in range(size)])
    sequencer.close()
    return data_dir


def check_recovers(data_dir: Path, before: int, after: int) -> None:
    """What a restart does: recover, see how far the log is, enter the rest; the log then verifies."""
    sequencer = Sequencer(data_dir)
    size = sequencer.recover().size
    assert size in (before, after)
    assert not [finding for finding in sequencer.fsck() if "receipt" not in finding.what]
    sequencer.append([b"entry %d" % number for number in range(size, after)])
    assert list(sequencer.entries(0, after)) == [b"entry %d" % number for number in range(after)]
    assert not [finding for finding in sequencer.fsck() if "receipt" not in finding.what]
    sequencer.close()


def test_killed_again_and_again_the_log_ends_verified(tmp_path: Path) -> None:
    data_dir = founded(tmp_path / "council", 250)
    for at in (3, 9, 5, 12, 7, 1, 11):
        append_and_die(data_dir, at, 520)
    check_recovers(data_dir, Sequencer(data_dir).head().size, 520)
