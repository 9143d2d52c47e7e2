"""An invented council for the tests: keys from fixed seeds, texts, leaves, a whole log as a dict of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from chancery import canon
from chancery.ledger import Missing, acts, note
from chancery.ledger.acts import ActText, CredentialsText, Digest, RecordText
from chancery.ledger.bundle import Contents, Proven
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import LogFolder
from chancery.ledger.growth import Growth
from chancery.ledger.note import Kind, Signer
from chancery.ledger.policy import PolicyText
from chancery.ledger.proof import Proof
from chancery.ledger.reader import Fetch, LogReader

ORIGIN = "register.council.example/log"
AT = datetime(2026, 10, 22, 9, 30, tzinfo=UTC)
TIME = int(AT.timestamp())
PDF, TEXT = b"%PDF-1.7 the decision", b"# Decision 4\n"


def make_signer(name: str, kind: Kind = Kind.PLAIN) -> Signer:
    """A key that is the same in every run."""
    return Signer.from_seed(name, kind, hashlib.sha256(f"{name} {kind.name}".encode()).digest())


LOG = make_signer(ORIGIN)
RECEIPT = make_signer(f"{ORIGIN}/receipt", Kind.RECEIPT)
ALD, BRN, CYR = (make_signer(f"{code}.head") for code in ("ald", "brn", "cyr"))


def make_witnesses(count: int) -> list[Signer]:
    return [make_signer(f"witness-{number}", Kind.COSIGNATURE) for number in range(1, count + 1)]


def make_policy(witnesses: Sequence[Signer], k: int) -> bytes:
    """A policy file: k of the witnesses."""
    lines = [f"log {LOG.vkey}", *(f"witness {each.name} {each.vkey}" for each in witnesses)]
    quorum = ["quorum none"]
    if witnesses:
        quorum = [f"group all-witnesses {k} {' '.join(each.name for each in witnesses)}", "quorum all-witnesses"]
    return "".join(line + "\n" for line in (*lines, *quorum)).encode()


def make_act(signer: Signer = ALD, member: str = "ALD", act: str = "sign", prev: str = "-") -> ActText:
    return ActText(
        council=ORIGIN,
        session="51",
        object="C51/DEC/4",
        documents=(Digest(hashlib.sha256(PDF).hexdigest()),),
        texts=(Digest(hashlib.sha256(TEXT).hexdigest()),),
        lang=("en",),
        act=act,
        office="head of delegation",
        member=member,
        credentials=note.fingerprint(signer.vkey),
        prev=prev,
    )


def act_leaf(signer: Signer = ALD, member: str = "ALD", act: str = "sign", prev: str = "-") -> bytes:
    text = make_act(signer, member, act, prev).text()
    return acts.leaf(text, [signer.sign_line(text.encode())], RECEIPT, AT)


def credentials_leaf(signer: Signer = ALD, member: str = "ALD") -> bytes:
    letter = acts.nonce_digest(b"n" * 32, b"letter")
    text = CredentialsText(ORIGIN, member, "head of delegation", (note.fingerprint(signer.vkey),), letter).text()
    return acts.leaf(text, [signer.sign_line(text.encode())], RECEIPT, AT)


def record_leaf(number: int = 1, verb: str = "decision.issue") -> bytes:
    record = acts.nonce_digest(number.to_bytes(32, "big"), b"{}")
    return acts.leaf(RecordText(ORIGIN, verb, f"decision/51/DEC/{number}", record).text(), [], RECEIPT, AT)


def make_log(entries: Iterable[bytes]) -> tuple[Checkpoint, dict[str, bytes]]:
    """The head of a log of these entries, and its files by path."""
    growth = Growth(0, [], {})
    for entry in entries:
        growth.append(entry)
    files = {tile.path: data for tile, data in growth.finished()}
    return Checkpoint(ORIGIN, growth.size, growth.root()), files


def signed(head: Checkpoint, cosigners: Sequence[Signer] = (), time: int = TIME) -> bytes:
    """The head as a signed note with cosignatures."""
    text = head.text()
    lines = [LOG.sign_line(text), *(each.sign_line(text, time) for each in cosigners)]
    return text + b"\n" + "".join(lines).encode()


def fetch_from(files: dict[str, bytes]) -> Fetch:
    def fetch(path: str) -> bytes:
        if path not in files:
            raise Missing(f"{path} is missing")
        return files[path]

    return fetch


def make_folder(path: Path, entries: Sequence[bytes], witnesses: Sequence[Signer] = (), k: int = 0) -> Checkpoint:
    """A whole log as a folder, its newest head cosigned by all witnesses."""
    head, files = make_log(entries)
    note_bytes = signed(head, witnesses)
    files |= {
        "log.vkey": f"{LOG.vkey}\n{RECEIPT.vkey}\n".encode(),
        "policy": make_policy(witnesses, k),
        "checkpoint": note_bytes,
    }
    if witnesses:
        files["checkpoint.pending"] = note_bytes
    folder = LogFolder(path)
    path.mkdir()
    for name, data in files.items():
        folder.write(name, data)
    return head


def make_contents(entries: Sequence[bytes], witnesses: Sequence[Signer] = (), k: int = 0) -> Contents:
    """A bundle's contents: every entry with its proof, the documents that ALD, BRN and CYR sign."""
    head, files = make_log(entries)
    reader, note_bytes = LogReader(fetch_from(files), head), signed(head, witnesses)
    return Contents(
        log_vkey=LOG.vkey,
        receipt_vkey=RECEIPT.vkey,
        policy=make_policy(witnesses, k),
        checkpoint=note_bytes,
        entries=[
            Proven(entry, Proof(index, tuple(reader.inclusion_proof(index)), note_bytes))
            for index, entry in enumerate(entries)
        ],
        documents={"base.pdf": PDF, "text.en.md": TEXT},
        keys=[ALD.vkey, BRN.vkey, CYR.vkey],
    )


MEMBERS = {"ALD": ALD, "BRN": BRN, "CYR": CYR}
COSIGNERS = {name: make_signer(f"witness-{name}", Kind.COSIGNATURE) for name in MEMBERS}


def policy_file(names: list[str], k: int) -> str:
    witnesses = "".join(f"witness {name} {COSIGNERS[name].vkey}\n" for name in names)
    return f"log {LOG.vkey}\n{witnesses}group members {k} {' '.join(names)}\nquorum members\n"


def make_policy_leaf(number: int, prev: str, names: list[str], k: int, signers: list[str]) -> bytes:
    members = tuple((name, MEMBERS[name].vkey) for name in names)
    text = PolicyText(ORIGIN, str(number), prev, RECEIPT.vkey, members, (), policy_file(names, k)).text()
    return acts.leaf(text, [MEMBERS[name].sign_line(text.encode()) for name in signers], RECEIPT, AT)


def digest_of(leaf: bytes) -> str:
    return canon.sha256(note.parse(leaf).text)


FIRST = make_policy_leaf(1, "-", ["ALD", "BRN", "CYR"], 2, ["ALD", "BRN", "CYR"])
