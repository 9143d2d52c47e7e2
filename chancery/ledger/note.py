"""Signed notes and the keys that sign them (C2SP signed-note).

A note is a text that ends in a line feed, an empty line, and signature lines `— name base64(key id || payload)`.
Lines here are always text with their final line feed.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chancery import canon
from chancery.ledger import Malformed, Untrusted

MAX_LINES = 100
MAX_TIME = 2**63 - 1
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_NOT_IN_NAMES = re.compile(r"[\s+\x00-\x1f\ud800-\udfff]")
_LINE = re.compile("— ([^ \n]+) ([A-Za-z0-9+/=]+)\n")
_FIELD_PRIME = 2**255 - 19
_LOW_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "01" + "00" * 31,
        "01" + "00" * 30 + "80",
        "00" * 32,
        "00" * 31 + "80",
        "ec" + "ff" * 30 + "7f",
        "ec" + "ff" * 31,
        "ed" + "ff" * 30 + "7f",
        "ed" + "ff" * 31,
        "ee" + "ff" * 30 + "7f",
        "ee" + "ff" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
)


class Kind(Enum):
    """What a key signs; the value is what stands before the key's bytes wherever the key is written."""

    PLAIN = b"\x01"  # Ed25519 over the text: heads of logs, acts of members
    COSIGNATURE = b"\x04"  # Ed25519 with a time: witnesses
    RECEIPT = b"\xffchancery/receipt/v1\n"  # Ed25519 with a time: the secretariat's "received then"

    @property
    def has_time(self) -> bool:
        """Whether the payload starts with the time of signing."""
        return self is not Kind.PLAIN

    def message(self, text: bytes, time: int) -> bytes:
        """The bytes that are signed; `time` in POSIX seconds."""
        if self is Kind.PLAIN:
            return text
        first = b"cosignature/v1" if self is Kind.COSIGNATURE else b"chancery/receipt/v1"
        return first + b"\ntime %d\n" % time + text


class Key(Protocol):
    """A key that can check a line of a note: an Ed25519 `Verifier`, or a key of another kind."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    def check(self, text: bytes, payload: bytes) -> int | None: ...


@dataclass(frozen=True)
class Verifier:
    """A public Ed25519 key with the name and the kind under which it signs."""

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        check_public(self.public)

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """The key written as `name+id+base64`. Raises Malformed or Untrusted for a wrong or weak key."""
        name, key_id, material = split_vkey(vkey)
        kind = _kind_of(material)
        verifier = cls(name, kind, material[len(kind.value) :])
        if verifier.key_id.hex() != key_id:
            raise Malformed(f"the id of the key of {name} does not match the key")
        return verifier

    @functools.cached_property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, tell which key signed a line."""
        return key_id_of(self.name, self.kind.value + self.public)

    @property
    def vkey(self) -> str:
        """The key as text: `name+id+base64`."""
        return vkey_of(self.name, self.kind.value + self.public)

    def check(self, text: bytes, payload: bytes) -> int | None:
        """Check a signature over `text`; the time it states, if its kind has one. Raises Untrusted."""
        time, signature = self._time_in(payload)
        try:
            self._public_key.verify(signature, self.kind.message(text, time or 0))
        except InvalidSignature as error:
            raise Untrusted(f"the signature of {self.name} is wrong") from error
        return time

    @functools.cached_property
    def _public_key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public)

    def _time_in(self, payload: bytes) -> tuple[int | None, bytes]:
        if len(payload) != (72 if self.kind.has_time else 64):
            raise Untrusted(f"the signature of {self.name} has the wrong length")
        if not self.kind.has_time:
            return None, payload
        time = int.from_bytes(payload[:8], "big")
        if not 0 < time <= MAX_TIME:
            raise Untrusted(f"the signature of {self.name} states an impossible time")
        return time, payload[8:]


