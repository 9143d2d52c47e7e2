"""Speed of the path: the demo, folders of growing length, the agenda page, the command line.

    python -m bench.path

Targets: the demo plays in 30 s; 800 acts take at most 5 times as long as 200; the agenda of 30 items and 60 papers
takes at most 8 queries and 40 KB, the same queries at 300 items; all assets at most 60 KB compressed; help in 0.3 s.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "chancery" / "demo" / "session51"
HARBOUR = ROOT / "tests" / "folders" / "harbour"


def main(arguments: list[str]) -> int:
    """Print each figure beside its target. 1 where one is missed."""
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        root = Path(folder)
        within = [help_time(), demo_time(root), *growth(root), *agenda(root), assets()]
    return 0 if all(within) else 1


def told(what: str, figure: float, target: float, unit: str) -> bool:
    within = figure <= target
    print(f"{what:<58} {figure:>9.2f} {unit:<8} target {target:g} {'' if within else '  MISSED'}", flush=True)
    return within


def run(*args: str) -> tuple[float, float, int]:
    """Seconds, seconds of the processor, and peak memory (KB) of one `chancery` process, whole."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "chancery.site", *args], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit((child.stderr.read() if child.stderr else b"").decode())
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def help_time() -> bool:
    return told("chancery --help, best of 5", min(run("--help")[0] for _ in range(5)), 0.3, "s")


def demo_time(root: Path) -> bool:
    return told("the demo is played", run("play", str(DEMO), "--data", str(root / "demo"))[0], 30, "s")


def growth(root: Path) -> list[bool]:
    """Folders of 200, 400 and 800 acts: time beyond an empty one grows with their length, memory hardly."""
    empty = run("play", str(folder_of(root, 0)), "--data", str(root / "acts-0"))[1]
    seconds, peaks = {}, {}
    for acts in (200, 400, 800):
        _, seconds[acts], peaks[acts] = run("play", str(folder_of(root, acts)), "--data", str(root / f"acts-{acts}"))
        seconds[acts] -= empty
        each = seconds[acts] / acts * 1000
        print(f"  {acts} acts: {seconds[acts]:.2f} s beyond an empty folder, {each:.1f} ms an act")
    return [
        told("800 acts against 200", seconds[800] / seconds[200], 5, "times"),
        told("memory an act, 800 against 200", (peaks[800] - peaks[200]) / 600, 20, "KB"),
    ]


def folder_of(root: Path, acts: int) -> Path:
    """A session folder of the second council with so many circulars."""
    made = root / f"folder-{acts}"
    for part in ("texts", "keys", "letters"):
        (made / part).mkdir(parents=True)
        for file in (HARBOUR / part).iterdir():
            (made / part / file.name).write_bytes(file.read_bytes())
    for name in ("council.toml", "session.toml"):
        (made / name).write_bytes((HARBOUR / name).read_bytes())
    lines = ["- {do: session.plan, at: 2026-03-02 10:00, by: secretary}\n"]
    lines += [
        f"- {{do: circular.send, at: 2026-03-{3 + n // 600:02} {n // 60 % 10 + 10}:{n % 60:02}, by: secretary, with: "
        f"{{series: LET, title: {{en: Letter {n}}}, files: {{en: letters/letter.md}}, session: session/8}}}}\n"
        for n in range(acts)
    ]
    (made / "acts.yaml").write_text("".join(lines))
    return made


def agenda(root: Path) -> list[bool]:
    """The agenda page: queries and size at 30 items and 60 papers, queries again at 300 items."""
    queries, size = measured_agenda(root / "agenda-30", 30)
    many, _ = measured_agenda(root / "agenda-300", 300)
    return [
        told("agenda of 30 items and 60 papers: queries", queries, 8, ""),
        told("agenda of 30 items and 60 papers: HTML", size / 1024, 40, "KB"),
        told("agenda of 300 items and 600 papers: queries more", many - queries, 0, ""),
    ]


def measured_agenda(data: Path, items: int) -> tuple[int, int]:
    """Queries and bytes of the agenda page, measured by a process of its own."""
    run("play", str(HARBOUR), "--data", str(data))
    made = subprocess.run(
        [sys.executable, "-m", "bench.agenda_page", str(items)],
        env=os.environ | {"CHANCERY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "chancery.site.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    queries, size = made.stdout.split()
    return int(queries), int(size)


def assets() -> bool:
    """Everything that a page of the house loads, compressed."""
    static = ROOT / "chancery" / "site" / "static"
    page = (ROOT / "chancery/desk/templates/desk/base.html").read_text()
    page += (ROOT / "chancery/site/templates/site/_head.html").read_text()
    names = {*re.findall(r"static '([^']+)'", page), "icons.svg"}
    total = sum(len(gzip.compress((static / name).read_bytes())) for name in names)
    return told("all assets of a page, compressed", total / 1024, 60, "KB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
