"""Acts of signing: open a decision for signature, sign, decline, take a signature back, close the round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chancery import canon
from chancery.council import access as council
from chancery.council.actions import stored
from chancery.council.models import Member, MemberKey
from chancery.decisions.models import Decision
from chancery.ledger import Refused as Unproven
from chancery.ledger import note as notes
from chancery.trail import files
from chancery.trail.actor import Actor, both
from chancery.trail.door import act, fill, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File, Secret

from . import access, queries
from .models import Declined, Instrument, RoundClosed, SignatureWithdrawal, SignedAct
from .pdf import build_pdf


@act(
    "signature.open",
    may=both(council.secretary, access.may_be_opened),
    official="open",
    folder="signatures",
)
def open_round(
    decision: Decision,
    *,
    signatories: list[Member],
    until: datetime | None = None,
    level: Literal["A", "B"] = "B",
    pdf: File | None = None,
    by: Actor,
    at: datetime,
) -> Instrument:
    """Open a decision for signature: its PDF is stored first, and every signature names its digest."""
    if not signatories:
        raise Refused("form", "somebody must sign")
    if until and until <= at:
        raise Refused("order", "the time to sign by lies before the opening")
    if pdf is None:
        name = f"{decision.key.replace('/', '-')}.pdf"
        pdf = files.put(build_pdf(decision, [m.key for m in signatories], at), name)
        fill(pdf=pdf)
    satisfies("instruments.signatories")
    return Instrument.objects.create(
        key=decision.key,
        session_id=decision.session_id,
        decision=decision,
        signatories=[member.key for member in sorted(signatories, key=lambda member: member.seat)],
        level=level,
        until=until,
        pdf=stored(pdf),
        opened_at=at,
    )


@act("signature.give", may=access.may_sign, official="open", keep_refusals=True, folder="signatures")
def give(
    instrument: Instrument,
    *,
    verb: Literal["sign", "initial"] = "sign",
    note: File | None = None,
    key: Secret | None = None,
    by: Actor,
    at: datetime,
) -> Instrument:
    """Sign: the member's own key over the act text. What was signed elsewhere comes in as a signed note."""
    person, member = council.person_key(by), by.for_.removeprefix("member/")
    asked = _Asked(instrument, person, member, queries.office_of(instrument, person, member, at), verb)
    if note is None:
        if key is None:
            raise Refused("form", "a signature is a signed note")
        note = _sign(asked, key, at)
        fill(note=note)
    enrolled = _check(asked, note, at)
    satisfies("instruments.signatories")
    SignedAct.objects.create(
        instrument=instrument,
        session_id=instrument.session_id,
        member_id=member,
        person_id=person,
        key=enrolled,
        verb=verb,
        note=stored(note),
        text_digest=canon.sha256(notes.parse(note.read()).text),
        late=instrument.until is not None and at > instrument.until,
        given_at=at,
    )
    return instrument


@dataclass(frozen=True)
class _Asked:
    """Whose signature is asked for, in which office, with which verb; the text to sign follows from the key."""

    instrument: Instrument
    person: str
    member: str
    office: str
    verb: str

    def text(self, key: MemberKey) -> str:
        return queries.act_text(self.instrument, key, self.member, self.office, self.verb)


def _sign(asked: _Asked, key: Secret, at: datetime) -> File:
    """In a rehearsal only: sign with a private key that lies in the folder; the key is never stored."""
    try:
        signer = notes.Signer.from_private_text(key.read())
    except ValueError as error:
        raise Refused("form", f"{key.path.name}: {error}") from None
    enrolled = next((held for held in council.signing_keys(asked.person, at) if held.vkey == signer.vkey), None)
    if enrolled is None:
        raise Refused("credentials", f"{key.path.name} is not the key enrolled for {asked.person}")
    text = asked.text(enrolled).encode()
    return files.put(text + b"\n" + signer.sign_line(text).encode(), f"{asked.member.lower()}.note")


def _check(asked: _Asked, file: File, at: datetime) -> MemberKey:
    """The enrolled key that made the signature. Refused unless text, member, capacity and digests are as expected."""
    try:
        signed = notes.parse(file.read())
    except Unproven as error:
        raise Refused("form", f"{file.name} is no signed note: {error}") from None
    for enrolled in council.signing_keys(asked.person, at):
        if signed.text != asked.text(enrolled).encode():
            continue
        try:
            found = notes.check_lines(signed.text, signed.lines, [notes.Verifier.parse(enrolled.vkey)])
        except Unproven as error:
            raise Refused("credentials", f"the signature does not fit: {error}") from None
        if found:
            return enrolled
    raise Refused("credentials", _difference(signed.text.decode(errors="replace"), asked, at))


def _difference(text: str, asked: _Asked, at: datetime) -> str:
    """Why the signed text is not the one to sign: the first line that differs."""
    held = council.signing_keys(asked.person, at)
    if not held:
        return f"no key of {asked.person} is enrolled, or it was revoked"
    for got, wanted in zip(text.splitlines(), asked.text(held[-1]).splitlines(), strict=False):
        if got != wanted:
            return f"the note says “{got[:80]}” where the text to sign says “{wanted[:80]}”"
    return f"no line of the note is signed with the key enrolled for {asked.person}"


@act("signature.decline", may=access.may_decline, official="open", keep_refusals=True, folder="signatures")
def decline(instrument: Instrument, *, reason: str, by: Actor, at: datetime) -> Instrument:
    """Decline to sign, with the reason; the member may still sign while the round is open."""
    member = by.for_.removeprefix("member/")
    if Declined.objects.filter(instrument=instrument, member_id=member).exists():
        raise Refused("order", f"{member} has declined to sign {instrument.key} already")
    Declined.objects.create(instrument=instrument, member_id=member, reason=reason, by=by.id, declined_at=at)
    return instrument


@act("signature.withdraw", may=access.may_withdraw, official="open", keep_refusals=True, folder="signatures")
def withdraw(instrument: Instrument, *, prev: str, reason: str, by: Actor, at: datetime) -> Instrument:
    """Take back the signature whose act text has the digest `prev`, before the instrument is in force."""
    member = by.for_.removeprefix("member/")
    signed = SignedAct.objects.filter(instrument=instrument, member_id=member, text_digest=prev).first()
    if signed is None:
        raise Refused("form", f"no signature of {member} on {instrument.key} has the digest {prev[:12]}…")
    if queries.is_in_force(instrument):
        raise Refused("instruments.entry_into_force", f"{instrument.key} is in force; it is ended, not unsigned")
    SignatureWithdrawal.objects.create(signed=signed, reason=reason, by=by.id, withdrawn_at=at)
    return instrument


@act("signature.close", may=access.may_close, official="open", folder="signatures")
def close_round(instrument: Instrument, *, by: Actor, at: datetime) -> Instrument:
    """Close the round of signatures: who has not signed by now does not."""
    RoundClosed.objects.create(instrument=instrument, by=by.id, closed_at=at)
    return instrument
