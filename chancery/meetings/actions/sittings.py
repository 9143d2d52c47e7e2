"""Acts on a meeting: open, suspend, resume, close; who is present."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council.models import Body, Member, Person
from chancery.trail.actor import Actor
from chancery.trail.door import act
from chancery.trail.errors import Refused

from .. import access, queries
from ..models import Interval, Meeting, Presence, Session
from .delegations import delegation_of
from .sessions import state_after


@act("meeting.open", to="session body", may=access.chair)
def open_meeting(
    subject: Session | Body,
    *,
    number: int,
    session: Session | None = None,
    room: str | None = None,
    mode: Literal["in_person", "hybrid", "remote"] = "in_person",
    chair: Person | None = None,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Open a meeting of the session, or of a body on behalf of a session; the quorum at opening is shown."""
    gathering, body = (subject, None) if isinstance(subject, Session) else (session, subject)
    if gathering is None:
        raise Refused("form", "a body meets for a session: name it")
    if body is None and gathering.state != "open":
        raise Refused("order", f"session {gathering.key} is {gathering.state}; its meetings follow its opening")
    if body and body.dissolved_at:
        raise Refused("order", f"{body.key} ended; it meets no more")
    held = Meeting.objects.filter(session=gathering, body=body)
    if unfinished := held.exclude(state="closed").first():
        raise Refused("order", f"meeting {unfinished.key} is still {unfinished.state}")
    if number != held.count() + 1:
        raise Refused("order", f"the next meeting is number {held.count() + 1}, not {number}")
    key = "/".join(part for part in (gathering.key, body.key if body else "", str(number)) if part)
    meeting = Meeting.objects.create(
        key=key, session=gathering, body=body, number=number, room=room or "", mode=mode, chair=chair
    )
    Interval.objects.create(meeting=meeting, from_at=at)
    return meeting


def _end_interval(meeting: Meeting, at: datetime, how: str, until: datetime | None = None) -> None:
    Interval.objects.filter(meeting=meeting, to_at=None).update(to_at=at, ended=how, until=until)


@act("meeting.suspend", may=access.chair)
def suspend(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Suspend the meeting; the same meeting resumes."""
    state_after(meeting, ("open",), "suspended")
    _end_interval(meeting, at, "suspended", until)
    return meeting


@act("meeting.resume", may=access.chair)
def resume(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Resume a suspended meeting."""
    state_after(meeting, ("suspended",), "open")
    Interval.objects.create(meeting=meeting, from_at=at)
    return meeting


@act("meeting.close", may=access.chair)
def close_meeting(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Close the meeting; everyone present leaves with it."""
    state_after(meeting, ("open", "suspended"), "closed")
    _end_interval(meeting, at, "closed", until)
    Presence.objects.filter(meeting=meeting, to_at=None).update(to_at=at)
    return meeting


def _check_open(meeting: Meeting) -> None:
    if meeting.state == "closed":
        raise Refused("order", f"meeting {meeting.key} is closed")


@act("presence.enter", may=access.may_enter_presence)
def enter(
    meeting: Meeting, *, delegations: dict[Member, Literal["room", "remote"]], by: Actor, at: datetime
) -> Meeting:
    """Enter delegations as present, in the room or remotely."""
    _check_open(meeting)
    for member, channel in delegations.items():
        _check_own(by, member)
        delegation = delegation_of(meeting.session, member)
        if not access.may_take_part(delegation, at, access.credentials_required(meeting.session_id)):
            standing = access.standing_of(delegation, at)
            raise Refused("credentials", f"the credentials of {member.key} are {standing}")
        present = Presence.objects.filter(meeting=meeting, member=member, to_at=None)
        if not present.filter(channel=channel).exists():
            present.update(to_at=at)
            Presence.objects.create(meeting=meeting, member=member, channel=channel, from_at=at)
    if not meeting.opening_quorum:
        meeting.opening_quorum = queries.quorum(meeting, "open", at)
        meeting.save(update_fields=["opening_quorum"])
    return meeting


def _check_own(by: Actor, member: Member) -> None:
    if by.for_ and by.for_ != f"member/{member.key}":
        raise Refused("roles", f"{by.for_} cannot enter {member.key}")


@act("presence.leave", may=access.may_enter_presence)
def leave(meeting: Meeting, *, delegations: list[Member], by: Actor, at: datetime) -> Meeting:
    """Delegations leave the meeting."""
    _check_open(meeting)
    for member in delegations:
        _check_own(by, member)
        if not Presence.objects.filter(meeting=meeting, member=member, to_at=None).update(to_at=at):
            raise Refused("order", f"{member.key} is not present")
    return meeting
