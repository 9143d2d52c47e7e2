"""What the entries of a bundle prove: who signed what with which key, and whether the decision is in force."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chancery import canon
from chancery.ledger import Malformed, Untrusted, note
from chancery.ledger.acts import ActText, CredentialsText, Digest, Leaf, RecordText, SealedText
from chancery.ledger.bag import Bag
from chancery.ledger.bundle import IN_FORCE, Requirement, read_nonce
from chancery.ledger.evidence import LEVELS, level_of
from chancery.ledger.note import Key
from chancery.ledger.policy import PolicyText
from chancery.ledger.verdict import Verdict, counted

_DOCUMENT = re.compile(r"(?:text|base)(?:\.[A-Za-z0-9-]+)?\.(?:md|pdf)", re.ASCII)


@dataclass(frozen=True)
class Entered:
    """A leaf of the bundle and the index of its entry; for a sealed entry that was opened, the leaf it hides."""

    index: int
    leaf: Leaf


@dataclass(frozen=True)
class Signed:
    """A member's act whose evidence was verified; `digest` is the SHA-256 of its text."""

    index: int
    text: ActText
    digest: str
    level: str


def judge(bundle: Bag, entries: Sequence[Entered], keys: Mapping[str, Key], verdict: Verdict) -> None:
    """Add a sentence to `verdict` for each entry, each document, and for being in force.

    `keys` are the members' keys by fingerprint. Raises Untrusted, naming the entry, when evidence is wrong.
    """
    council = verdict.head.origin if verdict.head else ""
    signed = []
    for entered in entries:
        if entered.leaf.text.council != council:
            raise Untrusted(f"entry {entered.index} is of another council than the register")
        if isinstance(entered.leaf.text, ActText):
            signed += _judge_act(entered, entered.leaf.text, entries, keys, verdict)
        else:
            _judge_other(bundle, entered, verdict)
    named = _judge_documents(bundle, [each.text for each in signed], verdict)
    records = {each.index for each in entries if isinstance(each.leaf.text, RecordText)}
    _judge_unsigned(bundle, named, records, verdict)
    _judge_counterparts(bundle, entries, verdict)
    _judge_in_force(bundle, list(_standing(signed)), verdict)


def _judge_act(
    entered: Entered, text: ActText, entries: Sequence[Entered], keys: Mapping[str, Key], verdict: Verdict
) -> list[Signed]:
    what = f"entry {entered.index}: {text.capacity}, {text.act} {text.object}"
    key = keys.get(text.credentials)
    if key is None:
        verdict.unproven.append(
            f"{what}: the key that it names is not in the bundle, its signature is not verified here"
        )
        return []
    lines = note.check_lines(entered.leaf.raw, entered.leaf.evidence, [key])
    if not lines:
        raise Untrusted(f"{what}: it is not signed with the key that it names")
    place = _enrolled_at(text, entered.index, entries)
    if place is None:
        verdict.unproven.append(
            f"{what}: that its key is the one of {text.capacity}; no credentials entry is in the bundle"
        )
    enrolled = "" if place is None else f", key enrolled in entry {place}"
    received = canon.instant_text(entered.leaf.received_at)
    verdict.proven.append(f"{what}; level {level_of(key)}{enrolled}, received {received}")
    return [Signed(entered.index, text, canon.sha256(entered.leaf.raw), level_of(key))]


def _enrolled_at(text: ActText, before: int, entries: Sequence[Entered]) -> int | None:
    """The entry of credentials that ties the act's key to its member and office."""
    for entered in entries:
        credentials = entered.leaf.text
        if isinstance(credentials, CredentialsText) and entered.index < before:
            fits = credentials.member == text.member and credentials.capacity in (text.office, text.capacity)
            if fits and text.credentials in credentials.keys:
                return entered.index
    return None


def _judge_other(bundle: Bag, entered: Entered, verdict: Verdict) -> None:
    text, index = entered.leaf.text, entered.index
    if isinstance(text, CredentialsText):
        keys = counted(len(text.keys), "key", "keys")
        verdict.proven.append(f"entry {index}: enrolment of {keys} of {text.capacity}, {text.member}")
    elif isinstance(text, SealedText):
        verdict.unproven.append(f"entry {index}: it is sealed, and what it holds is not in the bundle")
    elif isinstance(text, RecordText):
        _judge_record(bundle, index, text, verdict)
    elif isinstance(text, PolicyText):
        verdict.proven.append(f"entry {index}: policy {text.number}")


def _judge_record(bundle: Bag, index: int, text: RecordText, verdict: Verdict) -> None:
    what, name = f"entry {index}: the act {text.verb} on {text.object}", f"records/{index}.json"
    if name not in bundle:
        verdict.unproven.append(f"{what}: its record is not in the bundle")
    elif not Digest(text.record_nonce, is_nonce=True).fits(
        bundle.read(name), read_nonce(bundle, f"records/{index}.nonce")
    ):
        raise Untrusted(f"{what}: {name} and records/{index}.nonce are not its record")
    else:
        verdict.proven.append(f"{what}, with its record")


