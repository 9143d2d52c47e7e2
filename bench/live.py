"""Live pages: 500 open streams on one process, how long an act takes to reach all of them, and what a stream costs.

    python -m bench.live

The acts are done by another process, as by a second web process or the command line, so the time includes finding them.
Targets: an act reaches every stream in 300 ms at the 99th percentile; a stream takes at most 60 KB.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from .path import DEMO, ROOT, run, told

SITTING = "- do: question.put\n  at: 2026-10-21 11:06"
STREAMS = 500


def main(arguments: list[str]) -> int:
    """Print each figure beside its target. 1 where one is missed."""
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        data = sitting(Path(folder))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "chancery.site", "serve", "--web", "--data", str(data), "--port", str(port)]
        started = time.perf_counter()
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            first_answer(port)
            print(f"{'start, to the first page':<58} {time.perf_counter() - started:>9.2f} s")
            return measured(server.pid, data, port)
        finally:
            server.terminate()
            server.wait(10)


def sitting(root: Path) -> Path:
    """The demo up to the vote of its second meeting."""
    folder = root / "folder"
    subprocess.run(["cp", "-r", str(DEMO), str(folder)], check=True)
    text = (folder / "acts.yaml").read_text()
    (folder / "acts.yaml").write_text(text[: text.index(SITTING)])
    run("play", str(folder), "--data", str(root / "data"))
    return root / "data"


def first_answer(port: int) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/en/").close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not answer")


def memory(process: int) -> float:
    """What a process holds in memory, in KB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def measured(process: int, data: Path, port: int) -> int:
    idle = memory(process)
    print(f"{'memory of the web process, idle':<58} {idle / 1024:>9.1f} MB")
    env = os.environ | {"CHANCERY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "chancery.site.settings"}
    command = [sys.executable, "-m", "bench.live_streams", str(port), str(STREAMS), str(process)]
    made = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    seen = json.loads(made.stdout.splitlines()[-1])
    print(f"{'an act to each stream, 50th percentile':<58} {seen['p50']:>9.0f} ms")
    print(f"{'an act to the last of all streams, median':<58} {seen['last']:>9.0f} ms")
    return 0 if all([
        told(f"an act to each of {STREAMS} streams, 99th percentile", seen["p99"], 300, "ms"),
        told("memory a stream", (seen["memory"] - seen["before"]) / STREAMS, 60, "KB"),
    ]) else 1  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
