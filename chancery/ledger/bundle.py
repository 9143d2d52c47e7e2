"""What a decision's bundle holds, under which names, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chancery import canon
from chancery.ledger import Malformed, bag
from chancery.ledger.folder import CHECKPOINT, KEYS, POLICY
from chancery.ledger.proof import Proof

README, IN_FORCE = "README.txt", "in-force.json"
_NONCE = re.compile(r"[0-9a-f]{64}\n", re.ASCII)


@dataclass(frozen=True)
class Proven:
    """An entry and the proof that it stands in the log."""

    leaf: bytes
    proof: Proof


@dataclass(frozen=True)
class Shown:
    """Bytes that an entry names only by a nonce digest, and the 32-byte nonce that opens it."""

    data: bytes
    nonce: bytes


@dataclass(frozen=True)
class Requirement:
    """An act that must be entered before the decision is in force, and the least level of its evidence."""

    member: str
    verb: str
    level: str = "B"


@dataclass
class Contents:
    """The files of a bundle, by what they are.

    `entries` are all leaves (acts, records, credentials, sealed leaves) with proofs under one head, `policies` the
    policy leaves in order; `opened` the leaves that sealed entries hide, `records` the records behind record entries,
    both by the entry's index. `documents` are `base.pdf` (or `base.<lang>.pdf`), `text.<lang>.md` and whatever else
    the acts name; `nonces` open those that the acts name by nonce digest. `keys` are the members' verifier keys.
    """

    log_vkey: str
    receipt_vkey: str
    policy: bytes
    checkpoint: bytes
    entries: list[Proven]
    policies: list[Proven] = field(default_factory=list)
    opened: Mapping[int, Shown] = field(default_factory=dict)
    records: Mapping[int, Shown] = field(default_factory=dict)
    documents: Mapping[str, bytes] = field(default_factory=dict)
    nonces: Mapping[str, bytes] = field(default_factory=dict)
    counterparts: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    rule: str = ""
    required: list[Requirement] = field(default_factory=list)

    def payload(self) -> dict[str, bytes]:
        """The files by name."""
        files = {
            KEYS: f"{self.log_vkey}\n{self.receipt_vkey}\n".encode(),
            POLICY: self.policy,
            CHECKPOINT: self.checkpoint,
            IN_FORCE: self._in_force(),
            **self.documents,
            **{f"{name}.nonce": _nonce(nonce) for name, nonce in self.nonces.items()},
            **{f"counterparts/{canon.sha256(data)}.pdf": data for data in self.counterparts},
            **{f"keys/{canon.sha256(vkey.encode())}.vkey": f"{vkey}\n".encode() for vkey in self.keys},
        }
        for proven in self.entries:
            files |= _proven(f"acts/{proven.proof.index}", proven)
        for number, proven in enumerate(self.policies, start=1):
            files |= _proven(f"policy-chain/{number}", proven)
        for index, shown in self.opened.items():
            files |= {f"opened/{index}.note": shown.data, f"opened/{index}.nonce": _nonce(shown.nonce)}
        for index, shown in self.records.items():
            files |= {f"records/{index}.json": shown.data, f"records/{index}.nonce": _nonce(shown.nonce)}
        return files

    def _in_force(self) -> bytes:
        required = [{"level": each.level, "member": each.member, "verb": each.verb} for each in self.required]
        return canon.canonical_json({"required": required, "rule": self.rule}) + b"\n"


def pack(name: str, title: str, contents: Contents, verifier: bytes | None = None) -> bytes:
    """The bundle `name` as a zip file; `title` names the decision, `verifier` is a copy of the stand-alone verifier.

    The same contents give the same bytes.
    """
    files = contents.payload()
    if verifier is not None:
        files["chancery-verify.pyz"] = verifier
    files[README] = readme(title, None if verifier is None else canon.sha256(verifier)).encode()
    return bag.write(name, files, {"External-Description": title, "Source-Organization": _origin(contents)})


def read_nonce(bundle: bag.Bag, name: str) -> bytes:
    """The 32 bytes of a nonce file: 64 hex digits and a line feed."""
    text = bundle.read(name).decode(errors="replace")
    if not _NONCE.fullmatch(text):
        raise Malformed(f"{name} is no nonce")
    return bytes.fromhex(text)


def readme(title: str, verifier_digest: str | None) -> str:
    """How to check the bundle without the secretariat, in plain words."""
    digest = _VERIFIER.format(digest=verifier_digest) if verifier_digest else _NO_VERIFIER
    return _README.format(title=title, digest=digest)


_VERIFIER = """\
A copy of the verifier lies in this bundle. Do not trust it: whoever could change the bundle could change
it too. Use your own copy. The registered SHA-256 of this release's verifier is
    {digest}
"""
_NO_VERIFIER = "Use your own copy of the verifier, `chancery-verify`, from a source that you trust.\n"
_README = """\
HOW TO CHECK THIS WITHOUT US

This is the bundle of
    {title}
It holds what was adopted, what was signed, and the proofs that each act was entered in the register. You need no
network and nothing of the secretariat's to check it.

1. Run
       chancery-verify BUNDLE --policy YOUR-POLICY
   YOUR-POLICY is the policy file that your government holds: the register's key, the witnesses, and how many of
   them must have cosigned. Without it the verifier uses the policy in this bundle and says on its first line
   that the key came with the data.
2. It prints one line for each statement that it proved, and one for each that it did not prove. It ends with
   exit code 0 when nothing contradicts anything, and with 1 when something was changed: it names what.
3. Compare the head on its last line with the one printed in the minutes.

{digest}
WHAT IS IN HERE
    base.pdf, text.<language>.md   what was signed, byte for byte
    acts/N.note, N.tlog-proof      entry N of the register, and the proof that it stands there
    keys/                          the members' public keys, by fingerprint
    records/, opened/              what entries name only by a digest, with the nonce that opens it
    policy, policy-chain/          who may cosign, and how that was agreed
    in-force.json                  which acts must be entered before the decision is in force
    checkpoint, log.vkey           the signed head, the keys of register and receipts

WITHOUT ANY PROGRAM OF OURS
    The files are lines of text. SHA-256 of base.pdf is the line `sha256` of each act. The signature lines are
    Ed25519 (C2SP signed-note), the proofs RFC 9162, the files C2SP tlog-tiles, tlog-proof and tlog-policy.
"""


def _origin(contents: Contents) -> str:
    return contents.log_vkey.partition("+")[0]


def _nonce(nonce: bytes) -> bytes:
    return f"{nonce.hex()}\n".encode()


def _proven(name: str, proven: Proven) -> dict[str, bytes]:
    return {f"{name}.note": proven.leaf, f"{name}.tlog-proof": proven.proof.to_bytes()}
