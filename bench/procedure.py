"""Speed of the procedure engine, and its agreement with recorded votes.

    python -m bench.procedure            speed
    python -m bench.procedure FOLDER     speed, and every recorded vote in the folder decided again

Targets: 193 members and three tests with weights in 2 ms; 10,000 such outcomes in one process in 30 s; linear in
events; `chancery decide` as a process in 0.25 s. All times are seconds of the processor, so that other work on the
machine does not count; byte code is written before it is measured.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import procedure_records
from chancery.procedure import decide, decide_document
from chancery.procedure.documents import read_inputs

MEMBERS = 193


def main(arguments: list[str]) -> int:
    """Print each figure beside its target. Exit 1 where a target or a record is missed."""
    document = roll_call(MEMBERS)
    inputs = read_inputs(document)
    within = [
        told("decide(), 193 members, three weighted tests", best(lambda: decide(*inputs), 200) * 1000, 2, "ms"),
        told(
            "decide_document(), the same with reading and digests",
            best(lambda: decide_document(document), 50) * 1000,
            15,
            "ms",
        ),
        told("10,000 outcomes in one process", ten_thousand(inputs), 30, "s"),
        told("five times the events, times as long", growth(), 7, "x"),
        told("chancery decide, a process", process(document), 0.25, "s"),
    ]
    records = procedure_records.main(Path(arguments[0])) if arguments else 0
    return 0 if all(within) and not records else 1


def told(what: str, got: float, target: float, unit: str) -> bool:
    """Print one figure; whether it is within its target."""
    print(f"{what}: {got:.3g} {unit} (target {target} {unit}){'' if got <= target else '  MISSED'}")
    return got <= target


def best(work: Callable[[], Any], times: int, clock: Callable[[], float] = time.process_time) -> float:
    """The best time of one run, in seconds."""
    found = []
    for _ in range(times):
        start = clock()
        work()
        found.append(clock() - start)
    return min(found)


def ten_thousand(inputs: Any) -> float:
    """Seconds for ten thousand outcomes."""
    return best(lambda: [decide(*inputs) for _ in range(10_000)], 1)


def growth() -> float:
    """How much longer five times the events take."""
    few, many = read_inputs(roll_call(MEMBERS, changes=4)), read_inputs(roll_call(MEMBERS, changes=24))
    return best(lambda: decide(*many), 30) / best(lambda: decide(*few), 30)


def process(document: dict[str, Any]) -> float:
    """Seconds of one `chancery decide`, from start to end of the process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "question.json"
        path.write_text(json.dumps(document))
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        words = [str(Path(sys.executable).with_name("chancery")), "decide", str(path)]
        return best(lambda: subprocess.run(words, check=True, capture_output=True, env=environment), 7, children)


def children() -> float:
    """Seconds that finished child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def roll_call(members: int, changes: int = 0) -> dict[str, Any]:
    """A roll-call on three tests with two weight sets; each member changes its ballot so many times."""
    codes = [f"M{number:03d}" for number in range(members)]
    values = ["for" if number % 4 else "against" for number in range(members)]
    cast = [("ballot.cast", code, value) for code, value in zip(codes, values, strict=True)]
    cast += [("ballot.changed", code, value) for _ in range(changes) for code, value in zip(codes, values, strict=True)]
    events = [event(1, "vote.announced", data={"about": "whole", "mode": "roll_call"})]
    events += [event(seq, kind, code, {"value": value}) for seq, (kind, code, value) in enumerate(cast, 2)]
    events.append(event(len(events) + 1, "result.announced", data={"about": "whole"}))
    tests = [
        {"threshold": "55/100", "base": "participating"},
        {"measure": "weight:population", "threshold": "65/100", "base": "participating"},
        {"measure": "weight:contribution", "threshold": "1/2", "strict": True},
    ]
    weights = {
        "population": {code: f"{number * 37 % 97 + 1}/9457" for number, code in enumerate(codes)},
        "contribution": {code: f"{number * 11 % 89 + 1}/8641" for number, code in enumerate(codes)},
    }
    quorum = {"decide": {"f": "1/2", "strict": True}, "check_at": ["vote_start", "vote_end"]}
    return {
        "ruleset": {"majority": {"triple": {"tests": tests}}, "quorum": quorum},
        "question": {
            "id": "q",
            "method": "vote",
            "test": "triple",
            "subject": {"ref": "version/1", "sha256": "0" * 64},
        },
        "electorate": {"zone": "UTC", "members": codes, "weights": weights},
        "events": events,
    }


def event(seq: int, kind: str, member: str | None = None, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """One event, all at the same instant."""
    concerned = {"for": member} if member else {}
    return {"seq": seq, "at": "2026-06-10T10:00:00Z", "kind": kind, "by": "chair.desk", "data": data or {}, **concerned}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
