"""Who may sign, decline, take a signature back: the head of a signatory's delegation, with an enrolled key."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.decisions.models import Decision
from chancery.meetings import access as meetings
from chancery.trail.actor import Actor, Permit
from chancery.trail.memory import once

from .models import Instrument, RoundClosed, SignedAct


def may_be_opened(decision: Decision, by: Actor, at: datetime) -> Permit:
    """A decision is opened for signature once."""
    opened = once(f"round of {decision.key}", lambda: Instrument.objects.filter(decision=decision).exists())
    return council.permit(not opened, "order", f"{decision.key} is open for signature already")


def may_sign(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """A head or alternate on the letter of a signatory whose credentials hold, with a key, who has not signed."""
    if not (permit := _as_signatory(instrument, by, at)):
        return permit
    if not council.signing_keys(council.person_key(by), at):
        return Permit(False, "credentials", f"no key of {council.person_key(by)} is enrolled, or it was revoked")
    return _has_not_signed(instrument, by)


def _as_signatory(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """The person who signs for a signatory in its own right, while the round is open."""
    member = by.for_.removeprefix("member/")
    if member not in instrument.signatories:
        return Permit(False, "signatories", f"{member or 'nobody'} is no signatory of {instrument.key}")
    if council.is_secretary(by, at):
        return Permit(False, "roles", "nobody signs in a member's place")
    if not (permit := meetings.speaks_for(by, instrument.session_id, at, vote=True)):
        return permit
    if _is_closed(instrument):
        return Permit(False, "order", f"the round of signatures of {instrument.key} is closed")
    return Permit(True, "signatories", "")


def _has_not_signed(instrument: Instrument, by: Actor) -> Permit:
    member = by.for_.removeprefix("member/")
    signed = next((one for one in signed_acts(instrument) if one.member_id == member), None)
    if signed is None:
        return Permit(True, "signatories", "")
    taken_back = getattr(signed, "withdrawal", None)
    because = "has taken its signature back from" if taken_back else "has signed"
    return Permit(False, "order", f"{member} {because} {instrument.key} already")


def _is_closed(instrument: Instrument) -> bool:
    """Whether the round of signatures is over; asked once for a page or an act."""
    closed: bool = once(f"closed {instrument.key}", lambda: RoundClosed.objects.filter(instrument=instrument).exists())
    return closed


def signed_acts(instrument: Instrument) -> list[SignedAct]:
    """What was signed of an instrument, also what was taken back; read once for a page or an act."""
    given = SignedAct.objects.filter(instrument=instrument).select_related("person", "key", "withdrawal")
    found: list[SignedAct] = once(f"signed {instrument.key}", lambda: list(given))
    return found


def may_decline(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """Who may sign may say that the member will not; no key is needed for that."""
    if not (permit := _as_signatory(instrument, by, at)):
        return permit
    return _has_not_signed(instrument, by)


def may_withdraw(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """Who signs for a member that has signed."""
    if not (permit := _as_signatory(instrument, by, at)):
        return permit
    member = by.for_.removeprefix("member/")
    mine = [one for one in signed_acts(instrument) if one.member_id == member]
    standing = any(getattr(one, "withdrawal", None) is None for one in mine)
    return council.permit(standing, "order", f"no signature of {member} stands on {instrument.key}")


def may_close(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """The secretariat closes the round, once."""
    if _is_closed(instrument):
        return Permit(False, "order", f"the round of signatures of {instrument.key} is closed already")
    return council.secretary(instrument, by, at)
