"""What `chancery register fsck` reads: entries, tiles, head lock, published heads, keys, policy, cosignatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from chancery.ledger import Refused, checkpoint, note
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import CHECKPOINT, KEYS, PENDING, POLICY, LogFolder
from chancery.ledger.note import Verifier
from chancery.ledger.policy import Policy
from chancery.ledger.rebuild import Finding, rebuild, strays
from chancery.ledger.verify import Leaves
from chancery.register.headlock import HeadLock

FETCH_AGAIN = "fetch it from a mirror: chancery register recover --from URL-OR-DIR"
DELETE = "delete it"
PUBLISH_AGAIN = "delete it; the next start publishes it again"
WRITE_AGAIN = "restore it from a backup or a mirror"
HEAD_LOST = "chancery register recover --head-size N --root B64 --reason TEXT"


def inspect(folder: LogFolder, lock: HeadLock, rules: Policy, keys: tuple[Verifier, Verifier]) -> list[Finding]:
    """Every difference. `keys` are the log's and the receipt's."""
    log, receipt = keys
    try:
        head = checkpoint.opened(lock.read().note, log)
    except Refused as error:
        return [Finding("head", str(error), HEAD_LOST)]
    leaves = Leaves([receipt])
    return [
        *_with_repair(rebuild(folder.fetch, head, leaves.see), FETCH_AGAIN),
        *_with_repair(strays(folder, head.size), DELETE),
        *(Finding(f"entry {index}", "it carries no receipt of ours") for index in leaves.strange),
        *(Finding(f"entry {index}", "its text was entered before") for index in leaves.doubled),
        *_keys_and_policy(folder, rules, log, receipt),
        *_published(folder, rules, head),
        *_cosignatures(lock, rules, head),
    ]


def _keys_and_policy(folder: LogFolder, rules: Policy, log: Verifier, receipt: Verifier) -> Iterator[Finding]:
    try:
        if folder.fetch(KEYS) != f"{log.vkey}\n{receipt.vkey}\n".encode():
            yield Finding(KEYS, "it does not hold the keys with which this register signs", WRITE_AGAIN)
    except Refused as error:
        yield Finding(KEYS, str(error), WRITE_AGAIN)
    if log.vkey not in {party.key.vkey for party in rules.logs}:
        yield Finding(POLICY, "it does not name the key with which this register signs", WRITE_AGAIN)
    if rules.text() != folder.fetch(POLICY):
        yield Finding(POLICY, "it is not in its one spelling", WRITE_AGAIN)


def _published(folder: LogFolder, rules: Policy, head: Checkpoint) -> Iterator[Finding]:
    for name in (CHECKPOINT, PENDING):
        if not folder.has(name):
            continue
        data = folder.fetch(name)
        try:
            published = rules.accept(data).head if name == CHECKPOINT else rules.examine(data)[0]
        except Refused as error:
            yield Finding(name, str(error), PUBLISH_AGAIN)
            continue
        if published.size > head.size:
            yield Finding(name, f"it has {published.size} entries, the head lock {head.size}", HEAD_LOST)
        elif published.size == head.size and published.root != head.root:
            yield Finding(name, "it and the head lock have different roots", HEAD_LOST)


def _cosignatures(lock: HeadLock, rules: Policy, head: Checkpoint) -> Iterator[Finding]:
    keys = [party.key for party in rules.witnesses.values()]
    for line in lock.cosignatures(head.size, head.root):
        try:
            note.check_lines(head.text(), note.parse_lines(line), keys)
        except Refused as error:
            yield Finding("head, cosignatures", str(error), DELETE)


def _with_repair(findings: Iterable[Finding], repair: str) -> Iterator[Finding]:
    return (dataclasses.replace(each, repair=repair) for each in findings)
