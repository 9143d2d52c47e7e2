"""Who may sign: the head of a signatory's delegation, with an enrolled key."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.council.models import MemberKey
from chancery.meetings import access as meetings
from chancery.trail.actor import Actor, Permit

from .models import Instrument, SignedAct


def may_sign(instrument: Instrument, by: Actor, at: datetime) -> Permit:
    """A head or alternate on the letter of a signatory whose credentials hold, with a key, who has not signed."""
    member = by.for_.removeprefix("member/")
    if member not in instrument.signatories:
        return Permit(False, "signatories", f"{member or 'nobody'} is no signatory of {instrument.key}")
    if council.is_secretary(by, at):
        return Permit(False, "roles", "nobody signs in a member's place")
    if not (permit := meetings.speaks_for(by, instrument.session_id, at, vote=True)):
        return permit
    if not MemberKey.objects.filter(person_id=council.person_key(by)).exists():
        return Permit(False, "credentials", f"no key of {council.person_key(by)} is enrolled")
    if SignedAct.objects.filter(instrument=instrument, member_id=member).exists():
        return Permit(False, "order", f"{member} has signed {instrument.key} already")
    return Permit(True, "signatories", "")
