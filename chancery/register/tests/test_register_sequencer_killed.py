"""The sequencer killed with SIGKILL before and inside every write: every leaf is entered exactly once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chancery.ledger.tests.council import ORIGIN
from chancery.register.sequencer import Sequencer

# One process forks a writer for each folder; the n-th writer kills itself at its n-th step.
KILLER = """
import os, signal, sys
from pathlib import Path
from chancery.register.sequencer import Sequencer

def write(data_dir, left, size):
    def step(name):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    sequencer = Sequencer(data_dir, step)
    sequencer.append([b"entry %d" % number for number in range(sequencer.head().size, size)])

size, *pairs = sys.argv[1:]
for at, data_dir in zip(pairs[::2], pairs[1::2]):
    if (child := os.fork()) == 0:
        write(Path(data_dir), int(at), int(size))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status))
"""


def killed(size: int, *pairs: object) -> list[int]:
    """Append up to `size` in each folder, killed at the step before its name; the exit codes."""
    command = [sys.executable, "-c", KILLER, str(size), *map(str, pairs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(code) for code in done.stdout.split()]


def founded(data_dir: Path, size: int) -> Path:
    sequencer = Sequencer.found(data_dir, ORIGIN)
    sequencer.append([b"entry %d" % number for number in range(size)])
    sequencer.close()
    return data_dir


def steps_of_batch(data_dir: Path, before: int, after: int) -> int:
    steps: list[str] = []
    sequencer = Sequencer(data_dir, steps.append)
    sequencer.append([b"entry %d" % number for number in range(before, after)])
    sequencer.close()
    assert {"read back", "sign", "commit", "committed"} <= set(steps)
    return len(steps)


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


@pytest.mark.parametrize(("before", "after"), [(0, 2), (0, 300), (250, 259), (250, 515)])
def test_killed_at_any_step_a_batch_is_entered_wholly_or_not_and_then_once(
    tmp_path: Path, before: int, after: int
) -> None:
    base = founded(tmp_path / "base", before)
    steps = steps_of_batch(shutil.copytree(base, tmp_path / "counted"), before, after)
    folders = [shutil.copytree(base, tmp_path / f"council-{at}") for at in range(1, steps + 1)]
    pairs = [each for at, folder in enumerate(folders, start=1) for each in (at, folder)]
    assert killed(after, *pairs) == [-9] * steps
    for folder in folders:
        check_recovers(folder, before, after)


def test_killed_again_and_again_the_log_ends_verified(tmp_path: Path) -> None:
    data_dir = founded(tmp_path / "council", 250)
    killed(520, *(each for at in (3, 9, 5, 12, 7, 1, 11) for each in (at, data_dir)))
    check_recovers(data_dir, Sequencer(data_dir).head().size, 520)
