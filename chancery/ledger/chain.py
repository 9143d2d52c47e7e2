"""The chain of policies: from the fingerprint on paper to the policy in force, each step signed by the members.

Policy 1 is signed by all its members. Policy n + 1 needs the quorum of n and of n + 1, counted over the members that
signed it with their member keys; a policy without a quorum asks all its members.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from chancery import canon
from chancery.ledger import Malformed, Untrusted, acts, note
from chancery.ledger.note import Verifier
from chancery.ledger.policy import NONE, PolicyText


@dataclass(frozen=True)
class Chain:
    """The policies in order, each proven from the one before."""

    policies: tuple[PolicyText, ...]

    @property
    def fingerprint(self) -> str:
        """The SHA-256, in hex, of the text of policy 1: what a member holds on paper."""
        return canon.sha256(self.policies[0].text().encode())

    @property
    def last(self) -> PolicyText:
        """The policy in force."""
        return self.policies[-1]

    def sentence(self) -> str:
        """What the chain proves."""
        return f"{len(self.policies)} policies follow each other; fingerprint of the first {self.fingerprint}"

    def receipts(self) -> list[Verifier]:
        """The receipt keys of all policies, the newest first, each once."""
        return list(dict.fromkeys(Verifier.parse(each.receipt) for each in reversed(self.policies)))


def walk(leaves: Iterable[bytes]) -> Chain:
    """The chain that these policy leaves, in order, form. Raises Malformed or Untrusted at the first wrong step."""
    policies: list[PolicyText] = []
    for data in leaves:
        text = acts.parse(note.parse(data).text.decode())
        if not isinstance(text, PolicyText):
            raise Malformed("a leaf of the policy chain is no policy")
        _check_place(text, policies)
        _check_signers(text, policies, _signers(data, text, policies))
        policies.append(text)
    if not policies:
        raise Malformed("there is no policy to start from")
    return Chain(tuple(policies))


def check_fingerprint(wanted: str | None, links: Chain | None, log: Verifier) -> None:
    """Check the fingerprint that a verifier holds on paper: of policy 1, or of the log's key. Raises Untrusted."""
    if wanted is not None and wanted not in (note.fingerprint(log.vkey), links.fingerprint if links else None):
        raise Untrusted(f"the fingerprint {wanted} is neither that of policy 1 nor that of the log's key")


def _check_place(text: PolicyText, before: list[PolicyText]) -> None:
    expected = canon.sha256(before[-1].text().encode()) if before else "-"
    if text.number != str(len(before) + 1) or text.prev_sha256 != expected:
        raise Untrusted(f"policy {text.number} does not follow policy {len(before)}")
    if before and text.council != before[-1].council:
        raise Untrusted(f"policy {text.number} is of another council")


def _signers(data: bytes, text: PolicyText, before: list[PolicyText]) -> set[str]:
    """The vkeys of the members, old and new, that signed; the receipt may be by the old or the new receipt key."""
    members = {vkey for each in (*before[-1:], text) for _, vkey in each.members}
    receipts = [Verifier.parse(each.receipt) for each in (*before[-1:], text)]
    opened = acts.open_leaf(data, receipts, [Verifier.parse(vkey) for vkey in members])
    signed = {(each.key.name, each.key.key_id) for each in opened.signatures}
    return {vkey for vkey in members if (key := Verifier.parse(vkey)) and (key.name, key.key_id) in signed}


def _check_signers(text: PolicyText, before: list[PolicyText], signed: Collection[str]) -> None:
    for judge in (*before[-1:], text):
        names = {name for name, vkey in judge.members if vkey in signed}
        asks_all = not before or judge.policy.quorum == NONE
        wanted = {name for name, _ in judge.members} - names
        if (asks_all and wanted) or not judge.policy.is_satisfied(names):
            missing = ", ".join(sorted(wanted))
            raise Untrusted(f"policy {text.number} lacks signatures that policy {judge.number} asks for: {missing}")