@dataclass(frozen=True)
class Signer:
    """A private Ed25519 key; it never prints itself."""

    verifier: Verifier
    _seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.verifier.vkey})"

    @classmethod
    def new(cls, name: str, kind: Kind = Kind.PLAIN) -> Signer:
        """A new key from the system's random source."""
        return cls.from_seed(name, kind, secrets.token_bytes(32))

    @classmethod
    def from_seed(cls, name: str, kind: Kind, seed: bytes) -> Signer:
        """The key of a 32-byte seed."""
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
        # The older cryptography of a Debian 12 machine knows no shorter way to say this.
        return cls(Verifier(name, kind, public.public_bytes(Encoding.Raw, PublicFormat.Raw)), seed)

    @classmethod
    def from_private_text(cls, text: str) -> Signer:
        """The key that `private_text` wrote. Errors never quote the key."""
        head, separator, rest = text.rstrip("\n").partition("PRIVATE+KEY+")
        if head or not separator or "\n" in rest:
            raise Malformed("this is no private key file: it must be one line that begins with PRIVATE+KEY+")
        name, key_id, material = split_vkey(rest, shown="a private key")
        kind = _kind_of(material)
        if len(material) != len(kind.value) + 32:
            raise Malformed("a private key has 32 bytes")
        signer = cls.from_seed(name, kind, material[len(kind.value) :])
        if signer.verifier.key_id.hex() != key_id:
            raise Malformed(f"the id of the private key of {name} does not match the key")
        return signer

    def private_text(self) -> str:
        """The key as one line for a file that only its owner may read."""
        material = canon.base64_text(self.verifier.kind.value + self._seed)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{material}\n"

    @property
    def name(self) -> str:
        """The name under which the key signs."""
        return self.verifier.name

    @property
    def vkey(self) -> str:
        """The public key as text."""
        return self.verifier.vkey

    def sign_line(self, text: bytes, time: int | None = None) -> str:
        """The signature line over `text`; kinds with a time need `time` in POSIX seconds."""
        kind = self.verifier.kind
        if kind.has_time is (time is None):
            raise ValueError(f"a {kind.name} signature {'needs a' if kind.has_time else 'has no'} time")
        signature = self._private_key.sign(kind.message(text, time or 0))
        stated = b"" if time is None else time.to_bytes(8, "big")
        return Line(self.name, self.verifier.key_id, stated + signature).text

    @functools.cached_property
    def _private_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._seed)


@dataclass(frozen=True)
class Line:
    """One signature line: whose, by which key, and the payload that the key's kind defines."""

    name: str
    key_id: bytes
    payload: bytes

    @property
    def text(self) -> str:
        """The line with its line feed."""
        return f"— {self.name} {canon.base64_text(self.key_id + self.payload)}\n"


@dataclass(frozen=True)
class Note:
    """A text and its signature lines, not yet verified."""

    text: bytes
    lines: tuple[Line, ...]

    def to_bytes(self) -> bytes:
        """The note as it is stored."""
        return self.text + b"\n" + "".join(line.text for line in self.lines).encode()


@dataclass(frozen=True)
class Signature:
    """A verified line: the key, and the time it states (POSIX seconds) if its kind has one."""

    key: Key
    time: int | None


def parse(data: bytes) -> Note:
    """Split a note into text and lines. Raises Malformed for every deviation from the format."""
    if _CONTROL.search(data):
        raise Malformed("a note holds a control character")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("a note is not valid UTF-8") from error
    text, separator, block = data.rpartition(b"\n\n")
    if not separator or not block:
        raise Malformed("a note has no signature lines")
    return Note(text + b"\n", parse_lines(block.decode()))


def parse_lines(block: str) -> tuple[Line, ...]:
    """The signature lines in `block`, which holds nothing else. At most 100."""
    lines = block.split("\n")
    if lines.pop() != "":
        raise Malformed("a signature line does not end with a line feed")
    if len(lines) > MAX_LINES:
        raise Malformed(f"a note has at most {MAX_LINES} signature lines, this one has {len(lines)}")
    return tuple(_parse_line(line) for line in lines)


