"""Speed and quality of the text engine, beside difflib, rapidfuzz and diff-match-patch in the same run.

    python -m bench.prose                  speed and quality
    python -m bench.prose SCHEMA.xsd       and every invented text as Akoma Ntoso against that schema

Targets: 100 pages with 300 edits: diff in 0.1 s and in a third of "difflib on paragraphs, then words"; 200 pages with
500 proposals of 40 delegations: compile in 1 s, rebase of all in 2 s, 300 MB; linear at 1, 2 and 4 times the size;
of 10,000 edits of each class none lost, and deleted words shown at most 1.05 times the fewest there can be. All times
are seconds of the processor, median of five. The seeds are printed; diff-match-patch is measured where it is installed.
"""

from __future__ import annotations

import difflib
import importlib.util
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.prose_texts import CLASSES, Writer, changed, proposals, small
from chancery.prose.compile import compile
from chancery.prose.ops import Delete, EditUnit, Ops, apply, diff
from chancery.prose.proposal import Proposal
from chancery.prose.rebase import Rebase, Rebased
from chancery.prose.tokens import tokens

SEED = 51
EDITS = 10_000
RUNS = 5
LINEAR = 1.5  # times the size may take so much longer than in proportion


def main(arguments: list[str]) -> int:
    """Print each figure beside its target. Exit 1 where one is missed."""
    if arguments == ["--night"]:
        return night()
    print(f"seed {SEED}")
    within = [*differences(), *rounds(), *qualities()]
    if arguments:
        within.append(schema_valid(Path(arguments[0])))
    return 0 if all(within) else 1


