"""From an official act to its leaf: open or sealed, with the secretariat's receipt."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from chancery import canon
from chancery.council.models import Council, MemberKey, Person
from chancery.ledger import acts, note
from chancery.signing.models import SignedAct
from chancery.trail.files import File
from chancery.trail.models import Record


def private() -> Path:
    return Path(settings.DATA_DIR) / "private"


def record_bytes(record: Record) -> bytes:
    """The record of an act as it is hashed into the register."""
    return canon.canonical_json(
        {
            "id": record.id,
            "act": record.act,
            "subject": record.subject,
            "args": record.args,
            "by": record.by,
            "office": record.office,
            "for": record.for_whom,
            "entered_by": record.entered_by,
            "via": record.via,
            "at": record.at,
            "result": record.result,
            "status": record.status,
        }
    )


def nonce(name: str) -> bytes:
    """The secret 32 bytes under a name, made once and kept in private/nonces."""
    path = private() / "nonces" / name
    if not path.exists():
        _keep(path, secrets.token_bytes(32))
    return path.read_bytes()


def _keep(path: Path, data: bytes) -> None:
    """Write a private file durably: under another name, then in place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with temporary.open("wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    temporary.replace(path)


def leaf_of(record: Record, council: Council, receipt: note.Signer) -> tuple[bytes, str]:
    """The leaf of an official act and the digest of its text."""
    at = record.at if record.via == "play" else record.received_at
    text, evidence = _content(record, council)
    leaf = acts.leaf(text, evidence, receipt, at)
    if record.official == "sealed":
        text = acts.SealedText(council.origin, acts.nonce_digest(nonce(f"{record.id}-leaf"), leaf)).text()
        _keep(private() / "leaves" / str(record.id), leaf)
        leaf = acts.leaf(text, [], receipt, at)
    return leaf, canon.sha256(text.encode())


def _content(record: Record, council: Council) -> tuple[str, list[str]]:
    if record.act == "signature.give":
        return _signature(record)
    if record.act == "key.enrol":
        return _credentials(record, council), []
    data = record_bytes(record)
    _keep(private() / "records" / f"{record.id}.json", data)
    digest = acts.nonce_digest(nonce(f"{record.id}-record"), data)
    return acts.RecordText(council.origin, record.act, object_of(record), digest).text(), []


def object_of(record: Record) -> str:
    return record.result or record.subject or "council"


def _signature(record: Record) -> tuple[str, list[str]]:
    file = File(**record.args["note"])
    signed = note.parse(file.read())
    return signed.text.decode(), [line.text for line in signed.lines]


def _credentials(record: Record, council: Council) -> str:
    person = Person.objects.get(pk=record.subject.removeprefix("person/"))
    key = MemberKey.objects.get(person=person, file__sha256=record.args["vkey"]["sha256"])
    letter: dict[str, Any] = record.args.get("letter") or record.args["vkey"]
    return acts.CredentialsText(
        council=council.origin,
        member=str(person.member_id),
        capacity="head of delegation",
        keys=(key.credential,),
        letter_nonce=acts.nonce_digest(nonce(f"{record.id}-letter"), File(**letter).read()),
    ).text()


def signed_record(act: SignedAct) -> Record | None:
    """The record of a signed act."""
    found = Record.objects.filter(act="signature.give", args__note__sha256=act.note["sha256"], outcome="done")
    return found.first()