def open(data: bytes, verifiers: Iterable[Key]) -> tuple[Note, list[Signature]]:
    """The note and the signatures by the given keys, in the order of the lines.

    Lines of unknown keys are ignored. One wrong line of a known key, or no line of any, refuses the whole note
    (Untrusted). A line that is repeated counts once.
    """
    note = parse(data)
    signatures = check_lines(note.text, note.lines, verifiers)
    if not signatures:
        raise Untrusted("the note carries no signature by a known key")
    return note, signatures


def check_lines(text: bytes, lines: Iterable[Line], keys: Iterable[Key]) -> list[Signature]:
    """The signatures by `keys` among `lines`; raises Untrusted when a line of one of them is wrong."""
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[tuple[str, bytes], Signature] = {}
    for line in lines:
        if key := known.get((line.name, line.key_id)):
            found.setdefault((line.name, line.key_id), Signature(key, key.check(text, line.payload)))
    return list(found.values())


def check_name(name: str) -> str:
    """A key's name: not empty, no space of any kind, no `+`."""
    if not name or _NOT_IN_NAMES.search(name):
        raise Malformed(f"{name[:80]!r} is no name of a key: no space, no plus sign, not empty")
    return name


def check_public(public: bytes) -> bytes:
    """An Ed25519 public key that may be trusted in any role.

    Raises Malformed for a wrong length, Untrusted for an encoding that is not canonical or a point of low order:
    with such a key anybody's signature can be valid.
    """
    if len(public) != 32:
        raise Malformed("an Ed25519 key has 32 bytes")
    if public in _LOW_ORDER or int.from_bytes(public, "little") & (2**255 - 1) >= _FIELD_PRIME:
        raise Untrusted("a weak Ed25519 key: anybody could sign for it")
    return public


def key_id_of(name: str, material: bytes) -> bytes:
    """The first four bytes of SHA-256(name || LF || material); the material begins with the type."""
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def vkey_of(name: str, material: bytes) -> str:
    """The text form of a public key of any type."""
    return f"{name}+{key_id_of(name, material).hex()}+{canon.base64_text(material)}"


def split_vkey(vkey: str, shown: str = "a verifier key") -> tuple[str, str, bytes]:
    """Name, id and material of a key's text form; the id is not yet compared."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[0-9a-f]{8}", parts[1], re.ASCII):
        raise Malformed(f"{shown} is written name+8 hex digits+base64")
    try:
        material = canon.base64_bytes(parts[2])
    except ValueError as error:
        raise Malformed(f"{shown} ends in something that is no base64") from error.__cause__
    return check_name(parts[0]), parts[1], material


def is_vkey(text: str) -> bool:
    """Whether `text` is a key of any type whose id fits."""
    try:
        name, _, material = split_vkey(text)
    except Malformed:
        return False
    return bool(material) and vkey_of(name, material) == text


def fingerprint(vkey: str) -> str:
    """The SHA-256 of a key's text form, in hex: what act texts and credentials letters name."""
    return canon.sha256(vkey.encode())


def _kind_of(material: bytes) -> Kind:
    for kind in Kind:
        if material.startswith(kind.value):
            return kind
    raise Malformed("a key of a type that is not accepted here")


def _parse_line(text: str) -> Line:
    match = _LINE.fullmatch(text + "\n")
    if not match:
        raise Malformed("a signature line is not written: dash, name, base64")
    try:
        payload = canon.base64_bytes(match[2])
    except ValueError as error:
        raise Malformed(f"the signature line of {match[1][:80]} is no strict base64") from error
    if len(payload) < 5:
        raise Malformed(f"the signature line of {match[1][:80]} is too short")
    return Line(check_name(match[1]), payload[:4], payload[4:])


def with_lines(note: Note, lines: Sequence[Line]) -> Note:
    """The note with `lines` added, each once."""
    return Note(note.text, tuple(dict.fromkeys([*note.lines, *lines])))
