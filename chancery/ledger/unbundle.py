"""Verify a decision's bundle offline: every entry under its head, every document, and what was opened."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from chancery.ledger import Malformed, Refused, Untrusted, acts, bag, chain, evidence, memory, note, policy, proof, tree
from chancery.ledger.acts import Leaf, SealedText
from chancery.ledger.bag import Bag
from chancery.ledger.bundle import read_nonce
from chancery.ledger.chain import Chain
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import CHECKPOINT, KEYS, POLICY
from chancery.ledger.note import Key, Verifier
from chancery.ledger.policy import Policy
from chancery.ledger.signatories import Entered, judge
from chancery.ledger.verdict import GIVEN, Verdict, counted, instant
from chancery.ledger.verify import Demand

_ENTRY = re.compile(r"acts/(0|[1-9]\d{0,18})\.note", re.ASCII)
_OF_ENTRY = re.compile(r"(?:acts|opened|records)/(\d{1,19})\.[a-z-]+", re.ASCII)


def verify_bundle(path: Path, demand: Demand) -> Verdict:
    """Verify the bundle at `path`. Raises OSError when there is no such file."""
    found = Verdict()
    try:
        bundle = bag.open(path)
    except Refused as error:
        found.refuse([error])
        return found
    try:
        _Examination(bundle, demand, found).run()
    except Refused as error:
        found.refuse([error])
    finally:
        bundle.close()
    return found


@dataclass
class _Examination:
    bundle: Bag
    demand: Demand
    verdict: Verdict

    def run(self) -> None:
        """Every check in order. Raises Refused where nothing more can be checked."""
        self._check_files()
        links = self._chain()
        rules = self._rules(links)
        head = self._judge_head(rules)
        for number in range(1, 1 + (len(links.policies) if links else 0)):
            name = f"policy-chain/{number}"
            self._check_entered(name, self.bundle.read(f"{name}.note"), head)
        receipts = [*self._log_keys[1:], *(links.receipts() if links else [])]
        entries = [self._entry(index, head, receipts) for index in self._indices()]
        stand = counted(len(entries), "entry stands", "entries stand")
        self.verdict.proven.append(f"{stand} in the register, with the secretariat's receipt")
        self._judge_memory(head)
        members = self._members(links)
        _check_roles(members, [*self._log_keys, *(party.key for party in rules.witnesses.values())])
        judge(self.bundle, entries, members, self.verdict)

    def _check_files(self) -> None:
        for name in self.bundle:
            self.bundle.read(name)
        self.verdict.proven.append(f"the bundle is whole: {len(self.bundle.digests)} files")

    def _rules(self, links: Chain | None) -> Policy:
        """The policy that judges the head: the verifier's own, or the last of the chain, or the bundle's."""
        if self.demand.policy is not None:
            self.verdict.key = GIVEN
            return policy.parse(self.demand.policy)
        return links.last.policy if links else policy.parse(self.bundle.read(POLICY))

    @functools.cached_property
    def _log_keys(self) -> list[Verifier]:
        lines = self.bundle.read(KEYS).decode(errors="replace").split("\n")
        if len(lines) != 3 or lines[2]:
            raise Malformed(f"{KEYS}: it has two lines, the log's key and the receipt's")
        try:
            return [Verifier.parse(line) for line in lines[:2]]
        except Refused as error:
            raise type(error)(f"{KEYS}: {error}") from error

    def _chain(self) -> Chain | None:
        """The policies that lead to the one in force; the verifier's fingerprint must be that of their first."""
        count = sum(name.startswith("policy-chain/") and name.endswith(".note") for name in self.bundle)
        leaves = [self.bundle.read(f"policy-chain/{number}.note") for number in range(1, count + 1)]
        links = chain.walk(leaves) if leaves else None
        chain.check_fingerprint(self.demand.fingerprint, links, self._log_keys[0])
        if self.demand.fingerprint is not None:
            self.verdict.key = GIVEN
        if links is not None:
            self.verdict.proven.append(links.sentence())
        return links

    def _members(self, links: Chain | None) -> dict[str, Key]:
        """The members' keys by fingerprint: those in the bundle, and those that the policy names."""
        names = [name for name in self.bundle if name.startswith("keys/")]
        vkeys = [self.bundle.read(name).decode(errors="replace").rstrip("\n") for name in names]
        vkeys += [vkey for _, vkey in links.last.members] if links else []
        return {note.fingerprint(vkey): evidence.parse_key(vkey) for vkey in vkeys}

    def _indices(self) -> list[int]:
        """The entries' indices; what belongs to no entry is refused."""
        indices = {int(match[1]) for name in self.bundle if (match := _ENTRY.fullmatch(name))}
        for name in self.bundle:
            match = _OF_ENTRY.fullmatch(name)
            if match and int(match[1]) not in indices:
                raise Malformed(f"{name} belongs to no entry of the bundle")
        return sorted(indices)

    def _entry(self, index: int, head: Checkpoint, receipts: list[Verifier]) -> Entered:
        data = self.bundle.read(f"acts/{index}.note")
        if self._check_entered(f"acts/{index}", data, head) != index:
            raise Untrusted(f"acts/{index}.tlog-proof is of another entry")
        leaf = _opened(f"acts/{index}.note", data, receipts)
        if not isinstance(leaf.text, SealedText):
            return Entered(index, leaf)
        return Entered(index, self._unsealed(index, leaf, leaf.text, receipts))

    def _unsealed(self, index: int, leaf: Leaf, sealed: SealedText, receipts: list[Verifier]) -> Leaf:
        """The leaf that a sealed entry hides, if the bundle shows it."""
        name = f"opened/{index}.note"
        if name not in self.bundle:
            return leaf
        data = self.bundle.read(name)
        if acts.nonce_digest(read_nonce(self.bundle, f"opened/{index}.nonce"), data) != sealed.leaf_nonce:
            raise Untrusted(f"{name} and its nonce are not what entry {index} seals")
        return _opened(name, data, receipts)

    def _check_entered(self, name: str, data: bytes, head: Checkpoint) -> int:
        """The index at which `data` stands, by its proof under the one head of the bundle."""
        try:
            shown = proof.parse(self.bundle.read(f"{name}.tlog-proof"))
            if shown.note != self.bundle.read(CHECKPOINT):
                raise Untrusted("its proof is not under the head in the file checkpoint")
            tree.verify_inclusion(shown.index, head.size, tree.leaf_hash(data), shown.hashes, head.root)
        except Refused as error:
            raise type(error)(f"{name}.tlog-proof: {error}") from error
        return shown.index

    def _judge_head(self, rules: Policy) -> Checkpoint:
        try:
            accepted = rules.accept(self.bundle.read(CHECKPOINT))
        except Refused as error:
            raise type(error)(f"{CHECKPOINT}: {error}") from error
        self.verdict.head = accepted.head
        if accepted.log.key.vkey != self._log_keys[0].vkey:
            raise Untrusted(f"{KEYS}: its first line is not the key that signed the head")
        if accepted.quorum_time is None:
            self.verdict.unproven.append("not witnessed: no independent witness was asked to cosign this head")
        else:
            names = ", ".join(sorted(accepted.cosigned))
            self.verdict.proven.append(f"witnessed by {names}; the quorum held at {instant(accepted.quorum_time)}")
            self.verdict.proven.append(policy.tolerance(rules))
        return accepted.head

    def _judge_memory(self, head: Checkpoint) -> None:
        if self.demand.state is None or not (last := memory.remembered(self.demand.state, head.origin)):
            return
        if last.size == head.size and last.root != head.root:
            raise Untrusted(f"another head of {head.size} entries is remembered: a split view")
        if last.size != head.size:
            self.verdict.unproven.append(
                f"that this head and the remembered one of {last.size} entries are one history"
            )


def _check_roles(members: Mapping[str, Key], others: Iterable[Verifier]) -> None:
    """No member signs with a key of the register or of a witness. Raises Untrusted."""
    taken = {key.public for key in others}
    for key in members.values():
        if isinstance(key, Verifier) and key.public in taken:
            raise Untrusted(f"the key of {key.name} is also the key of the register or of a witness")


def _opened(name: str, data: bytes, receipts: list[Verifier]) -> Leaf:
    try:
        return acts.open_leaf(data, receipts)
    except Refused as error:
        raise type(error)(f"{name}: {error}") from error
