"""What is entered in the register: act texts, records, credentials, sealed leaves, and the leaf around them.

Each text is UTF-8 lines `field value` in a fixed order, nothing else. What parses is spelled in the one allowed way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from chancery import canon
from chancery.ledger import Malformed, Untrusted, note, tiles
from chancery.ledger.fields import Fields, check_hexes, check_values, escaped, is_hex, unescaped, written
from chancery.ledger.note import Key, Kind, Line, Signer, Verifier
from chancery.ledger.policy import PolicyText

_TOKEN = re.compile(r"[A-Za-z0-9._/-]{1,40}", re.ASCII)
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
_VERB = re.compile(r"[a-z]+(?:[._-][a-z]+)+", re.ASCII)
_BARE_VERBS = ("sign", "initial", "join", "withdraw", "object-silence")
_STATEMENT_VERBS = ("reserve", "interpret")
_VOTES = ("for", "against", "abstain")
NO_PREV = "-"


@dataclass(frozen=True)
class Digest:
    """A SHA-256 in hex; of the bytes themselves, or of a nonce and the bytes when they are restricted."""

    hex: str
    is_nonce: bool = False

    def line(self, field: str) -> str:
        """The digest as a line of an act text."""
        return f"{field}-nonce {self.hex}" if self.is_nonce else f"{field} {self.hex}"

    def fits(self, data: bytes, nonce: bytes | None = None) -> bool:
        """Whether it is the digest of `data`; a nonce digest needs its 32-byte nonce."""
        if not self.is_nonce:
            return canon.sha256(data) == self.hex
        return nonce is not None and nonce_digest(nonce, data) == self.hex


@dataclass(frozen=True)
class ActText:
    """One member's act on one object (`chancery/act/v1`).

    `documents` are digests of the stored PDF, `texts` of the stored text: one for all languages, or one for each
    in the order of `lang`. `act` is a verb and its argument, `prev` the digest of the act text that this one amends.
    """

    HEADER: ClassVar[str] = "chancery/act/v1"
    council: str
    session: str
    object: str
    documents: tuple[Digest, ...]
    texts: tuple[Digest, ...]
    lang: tuple[str, ...]
    act: str
    office: str
    member: str
    credentials: str
    prev: str = NO_PREV

    def __post_init__(self) -> None:
        check_values(self.council, self.office, self.member)
        escaped(self.object)
        if not _TOKEN.fullmatch(self.session):
            raise Malformed(f"session {self.session[:40]!r} is no number or token")
        _check_tags(self.lang)
        for digests in (self.documents, self.texts):
            if len(digests) not in (1, len(self.lang)):
                raise Malformed("an act text names one digest, or one for each language")
        check_hexes(self.credentials, *(each.hex for each in self.documents + self.texts))
        if self.prev != NO_PREV:
            check_hexes(self.prev)
        if "," in self.member:
            raise Malformed("a member's name in an act text has no comma")
        _check_act(self.act, self.prev)

    @property
    def capacity(self) -> str:
        """Office and member, as the act text states them."""
        return f"{self.office}, {self.member}"

    @property
    def verb(self) -> str:
        """The first word of the act."""
        return self.act.partition(" ")[0]

    def text(self) -> str:
        """The lines that are signed."""
        return written(
            self.HEADER,
            f"council {self.council}",
            f"session {self.session}",
            f"object {escaped(self.object)}",
            *(digest.line("sha256") for digest in self.documents),
            *(digest.line("text-sha256") for digest in self.texts),
            f"lang {','.join(self.lang)}",
            f"act {self.act}",
            f"capacity {self.capacity}",
            f"credentials {self.credentials}",
            f"prev {self.prev}",
        )

    @classmethod
    def read(cls, fields: Fields) -> ActText:
        """The act text of these lines."""
        council, session, place = fields.one("council"), fields.one("session"), fields.one("object")
        documents, texts = _digests(fields, "sha256"), _digests(fields, "text-sha256")
        lang, act = tuple(fields.one("lang").split(",")), fields.one("act")
        office, _, member = fields.one("capacity").rpartition(", ")
        credentials, prev = fields.one("credentials"), fields.one("prev")
        return cls(council, session, unescaped(place), documents, texts, lang, act, office, member, credentials, prev)


@dataclass(frozen=True)
class RecordText:
    """That an official act stands in the council's record (`chancery/record/v1`); the record's bytes stay outside."""

    HEADER: ClassVar[str] = "chancery/record/v1"
    council: str
    verb: str
    object: str
    record_nonce: str

    def __post_init__(self) -> None:
        check_values(self.council)
        escaped(self.object)
        check_hexes(self.record_nonce)
        if not _VERB.fullmatch(self.verb):
            raise Malformed(f"{self.verb[:40]!r} is no name of an act: write noun.verb")

    def text(self) -> str:
        """The lines of the text."""
        return written(
            self.HEADER,
            f"council {self.council}",
            f"verb {self.verb}",
            f"object {escaped(self.object)}",
            f"record-nonce {self.record_nonce}",
        )

    @classmethod
    def read(cls, fields: Fields) -> RecordText:
        """The record text of these lines."""
        council, verb, place = fields.one("council"), fields.one("verb"), fields.one("object")
        return cls(council, verb, unescaped(place), fields.one("record-nonce"))


@dataclass(frozen=True)
class CredentialsText:
    """With which keys an office of a member acts (`chancery/credentials/v1`)."""

    HEADER: ClassVar[str] = "chancery/credentials/v1"
    council: str
    member: str
    capacity: str
    keys: tuple[str, ...]
    letter_nonce: str

    def __post_init__(self) -> None:
        check_values(self.council, self.member, self.capacity)
        check_hexes(self.letter_nonce, *self.keys)
        if not self.keys or len(set(self.keys)) != len(self.keys):
            raise Malformed("credentials name one key or more, each once")

    def text(self) -> str:
        """The lines of the text."""
        return written(
            self.HEADER,
            f"council {self.council}",
            f"member {self.member}",
            f"capacity {self.capacity}",
            *(f"key {key}" for key in self.keys),
            f"letter-nonce {self.letter_nonce}",
        )

    @classmethod
    def read(cls, fields: Fields) -> CredentialsText:
        """The credentials of these lines."""
        council, member, capacity = fields.one("council"), fields.one("member"), fields.one("capacity")
        return cls(council, member, capacity, fields.many("key"), fields.one("letter-nonce"))


@dataclass(frozen=True)
class SealedText:
    """The nonce digest of a whole leaf of another kind (`chancery/sealed/v1`): shows no verb, object or member."""

    HEADER: ClassVar[str] = "chancery/sealed/v1"
    council: str
    leaf_nonce: str

    def __post_init__(self) -> None:
        check_values(self.council)
        check_hexes(self.leaf_nonce)

    def text(self) -> str:
        """The lines of the text."""
        return written(self.HEADER, f"council {self.council}", f"leaf-nonce {self.leaf_nonce}")

    @classmethod
    def read(cls, fields: Fields) -> SealedText:
        """The sealed text of these lines."""
        return cls(fields.one("council"), fields.one("leaf-nonce"))


Text = ActText | RecordText | CredentialsText | SealedText | PolicyText
_READERS: dict[str, Callable[[Fields], Text]] = {
    kind.HEADER: kind.read for kind in (ActText, RecordText, CredentialsText, SealedText, PolicyText)
}
_NEED_EVIDENCE = (ActText, PolicyText)
_HAVE_NO_EVIDENCE = (RecordText, SealedText)


def parse(text: str) -> Text:
    """The text of one of the kinds above. Raises Malformed unless writing it again gives the same characters."""
    header, *lines = text.split("\n")
    if header not in _READERS:
        raise Malformed(f"{header[:60]!r} is no kind of text that the register knows")
    fields = Fields(lines)
    found = _READERS[header](fields)
    if found.text() != text:
        raise Malformed("the text is not in the one spelling of its form")
    return found


def nonce_digest(nonce: bytes, data: bytes) -> str:
    """SHA-256(nonce || data) in hex: says nothing about `data` to whoever lacks the 32-byte nonce."""
    if len(nonce) != 32:
        raise ValueError("a nonce has 32 bytes")
    return canon.sha256(nonce + data)


@dataclass(frozen=True)
class Leaf:
    """An entry, opened: the text, the members' lines, and when the secretariat received them.

    `raw` are the bytes of the text, which the lines sign. `signatures` are the lines of the keys that were given;
    lines of other keys stand in `evidence` unverified.
    """

    text: Text
    evidence: tuple[Line, ...]
    received_at: datetime
    raw: bytes
    signatures: tuple[note.Signature, ...] = ()


def leaf(text: str, evidence_lines: Sequence[str], receipt_signer: Signer, at: datetime) -> bytes:
    """The bytes of an entry: the text, the members' evidence lines, and the receipt line for the instant `at`.

    Each evidence line ends in a line feed. Raises Malformed for what could not be opened again or is too long.
    """
    parse(text)
    evidence = "".join(evidence_lines)
    receipt = receipt_signer.sign_line(_receipted(text.encode(), evidence), int(at.timestamp()))
    data = f"{text}\n{evidence}{receipt}".encode()
    open_leaf(tiles.check_entry(data), receipt_signer.verifier)
    return data


def open_leaf(data: bytes, receipts: Verifier | Sequence[Verifier], keys: Iterable[Key] = ()) -> Leaf:
    """Open an entry: its text, its receipt by (one of) the receipt keys, and the evidence of `keys`.

    Raises Malformed for what is not in the one spelling, Untrusted for a wrong receipt or evidence line.
    """
    whole = note.parse(data)
    *evidence, last = whole.lines
    if whole.to_bytes() != data:
        raise Malformed("the leaf is not in the one spelling of its form")
    text = parse(whole.text.decode())
    _check_evidence(text, evidence)
    known = [receipts] if isinstance(receipts, Verifier) else receipts
    received = _check_receipt(whole.text, evidence, last, known)
    signatures = note.check_lines(whole.text, evidence, keys)
    return Leaf(text, tuple(evidence), received, whole.text, tuple(signatures))


def _check_receipt(text: bytes, evidence: Sequence[Line], last: Line, known: Sequence[Verifier]) -> datetime:
    key = next((key for key in known if (key.name, key.key_id) == (last.name, last.key_id)), None)
    if key is None or key.kind is not Kind.RECEIPT:
        raise Untrusted(f"the leaf ends in a line by {last.name[:80]}, not in a receipt by a known receipt key")
    time = key.check(_receipted(text, "".join(line.text for line in evidence)), last.payload)
    try:
        return datetime.fromtimestamp(time or 0, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Malformed("the receipt states an impossible time") from error


def _receipted(text: bytes, evidence: str) -> bytes:
    return text + b"\n" + evidence.encode()


def _check_evidence(text: Text, evidence: Sequence[Line]) -> None:
    if isinstance(text, _NEED_EVIDENCE) and not evidence:
        raise Malformed("a member's act needs a line of evidence")
    if isinstance(text, _HAVE_NO_EVIDENCE) and evidence:
        raise Malformed("only the secretariat's receipt stands under a record or a sealed leaf")
    if len({(line.name, line.key_id) for line in evidence}) != len(evidence):
        raise Malformed("a line of evidence is repeated")


def _digests(fields: Fields, name: str) -> tuple[Digest, ...]:
    found = []
    while fields.next_is(name) or fields.next_is(f"{name}-nonce"):
        is_nonce = fields.next_is(f"{name}-nonce")
        found.append(Digest(fields.one(f"{name}-nonce" if is_nonce else name), is_nonce))
    return tuple(found)


def _check_tags(lang: Sequence[str]) -> None:
    if not lang or len(set(lang)) != len(lang) or not all(_TAG.fullmatch(tag) for tag in lang):
        raise Malformed("lang is a list of language tags, each once")


def _check_act(act: str, prev: str) -> None:
    verb, _, argument = act.partition(" ")
    if act in _BARE_VERBS:
        allowed = True
    elif verb in _STATEMENT_VERBS:
        allowed = is_hex(argument)
    elif verb == "vote":
        allowed = argument in _VOTES
    else:
        allowed = verb == "revoke-key" and note.is_vkey(argument)
    if not allowed:
        raise Malformed(f"{act[:80]!r} is no act that a member can sign")
    if verb == "withdraw" and prev == NO_PREV:
        raise Malformed("withdraw needs prev: the digest of the act text that is withdrawn")