def told(what: str, found: float, limit: float, unit: str) -> bool:
    """Print one figure; whether it is within its limit."""
    print(f"{what:<58}{found:>10.3f} {unit:<3} target {limit:g}{'' if found <= limit else '   MISSED'}", flush=True)
    return found <= limit


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of the processor, median of some runs."""
    times = []
    for _ in range(runs):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return statistics.median(times)


def differences() -> list[bool]:
    """diff and apply at three sizes, and what others take for the first."""
    sizes: list[float] = []
    for times in (1, 2, 4):
        writer = Writer(SEED)
        old = writer.pages(100 * times)
        new = changed(old, 300 * times, writer)
        sizes.append(median(partial(diff, old, new)))
        print(f"{f'diff, {100 * times} pages, {300 * times} edits':<58}{sizes[-1]:>10.3f} s")
        if times == 1:
            baseline = others(old, new)
            told("apply, the same", median(partial(apply, old, diff(old, new))), 0.1, "s")
    return [
        told("diff, 100 pages, 300 edits", sizes[0], 0.1, "s"),
        told("diff / difflib on paragraphs, then words", sizes[0] / baseline, 1 / 3, "x"),
        told("diff, four times the pages, over proportion", sizes[2] / sizes[0] / 4, LINEAR, "x"),
    ]


def others(old: str, new: str) -> float:
    """Print what other ways take; the seconds of difflib on paragraphs, then words."""
    from rapidfuzz.distance import Indel

    words_old, words_new = old.split(), new.split()
    nested = median(lambda: nested_difflib(old, new), 3)
    found = {
        "difflib on paragraphs, then words": nested,
        "rapidfuzz Indel over all words": median(lambda: Indel.opcodes(words_old, words_new), 3),
        "difflib over all words": median(lambda: difflib.SequenceMatcher(None, words_old, words_new).get_opcodes(), 1),
    }
    if importlib.util.find_spec("diff_match_patch"):
        from diff_match_patch import diff_match_patch

        engine = diff_match_patch()
        engine.Diff_Timeout = 0
        found["diff-match-patch, characters, no time-out"] = median(lambda: engine.diff_main(old, new), 1)
    else:
        print("diff-match-patch is not installed and not measured")
    for name, seconds in found.items():
        print(f"    {name:<54}{seconds:>10.3f} s")
    return nested


def nested_difflib(old: str, new: str) -> int:
    """What many do: align paragraphs by difflib, then the words of each replaced block."""
    one, other = old.split("\n\n"), new.split("\n\n")
    edits = 0
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "replace":
            before, after = (_TOKEN.findall("\n\n".join(block)) for block in (one[a:b], other[c:d]))
            codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            edits += sum(code[0] != "equal" for code in codes)
    return edits


_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def rounds() -> list[bool]:
    """A night of 40 delegations: rebase and compile at three sizes, and the memory of the whole process."""
    rebases: list[float] = []
    compiles: list[float] = []
    for times in (1, 2, 4):
        writer = Writer(SEED + 1)
        base = writer.pages(100 * times)
        pending = proposals(base, 250 * times, writer)
        onto = changed(base, 300, writer)
        rebases.append(median(partial(carry, base, onto, pending), 3))
        compiles.append(median(partial(compile, base, pending), 3))
        size = f"{100 * times} pages, {250 * times} proposals: rebase; compile"
        print(f"{size:<58}{rebases[-1]:>10.3f} s {compiles[-1]:.3f} s")
    return [
        told("rebase, 200 pages, 500 proposals", rebases[1], 2, "s"),
        told("compile, 200 pages, 500 proposals", compiles[1], 1, "s"),
        told("rebase, four times the size, over proportion", rebases[2] / rebases[0] / 4, LINEAR, "x"),
        told("compile, four times the size, over proportion", compiles[2] / compiles[0] / 4, LINEAR, "x"),
        told("memory of a process that rebases and compiles them", memory(), 300, "MB"),
    ]


def memory() -> float:
    """Peak memory in MB of a process of its own with 200 pages and 500 proposals."""
    done = subprocess.run([sys.executable, "-m", "bench.prose", "--night"], check=True, capture_output=True)
    return int(done.stdout) / 1024


def night() -> int:
    """Rebase and compile once, print the peak memory."""
    writer = Writer(SEED + 1)
    base = writer.pages(200)
    pending = proposals(base, 500, writer)
    carry(base, changed(base, 300, writer), pending)
    compile(base, pending)
    # A process inherits ru_maxrss from the one that started it; the kernel's VmHWM is its own.
    print(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]
    return 0


def carry(base: str, onto: str, pending: Sequence[Proposal]) -> list[Rebased]:
    """All proposals carried over."""
    rebase = Rebase(base, onto)
    return [rebase.carry(proposal) for proposal in pending]


def qualities() -> list[bool]:
    """For each class of small texts: edits lost, and deleted words shown over the fewest there can be."""
    found: list[bool] = []
    for number, kind in enumerate(CLASSES):
        writer = Writer(SEED + 10 + number)
        lost = shown = fewest = pairs = 0
        while pairs * 2.5 < EDITS:
            old, new = small(kind, writer)
            ops = diff(old, new)
            lost += apply(old, ops) != new
            shown += deleted(ops)
            fewest += minimum(old, new)
            pairs += 1
        print(f"{kind}: {pairs} texts, seed {SEED + 10 + number}")
        found += [told("    edits lost", lost, 0, ""), told("    deleted words / fewest", shown / fewest, 1.05, "x")]
    return found


def deleted(ops: Ops) -> int:
    """Words that the difference shows as deleted; a moved unit shows none."""
    count = 0
    for op in ops.ops:
        if isinstance(op, EditUnit):
            count += sum(not token.isspace() for edit in op.edits for token in tokens(edit.old))
        elif isinstance(op, Delete):
            count += sum(not token.isspace() for token in tokens(op.text))
    return count


def minimum(old: str, new: str) -> int:
    """The fewest words that must go, whatever units they stand in."""
    from rapidfuzz.distance import LCSseq

    before = [token for token in tokens(old) if not token.isspace()]
    after = [token for token in tokens(new) if not token.isspace()]
    return len(before) - int(LCSseq.similarity(before, after))


def schema_valid(path: Path) -> bool:
    """Whether invented texts of every class, exported as Akoma Ntoso, are valid against the schema."""
    from lxml import etree

    from chancery.prose.exchange import exported

    schema = etree.XMLSchema(etree.parse(str(path)))
    writer = Writer(SEED + 30)
    texts = [small(kind, writer)[0] for kind in CLASSES for _ in range(100)] + [writer.pages(20)]
    wrong = sum(not schema.validate(etree.fromstring(exported(text, "akn").output).getroottree()) for text in texts)
    return told("Akoma Ntoso files that are not valid", wrong, 0, "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
