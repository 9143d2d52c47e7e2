"""The act text that each member signs, and who has signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chancery.council import access as council
from chancery.council.models import Member, MemberKey
from chancery.ledger import acts
from chancery.meetings import access as meetings
from chancery.trail.memory import keep

from .models import Declined, Instrument, SignatureWithdrawal, SignedAct


def act_text(instrument: Instrument, key: MemberKey, member: str, office: str, verb: str = "sign") -> str:
    """The eleven lines a signatory signs, to the letter."""
    decision = instrument.decision
    languages = tuple(sorted(decision.text, key=_authentic_order))
    return acts.ActText(
        council=council.council().origin,
        session=instrument.session_id,
        object=instrument.key,
        documents=(acts.Digest(instrument.document.sha256),),
        texts=tuple(acts.Digest(decision.file(language).sha256) for language in languages),
        lang=languages,
        act=verb,
        office=office,
        member=member,
        credentials=key.credential,
    ).text()


def _authentic_order(language: str) -> int:
    order: list[str] = council.council().authentic
    return order.index(language) if language in order else len(order)


def office_of(instrument: Instrument, person: str, member: str, at: object) -> str:
    """The capacity in which a person signs: head of delegation or alternate."""
    listed = meetings.delegates(instrument.session_id, member, at)  # type: ignore[arg-type]
    capacity = next((d.capacity for d in listed if d.person_id == person), "head")
    return "head of delegation" if capacity == "head" else "alternate head of delegation"


@dataclass(frozen=True)
class Signatory:
    """A member that is to sign, and its signed act if it has; a refusal to sign and a signature taken back."""

    member: Member
    signed: SignedAct | None
    declined: Declined | None = None
    taken_back: SignatureWithdrawal | None = None


def progress(instrument: Instrument) -> list[Signatory]:
    """All signatories in seating order with what they have signed."""
    return progress_of([instrument])[0][1]


def progress_of(instruments: Iterable[Instrument]) -> list[tuple[Instrument, list[Signatory]]]:
    """The same for several instruments, in three queries however many there are."""
    held = list(instruments)
    given = SignedAct.objects.filter(instrument__in=held).select_related("person", "key", "withdrawal")
    signed = {(act.instrument_id, act.member_id): act for act in given}
    declined = {(row.instrument_id, row.member_id): row for row in Declined.objects.filter(instrument__in=held)}
    for one in held:
        keep(f"signed {one.key}", [act for (key, _), act in signed.items() if key == one.pk])
    members = council.members()
    return [
        (
            one,
            [
                _signatory(member, signed.get((one.pk, member.key)), declined.get((one.pk, member.key)))
                for member in members
                if member.key in one.signatories
            ],
        )
        for one in held
    ]


def _signatory(member: Member, signed: SignedAct | None, declined: Declined | None) -> Signatory:
    taken_back = getattr(signed, "withdrawal", None)
    return Signatory(member, None if taken_back else signed, None if signed else declined, taken_back)


def is_in_force(instrument: Instrument) -> bool:
    """By the rule on entry into force: in force once all signatories have signed."""
    signed = SignedAct.objects.filter(instrument=instrument, withdrawal=None).values("member").distinct().count()
    return signed == len(instrument.signatories)
