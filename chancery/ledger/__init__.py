"""The mathematics of the register: an append-only Merkle log that members verify without trusting anybody's server.

Needs `hashlib` and `cryptography`, nothing of Django. Formats follow C2SP (commit 5ba5ee83): signed-note and
tlog-checkpoint 1.0.0, tlog-cosignature 1.0.1, tlog-witness 1.0.0, tlog-tiles 0.1.0, tlog-proof and tlog-policy.
"""

from __future__ import annotations


class Refused(ValueError):
    """What was shown is not what it claims to be; the message is one plain sentence."""


class Malformed(Refused):
    """The bytes do not have the one spelling that their format allows."""


class Untrusted(Refused):
    """A signature is missing or wrong, or a key may not be used."""


class Inconsistent(Refused):
    """Hashes do not lead to the head that was signed."""


class Missing(Refused):
    """A file that the head promises is not there."""
