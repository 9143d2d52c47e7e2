"""The keys with which members give evidence, and what a line by each of them is worth."""

from __future__ import annotations

from chancery.ledger import Malformed, note
from chancery.ledger.note import Key, Kind, Verifier
from chancery.ledger.sshsig import IDENTIFIER as SSHSIG
from chancery.ledger.sshsig import SshKey

LEVELS = ("2", "B", "A")  # weakest first; what is none of them is not verified here


def parse_key(vkey: str) -> Verifier | SshKey:
    """A member's key, Ed25519 or SSH, from its text form. Raises Malformed or Untrusted."""
    try:
        key = Verifier.parse(vkey)
    except Malformed:
        name, _, material = note.split_vkey(vkey)
        if not material.startswith(SSHSIG):
            raise
        ssh = SshKey(name, material[len(SSHSIG) :])
        if ssh.vkey != vkey:
            raise Malformed(f"the id of the key of {name} does not match the key") from None
        return ssh
    if key.kind is not Kind.PLAIN:
        raise Malformed("a member signs acts with a plain key, not with a witness's or a receipt key")
    return key


def level_of(key: Key) -> str:
    """The level of a verified line by `key`: B for a key that its holder alone has."""
    return "B" if isinstance(key, Verifier | SshKey) else ""