def _judge_documents(bundle: Bag, texts: Sequence[ActText], verdict: Verdict) -> set[str]:
    """Each document that the acts name is in the bundle, byte for byte, or is said to be absent; their names."""
    different = {(text.documents, text.texts, text.lang): text for text in texts}.values()
    named = {(name, digest): text for text in different for name, digest in _named(text)}
    missing = {name for (name, digest), text in named.items() if not _fits(bundle, name, digest, text)}
    for name in dict.fromkeys(name for name, _ in named):
        if name in missing:
            verdict.unproven.append(f"{name} is what was signed: it is not in the bundle")
        else:
            verdict.proven.append(f"{name} is what was signed")
    return {name for name, _ in named}


def _judge_unsigned(bundle: Bag, named: Collection[str], indices: Collection[int], verdict: Verdict) -> None:
    """A text or PDF that no act names is proven when a record names its digest; `indices` are the record entries."""
    records = {index: bundle.read(f"records/{index}.json") for index in indices if f"records/{index}.json" in bundle}
    for name in bundle:
        if name in named or not _DOCUMENT.fullmatch(name):
            continue
        digest = canon.sha256(bundle.read(name)).encode()
        places = [index for index, record in records.items() if digest in record]
        if places:
            verdict.proven.append(f"{name} is named by its digest in the record of entry {min(places)}")
        else:
            verdict.unproven.append(f"{name}: neither an act nor a record in the bundle names it")


def _named(text: ActText) -> Iterator[tuple[str, Digest]]:
    """The files that an act names: one for all languages or one for each."""
    many = [(f"base.{tag}.pdf", f"text.{tag}.md") for tag in text.lang]
    one = ("base.pdf", many[0][1] if len(many) == 1 else "text.md")
    for at, digests in enumerate((text.documents, text.texts)):
        names = [one[at]] if len(digests) == 1 else [each[at] for each in many]
        yield from zip(names, digests, strict=True)


def _fits(bundle: Bag, name: str, digest: Digest, text: ActText) -> bool:
    if name not in bundle or (digest.is_nonce and f"{name}.nonce" not in bundle):
        return False
    nonce = read_nonce(bundle, f"{name}.nonce") if digest.is_nonce else None
    if not digest.fits(bundle.read(name), nonce):
        raise Untrusted(f"{name} is not what {text.capacity} signed")
    return True


def _judge_counterparts(bundle: Bag, entries: Sequence[Entered], verdict: Verdict) -> None:
    """A counterpart begins with the whole base PDF; its certificate is for another program to check."""
    lines = [(entered.index, line) for entered in entries for line in entered.leaf.evidence]
    for index, line in lines:
        name = f"counterparts/{line.payload.hex()}.pdf"
        if len(line.payload) != 32 or name not in bundle:
            continue
        data = bundle.read(name)
        if canon.sha256(data) != line.payload.hex() or not data.startswith(bundle.read("base.pdf")):
            raise Untrusted(f"{name} does not begin with the whole base.pdf")
        verdict.unproven.append(f"entry {index}: the signature in {name} by {line.name}; certificate not checked here")


def _standing(signed: Sequence[Signed]) -> Iterator[Signed]:
    """The acts that still stand: not withdrawn, and not signed with a key that was revoked before."""
    withdrawn = {(each.text.member, each.text.prev) for each in signed if each.text.verb == "withdraw"}
    revoked = [(each.index, each.text.act.partition(" ")[2]) for each in signed if each.text.verb == "revoke-key"]
    void = [(index, note.fingerprint(vkey)) for index, vkey in revoked]
    for each in signed:
        is_void = any(each.index > index and each.text.credentials == key for index, key in void)
        if (each.text.member, each.digest) not in withdrawn and not is_void:
            yield each


def _judge_in_force(bundle: Bag, signed: Sequence[Signed], verdict: Verdict) -> None:
    if IN_FORCE not in bundle:
        return
    rule, required = _requirements(bundle.read(IN_FORCE))
    if not required:
        return
    best: dict[tuple[str, str], int] = {}
    for act in signed:
        key = (act.text.member, act.text.verb)
        best[key] = max(best.get(key, 0), LEVELS.index(act.level))
    missing = [each for each in required if best.get((each.member, each.verb), -1) < LEVELS.index(each.level)]
    if missing:
        names = ", ".join(f"{each.verb} by {each.member}" for each in missing)
        verdict.unproven.append(f"in force by the rule {rule!r}, as the bundle quotes it: {names} is missing")
    else:
        verdict.proven.append(
            f"in force by the rule {rule!r}, as the bundle quotes it: all {len(required)} acts are entered"
        )


def _requirements(data: bytes) -> tuple[str, list[Requirement]]:
    try:
        stated = json.loads(data)
        required = [Requirement(each["member"], each["verb"], each["level"]) for each in stated["required"]]
        rule = str(stated["rule"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Malformed(f"{IN_FORCE} is not written as it must be") from error
    if any(each.level not in LEVELS for each in required):
        raise Malformed(f"{IN_FORCE} names a level that does not exist")
    return rule, required
