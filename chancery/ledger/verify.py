"""Verify a whole log, from its folder or over any `fetch`, without trusting who holds it.

Nothing is taken from hashes alone: the root is rebuilt from the entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chancery.ledger import (
    Malformed,
    Missing,
    Refused,
    Untrusted,
    acts,
    chain,
    checkpoint,
    memory,
    note,
    policy,
    verdict,
)
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.folder import BESIDE_TILES, CHECKPOINT, KEYS, PENDING, POLICY, LogFolder
from chancery.ledger.note import Verifier
from chancery.ledger.policy import Policy, PolicyText
from chancery.ledger.reader import Fetch, LogReader
from chancery.ledger.rebuild import rebuild, strays
from chancery.ledger.verdict import GIVEN, Verdict

AHEAD = 300  # seconds by which the clocks of witness and verifier may differ


@dataclass(frozen=True)
class Demand:
    """What the verifier brings along: its own policy, a fingerprint on paper, older signed heads, a memory of heads.

    `fingerprint` is the SHA-256, in hex, of the text of policy 1 or of the log's verifier key; `now`, in POSIX
    seconds, lets cosignatures from the future be named.
    """

    policy: bytes | None = None
    fingerprint: str | None = None
    old: Sequence[bytes] = ()
    state: Path | None = None
    now: int | None = None


@dataclass(frozen=True)
class _Signed:
    """A file that holds a signed head."""

    name: str
    data: bytes
    head: Checkpoint


@dataclass
class Leaves:
    """Looks at every entry as a leaf: which carry no receipt of ours, which repeat a text, which are policies."""

    receipts: list[Verifier]
    count: int = 0
    strange: list[int] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    policies: dict[int, bytes] = field(default_factory=dict)
    _texts: set[bytes] = field(default_factory=set)

    def see(self, index: int, entry: bytes) -> None:
        """Take note of one entry."""
        self.count += 1
        try:
            leaf = acts.open_leaf(entry, self.receipts)
        except Refused:
            self.strange.append(index)
            return
        if isinstance(leaf.text, PolicyText):
            self.policies[index] = entry
            self.receipts.insert(0, Verifier.parse(leaf.text.receipt))
        if leaf.raw in self._texts:
            self.doubled.append(index)
        self._texts.add(leaf.raw)


def verify_folder(path: Path, demand: Demand) -> Verdict:
    """Verify `DIR/register` of a council or `log/` of a published site, every file byte for byte."""
    folder = LogFolder(path)
    found, newest = _verify(folder.fetch, demand, is_strict=True)
    if newest is not None:
        foreign = list(strays(folder, newest.size))
        found.refuse(foreign)
        if not foreign:
            found.proven.append("there is no file that does not belong to the log")
    return _remembered(found, demand)


def verify_log(fetch: Fetch, demand: Demand, is_strict: bool = False) -> Verdict:
    """Verify a log that `fetch` reads, for example over HTTP; strict compares the tiles of every level too."""
    return _remembered(_verify(fetch, demand, is_strict)[0], demand)


def _remembered(found: Verdict, demand: Demand) -> Verdict:
    if demand.state is not None and found.is_sound and found.head is not None:
        memory.remember(demand.state, found.head)
    return found


def _verify(fetch: Fetch, demand: Demand, is_strict: bool) -> tuple[Verdict, Checkpoint | None]:
    found = Verdict()
    try:
        return found, _Examination(fetch, demand, is_strict, found).run()
    except Refused as error:
        found.refuse([error])
        return found, None


@dataclass
class _Examination:
    fetch: Fetch
    demand: Demand
    is_strict: bool
    verdict: Verdict

    def run(self) -> Checkpoint:
        """Every check in order; the newest signed head. Raises Refused where nothing more can be checked."""
        rules, keys = self._policy(), self._keys()
        heads = self._heads(rules)
        newest = self.verdict.head = max(heads, key=lambda found: found.head.size).head
        leaves = Leaves(keys[1:])
        findings = list(rebuild(self.fetch, newest, leaves.see, all_levels=self.is_strict))
        self.verdict.refuse(findings)
        if not findings:
            self.verdict.proven.append(f"the {newest.size} entries lead to the signed root")
            self._check_history(LogReader(self.fetch, newest), heads)
        self._judge_leaves(leaves)
        self._follow_chain(leaves.policies, keys[0])
        self._judge_witnesses(rules, leaves.policies, heads)
        return newest

    def _policy(self) -> Policy:
        if self.demand.policy is not None:
            self.verdict.key = GIVEN
            return policy.parse(self.demand.policy)
        data = self.fetch(POLICY)
        rules = policy.parse(data)
        if rules.text() != data:
            self.verdict.refuse([f"{POLICY}: it is not in its one spelling"])
        return rules

    def _keys(self) -> list[Verifier]:
        lines = self.fetch(KEYS).decode(errors="replace").split("\n")
        if len(lines) != 3 or lines[2]:
            raise Malformed(f"{KEYS}: it has two lines, the log's key and the receipt's")
        try:
            return [Verifier.parse(line) for line in lines[:2]]
        except Refused as error:
            raise type(error)(f"{KEYS}: {error}") from error

    def _heads(self, rules: Policy) -> list[_Signed]:
        found = []
        for name in (CHECKPOINT, PENDING):
            try:
                data = self.fetch(name)
            except Missing:
                continue
            try:
                head, log, _ = rules.examine(data)
            except Refused as error:
                raise type(error)(f"{name}: {error}") from error
            if log.key.vkey != self._keys()[0].vkey:
                raise Untrusted(f"{KEYS}: its first line is not the key that signed {name}")
            self._judge_strangers(name, data, rules)
            found.append(_Signed(name, data, head))
        if not found:
            raise Missing(f"{CHECKPOINT} is missing")
        return found

    def _judge_strangers(self, name: str, data: bytes, rules: Policy) -> None:
        """Lines by keys that the policy does not name prove nothing, and are said to be there."""
        known = {(party.key.name, party.key.key_id) for party in (*rules.logs, *rules.witnesses.values())}
        strangers = [line.name for line in note.parse(data).lines if (line.name, line.key_id) not in known]
        if strangers:
            self.verdict.unproven.append(f"{name}: the line by {strangers[0]} is by no key of the policy")

    def _check_history(self, reader: LogReader, heads: Sequence[_Signed]) -> None:
        newest = reader.head
        older = [(found.name, found.head) for found in heads]
        older += [(f"older head {number}", self._old_head(data)) for number, data in enumerate(self.demand.old, 1)]
        if self.demand.state and (last := memory.remembered(self.demand.state, newest.origin)):
            older.append(("the remembered head", last))
        for name, head in older:
            if head.size > newest.size:
                self.verdict.refuse(
                    [f"{name} has {head.size} entries, this log only {newest.size}: it was rolled back"]
                )
            elif reader.root_at(head.size) != head.root:
                self.verdict.refuse([f"{name} of {head.size} entries is no beginning of this log: a split view"])
            elif head != newest or name not in BESIDE_TILES:
                self.verdict.proven.append(f"{name} of {head.size} entries is a beginning of this log")

    def _old_head(self, data: bytes) -> Checkpoint:
        """A head kept from earlier: a signed note whose log signature is checked against the same key."""
        return checkpoint.opened(data, self._keys()[0])

    def _judge_leaves(self, leaves: Leaves) -> None:
        if leaves.doubled:
            self.verdict.refuse([f"entry {leaves.doubled[0]} has a text that was entered before"])
        if leaves.strange:
            count, first = len(leaves.strange), leaves.strange[0]
            self.verdict.unproven.append(f"{count} entries carry no receipt by a known key, the first is entry {first}")
        elif leaves.count:
            self.verdict.proven.append(f"each of the {leaves.count} entries carries the secretariat's receipt")

    def _follow_chain(self, policies: Mapping[int, bytes], log: Verifier) -> None:
        """Walk the policy leaves of the log, from the fingerprint that the verifier holds."""
        links = chain.walk(policies.values()) if policies else None
        chain.check_fingerprint(self.demand.fingerprint, links, log)
        if self.demand.fingerprint is not None:
            self.verdict.key = GIVEN
        if links is None:
            return
        self.verdict.proven.append(links.sentence())
        if self.demand.policy is None and self.fetch(POLICY) not in [each.policy.text() for each in links.policies]:
            self.verdict.refuse([f"{POLICY}: it is none of the policies that the members signed"])

    def _judge_witnesses(self, rules: Policy, policies: Mapping[int, bytes], heads: Sequence[_Signed]) -> None:
        published = next((found for found in heads if found.name == CHECKPOINT), None)
        newest = max(found.head.size for found in heads)
        if published is not None and self.demand.policy is None:
            rules = _in_force(policies, published.head.size) or rules
        if rules.quorum == policy.NONE:
            self.verdict.unproven.append("not witnessed: no independent witness was asked to cosign this head")
        elif published is None:
            self.verdict.unproven.append("not witnessed: no head has the quorum of the witnesses yet")
        else:
            self._judge_quorum(rules, published, newest)

    def _judge_quorum(self, rules: Policy, published: _Signed, newest: int) -> None:
        try:
            accepted = rules.accept(published.data)
        except Refused as error:
            self.verdict.refuse([f"{CHECKPOINT}: {error}"])
            return
        names = ", ".join(sorted(accepted.cosigned))
        when = verdict.instant(accepted.quorum_time or 0)
        size = published.head.size
        self.verdict.proven.append(f"the first {size} entries are witnessed by {names}; the quorum held at {when}")
        self.verdict.proven.append(policy.tolerance(rules))
        if newest > size:
            self.verdict.unproven.append(f"the entries from {size} on are signed, not yet witnessed")
        late = [name for name, time in accepted.cosigned.items() if self.demand.now and time > self.demand.now + AHEAD]
        self.verdict.unproven.extend(f"the time of the cosignature by {name} lies in the future" for name in late)


def _in_force(policies: Mapping[int, bytes], size: int) -> Policy | None:
    """The policy that judges a head of `size` entries: the last one entered below it."""
    entered = [leaf for index, leaf in policies.items() if index < size]
    return chain.walk(entered).last.policy if entered else None
