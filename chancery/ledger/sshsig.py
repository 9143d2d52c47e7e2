"""Act texts signed with an SSH key: `ssh-keygen -Y sign -n chancery-act` (OpenSSH's SSHSIG format).

The key may lie on a FIDO token; then the signature also covers the token's flags and counter.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
from dataclasses import dataclass

from chancery.ledger import Malformed, Untrusted, note
from chancery.ledger.note import Kind, Line, Verifier

IDENTIFIER = b"\xffchancery/sshsig/v1\n"
NAMESPACE = b"chancery-act"
_MAGIC = b"SSHSIG"
_PLAIN, _TOKEN = b"ssh-ed25519", b"sk-ssh-ed25519@openssh.com"
_USER_PRESENT = 1
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


@dataclass(frozen=True)
class SshKey:
    """A member's SSH key (`blob` as in a public key file) under the name that signs."""

    name: str
    blob: bytes

    def __post_init__(self) -> None:
        note.check_name(self.name)
        self._ed25519()

    @classmethod
    def from_public_line(cls, name: str, line: str) -> SshKey:
        """The key of one line of a `.pub` file: type, base64, comment."""
        fields = line.split()
        if len(fields) < 2 or fields[0].encode() not in (_PLAIN, _TOKEN):
            raise Malformed("an SSH public key is one line that begins with ssh-ed25519 or sk-ssh-ed25519@openssh.com")
        return cls(name, _unpacked(fields[1]))

    @functools.cached_property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, tell which key signed a line."""
        return note.key_id_of(self.name, IDENTIFIER + self.blob)

    @property
    def vkey(self) -> str:
        """The key as text: `name+id+base64`."""
        return note.vkey_of(self.name, IDENTIFIER + self.blob)

    def line(self, armored: str) -> Line:
        """The evidence line made of what `ssh-keygen -Y sign` wrote."""
        text = "".join(armored.split("\n")).strip()
        if not text.startswith(_BEGIN) or not text.endswith(_END):
            raise Malformed("this is no signature file of ssh-keygen")
        return Line(self.name, self.key_id, _unpacked(text.removeprefix(_BEGIN).removesuffix(_END)))

    def check(self, text: bytes, payload: bytes) -> None:
        """Check an SSHSIG blob over `text`. Raises Malformed or Untrusted."""
        blob = _Wire(payload)
        if blob.take(len(_MAGIC)) != _MAGIC or blob.number() != 1:
            raise Malformed(f"the signature of {self.name} is no SSH signature")
        key, namespace, reserved, hash_name, signature = (blob.string() for _ in range(5))
        blob.end()
        if key != self.blob or namespace != NAMESPACE or reserved:
            raise Untrusted(f"the SSH signature of {self.name} is by another key or for another purpose")
        if hash_name not in (b"sha256", b"sha512"):
            raise Untrusted(f"the SSH signature of {self.name} uses a hash that is not accepted")
        digest = hashlib.new(hash_name.decode(), text).digest()
        signed = _MAGIC + b"".join(map(_string, (namespace, reserved, hash_name, digest)))
        self._check_signature(signed, signature)

    def _check_signature(self, signed: bytes, signature: bytes) -> None:
        kind, public, application = self._ed25519()
        wire = _Wire(signature)
        if wire.string() != kind:
            raise Untrusted(f"the SSH signature of {self.name} is of another type than its key")
        value = wire.string()
        if kind == _TOKEN:
            flags, counter = wire.take(1), wire.take(4)
            if not flags[0] & _USER_PRESENT:
                raise Untrusted(f"the token of {self.name} was not touched when it signed")
            signed = hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(signed).digest()
        wire.end()
        Verifier(self.name, Kind.PLAIN, public).check(signed, value)

    def _ed25519(self) -> tuple[bytes, bytes, bytes]:
        """Type, the 32 bytes of the key, and the application of a token's key."""
        wire = _Wire(self.blob)
        kind, public = wire.string(), wire.string()
        if kind not in (_PLAIN, _TOKEN):
            raise Malformed(f"the SSH key of {self.name} is not an Ed25519 key")
        application = wire.string() if kind == _TOKEN else b""
        wire.end()
        return kind, note.check_public(public), application


class _Wire:
    """Reads the length-prefixed strings of SSH."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self, count: int) -> bytes:
        if len(self._data) < count:
            raise Malformed("an SSH key or signature is too short")
        taken, self._data = self._data[:count], self._data[count:]
        return taken

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        return self.take(self.number())

    def end(self) -> None:
        if self._data:
            raise Malformed("bytes follow an SSH key or signature")


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Malformed("an SSH key or signature is no base64") from error
