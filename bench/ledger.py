"""Speed of the register as ratios to floors measured in the same run: openssl's hashing, a bare loop of durable writes.

Run `python -m bench ledger`; each line is figure, floor, ratio, target. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chancery import canon
from chancery.ledger import acts, bundle, note, tiles, unbundle
from chancery.ledger.acts import ActText, CredentialsText, Digest
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import LogFolder, sync_folder, write_private
from chancery.ledger.growth import Growth
from chancery.ledger.note import Kind, Signer
from chancery.ledger.proof import Proof
from chancery.ledger.reader import LogReader
from chancery.ledger.rebuild import rebuild
from chancery.ledger.verify import Demand
from chancery.register.sequencer import Sequencer

ORIGIN = "register.council.example/log"
MILLION = 1_000_000
ROUNDS = 5
AT = datetime(2026, 10, 22, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Figure:
    """One line of the report: what, how much against which floor, and whether it is within its target."""

    what: str
    measured: str
    floor: str
    ratio: float
    target: float

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.target else "MISSED"
        return f"{self.what:<52} {self.measured:>12} {self.floor:>18} {self.ratio:>7.2f} {self.target:>7.2f}  {verdict}"


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def hashes_a_second(size: int) -> float:
    """SHA-256 of `size` bytes by openssl in one process."""
    command = ["openssl", "speed", "-seconds", "1", "-bytes", str(size), "-evp", "sha256"]
    text = subprocess.run(command, check=True, capture_output=True, text=True)
    counts = re.findall(r"(\d+) SHA-?256 ops in ([\d.]+)s", text.stdout + text.stderr, re.IGNORECASE)
    count, took = counts[-1] if counts else _older_form(text.stdout + text.stderr)
    return int(count) / float(took)


def _older_form(text: str) -> tuple[str, str]:
    found = re.search(r"(\d+) sha256'?s? in ([\d.]+)s", text, re.IGNORECASE)
    if not found:
        raise SystemExit("openssl speed says nothing that can be read")
    return found[1], found[2]


def verifications_a_second() -> float:
    """Ed25519 verifications by openssl in one process."""
    command = ["openssl", "speed", "-seconds", "1", "ed25519"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(text.splitlines()[-1].split()[-1])


def durable_writes(folder: Path, sizes: list[int]) -> float:
    """Seconds for a bare loop of durable writes: temporary file, fsync, rename, fsync of the folder."""
    folder.mkdir(exist_ok=True)

    def write() -> None:
        for number, size in enumerate(sizes):
            write_private(folder / ".new", os.urandom(size))
            (folder / ".new").rename(folder / str(number))
            sync_folder(folder)

    return seconds(write)


def make_million(folder: Path) -> Checkpoint:
    """A log of a million entries of 256 bytes, written without flushes: only its reading is measured."""
    growth = Growth(0, [], {})
    for number in range(MILLION):
        growth.append(number.to_bytes(8, "big") * 32)
        if growth.size % tiles.WIDTH == 0:
            _write_plainly(folder, growth)
    for tile, data in growth.finished():
        _write_one(folder / tile.path, data)
    return Checkpoint(ORIGIN, growth.size, growth.root())


def _write_plainly(folder: Path, growth: Growth) -> None:
    for tile, data in growth.full_files():
        _write_one(folder / tile.path, data)


def _write_one(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def rebuild_million(folder: Path) -> list[Figure]:
    """Rebuild a million entries from their bundles, against a million leaf and a million node hashes by openssl."""
    head = make_million(folder)
    fetch, best, floor = LogFolder(folder).fetch, float("inf"), float("inf")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(ROUNDS):
        floor = min(floor, MILLION / hashes_a_second(257) + MILLION / hashes_a_second(65))
        best = min(best, seconds(lambda: _check_rebuilt(list(rebuild(fetch, head, all_levels=False)))))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return [
        Figure("rebuild 1,000,000 entries of 256 bytes", f"{best:.2f} s", f"{floor:.2f} s openssl", best / floor, 4.0),
        Figure("  memory beyond the start", f"{grown} KB", "16384 KB", grown / 16_384, 1.0),
        proof_from_files(folder, head),
    ]


def _check_rebuilt(findings: list[object]) -> None:
    if findings:
        raise SystemExit(f"the log for the bench is broken: {findings[0]}")


def proof_from_files(folder: Path, head: Checkpoint) -> Figure:
    """Inclusion proofs from tile files without any cache: a new reader each time."""
    fetch = LogFolder(folder).fetch
    took = sorted(seconds(lambda at=at: LogReader(fetch, head).inclusion_proof(at)) for at in range(7, MILLION, 4999))
    p95 = took[int(len(took) * 0.95)] * 1000
    return Figure("inclusion proof from files, 10^6 leaves, p95", f"{p95:.2f} ms", "2 ms", p95 / 2, 1.0)


def append_one(folder: Path) -> list[Figure]:
    """One durable append and publication, against four durable writes of the same sizes in a bare loop."""
    sequencer = Sequencer.found(folder / "council", ORIGIN)
    sequencer.append([os.urandom(500) for _ in range(100)])
    appends, floors, batches = [], [], []
    for _ in range(ROUNDS * 10):
        floors.append(durable_writes(folder / "bare", [60_000, 4_000, 4_000, 300]))
        appends.append(seconds(lambda: sequencer.append([os.urandom(500)])))
    for _ in range(ROUNDS * 4):
        leaves = [os.urandom(500) for _ in range(1000)]
        batches.append(seconds(lambda leaves=leaves: sequencer.append(leaves)))
    one, floor, batch = min(appends), min(floors), min(batches)
    sequencer.close()
    return [
        Figure("one durable append and publish", _ms(one), f"{_ms(floor)} 4 writes", one / floor, 1.5),
        Figure("  flushes of files and head lock", str(flushes(folder)), "8 (4 writes)", flushes(folder) / 8, 1.0),
        Figure("batch of 1,000 acts", _ms(batch), f"{_ms(2 * one + 0.01)} 2x+10 ms", batch / (2 * one + 0.01), 1.0),
    ]


def flushes(folder: Path) -> int:
    """fsync and fdatasync calls of one append, counted by strace, after the process has made its first."""
    program = (
        "import sys; from pathlib import Path; from chancery.register.sequencer import Sequencer; "
        "s = Sequencer(Path(sys.argv[1])); s.append([b'w']); print('NOW', file=sys.stderr, flush=True); "
        "s.append([b'x']); "
        "print('DONE', file=sys.stderr, flush=True)"
    )
    if shutil.which("strace") is None:
        raise SystemExit("this bench counts flushes with strace: apt install strace")
    trace = [
        "strace",
        "-f",
        "-e",
        "trace=fsync,fdatasync,write",
        sys.executable,
        "-c",
        program,
        str(folder / "council"),
    ]
    text = subprocess.run(trace, capture_output=True, text=True, check=True).stderr
    return len(re.findall(r"f(?:data)?sync\(", text[text.index("NOW") : text.index("DONE")]))


def verify_bundle(folder: Path) -> list[Figure]:
    """A bundle of 30 signed acts and 30 cosignatures, inside and with the start of the process."""
    plain, enrolled = folder / "plain.zip", folder / "enrolled.zip"
    plain.write_bytes(make_bundle(is_enrolled=False))
    enrolled.write_bytes(make_bundle(is_enrolled=True))
    best, more, floor, started = float("inf"), float("inf"), float("inf"), float("inf")
    command = [sys.executable, "-m", "chancery.ledger.standalone", str(enrolled)]
    for _ in range(ROUNDS):
        floor = min(floor, 60 / verifications_a_second())
        best = min(best, *(seconds(lambda: _check_sound(plain)) for _ in range(10)))
        more = min(more, *(seconds(lambda: _check_sound(enrolled)) for _ in range(10)))
        started = min(started, seconds(lambda: subprocess.run(command, check=True, capture_output=True)))
    return [
        Figure("verify a bundle: 30 acts, 30 cosignatures", _ms(best), "20 ms", best / 0.020, 1.0),
        Figure("  against 60 bare verifications", _ms(best), f"{_ms(floor)} openssl", best / floor, 3.0),
        Figure(
            "  and 30 enrolments, against 120 bare ones", _ms(more), f"{_ms(2 * floor)} openssl", more / floor / 2, 3.0
        ),
        Figure("  with the start of the process", _ms(started), "1000 ms", started, 1.0),
    ]


def _check_sound(path: Path) -> None:
    verdict = unbundle.verify_bundle(path, Demand())
    if not verdict.is_sound:
        raise SystemExit("\n".join(verdict.lines()))


def make_bundle(is_enrolled: bool) -> bytes:
    """Thirty members who sign, thirty witnesses who cosign; with or without the entries that enrol the keys."""
    log, receipt = Signer.new(ORIGIN), Signer.new(f"{ORIGIN}/receipt", Kind.RECEIPT)
    members = [(f"M{number:02d}", Signer.new(f"m{number:02d}.head")) for number in range(30)]
    witnesses = [Signer.new(f"witness-{number}", Kind.COSIGNATURE) for number in range(30)]
    pdf, text = os.urandom(50_000), b"# Decision\n"
    leaves = [_credentials(name, key, receipt) for name, key in members if is_enrolled]
    leaves += [_act(name, key, receipt, (canon.sha256(pdf), canon.sha256(text))) for name, key in members]
    growth = Growth(0, [], {})
    for leaf in leaves:
        growth.append(leaf)
    root, files = growth.root(), {tile.path: data for tile, data in growth.finished()}
    head = Checkpoint(ORIGIN, len(leaves), root)
    lines = [log.sign_line(head.text()), *(each.sign_line(head.text(), int(AT.timestamp())) for each in witnesses)]
    signed = head.text() + b"\n" + "".join(lines).encode()
    reader = LogReader(files.__getitem__, head)
    policy = [f"log {log.vkey}", *(f"witness {each.name} {each.vkey}" for each in witnesses)]
    policy += [f"group all-of-them 30 {' '.join(each.name for each in witnesses)}", "quorum all-of-them"]
    contents = bundle.Contents(
        log_vkey=log.vkey,
        receipt_vkey=receipt.vkey,
        policy="".join(line + "\n" for line in policy).encode(),
        checkpoint=signed,
        entries=[
            bundle.Proven(leaf, Proof(index, tuple(reader.inclusion_proof(index)), signed))
            for index, leaf in enumerate(leaves)
        ],
        documents={"base.pdf": pdf, "text.en.md": text},
        keys=[key.vkey for _, key in members],
        rule="all signatories",
        required=[bundle.Requirement(name, "sign") for name, _ in members],
    )
    return bundle.pack("decision", "Decision", contents)


def _credentials(name: str, key: Signer, receipt: Signer) -> bytes:
    letter = acts.nonce_digest(os.urandom(32), b"letter")
    text = CredentialsText(ORIGIN, name, "head of delegation", (note.fingerprint(key.vkey),), letter).text()
    return acts.leaf(text, [], receipt, AT)


def _act(name: str, key: Signer, receipt: Signer, digests: tuple[str, str]) -> bytes:
    documents, texts = ((Digest(each),) for each in digests)
    fingerprint, office = note.fingerprint(key.vkey), "head of delegation"
    act = ActText(ORIGIN, "51", "C51/DEC/4", documents, texts, ("en",), "sign", office, name, fingerprint)
    return acts.leaf(act.text(), [key.sign_line(act.text().encode())], receipt, AT)


def _ms(took: float) -> str:
    return f"{took * 1000:.2f} ms"


def figures(folder: Path) -> list[Figure]:
    """All figures, measured in `folder`, whose file system the durable writes are about."""
    return [*append_one(folder), *verify_bundle(folder), *rebuild_million(folder / "million")]


def main(arguments: list[str]) -> int:
    """Measure in the given folder (or a temporary one) and print; 1 when a target is missed."""
    print(f"{'what':<52} {'measured':>12} {'floor':>18} {'ratio':>7} {'target':>7}")
    with tempfile.TemporaryDirectory(dir=arguments[0] if arguments else None) as folder:
        measured = figures(Path(folder))
    for each in measured:
        print(each)
    return int(any(each.ratio > each.target for each in measured))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
