"""Acts on a meeting: plan, open, suspend, resume, adjourn, close; who is present, and whether they suffice."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council.models import Body, Member, Person
from chancery.procedure import quorum
from chancery.trail.actor import Actor, both, in_state
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Referable

from .. import access, queries
from ..models import ENDED, Interval, Meeting, Presence, QuorumChallenge, Session
from .delegations import delegation_of
from .sessions import state_after


@act("meeting.open", to="session body", may=access.may_open_meeting)
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
    if body and body.dissolved_at:
        raise Refused("order", f"{body.key} ended; it meets no more")
    held = Meeting.objects.filter(session=gathering, body=body).exclude(state="planned")
    if unfinished := held.exclude(state__in=ENDED).first():
        raise Refused("order", f"meeting {unfinished.key} is still {unfinished.state}")
    if number != held.count() + 1:
        raise Refused("order", f"the next meeting is number {held.count() + 1}, not {number}")
    meeting = _planned(gathering, body, number)
    meeting.state, meeting.mode, meeting.chair = "open", mode, chair
    meeting.room = room or meeting.room
    meeting.save()
    Interval.objects.create(meeting=meeting, from_at=at)
    return meeting


def _planned(session: Session, body: Body | None, number: int) -> Meeting:
    """The meeting of this number as it was planned, else a new one."""
    key = "/".join(part for part in (session.key, body.key if body else "", str(number)) if part)
    found = Meeting.objects.filter(pk=key).first()
    return found or Meeting(key=key, session=session, body=body, number=number)


@act("meeting.plan", to="session body", may=access.chair_or_secretary)
def plan_meeting(
    subject: Session | Body,
    *,
    number: int,
    session: Session | None = None,
    room: str | None = None,
    opens: datetime,
    closes: datetime | None = None,
    mode: Literal["in_person", "hybrid", "remote"] = "in_person",
    by: Actor,
    at: datetime,
) -> Meeting:
    """Plan a meeting: when and where it sits; planned again under its number, it is moved."""
    gathering, body = (subject, None) if isinstance(subject, Session) else (session, subject)
    if gathering is None:
        raise Refused("form", "a body meets for a session: name it")
    if gathering.state in ("closed", "cancelled") or (body and body.dissolved_at):
        raise Refused("order", f"{subject.key} meets no more")
    if closes and closes <= opens:
        raise Refused("order", "the meeting would end before it begins")
    known = [found["code"] for found in gathering.rooms]
    if room and known and room not in known:
        raise Refused("form", f"there is no room {room} at this session; there are {', '.join(known)}")
    meeting = _planned(gathering, body, number)
    if meeting.state != "planned" and meeting.pk and Meeting.objects.filter(pk=meeting.pk).exists():
        raise Refused("order", f"meeting {meeting.key} is {meeting.state}; it is planned no more")
    if number < 1:
        raise Refused("form", "meetings are numbered from 1")
    meeting.state, meeting.mode, meeting.room = "planned", mode, room or ""
    meeting.opens_at, meeting.closes_at = opens, closes
    meeting.save()
    return meeting


def _end_interval(meeting: Meeting, at: datetime, how: str, until: datetime | None = None) -> None:
    Interval.objects.filter(meeting=meeting, to_at=None).update(to_at=at, ended=how, until=until)


@act("meeting.suspend", may=both(access.chair, in_state("open")))
def suspend(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Suspend the meeting; the same meeting resumes."""
    state_after(meeting, ("open",), "suspended")
    _end_interval(meeting, at, "suspended", until)
    return meeting


@act("meeting.resume", may=both(access.chair, in_state("suspended")))
def resume(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Resume a suspended meeting."""
    state_after(meeting, ("suspended",), "open")
    Interval.objects.create(meeting=meeting, from_at=at)
    return meeting


@act("meeting.close", may=both(access.chair, in_state("open", "suspended")))
def close_meeting(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Close the meeting; everyone present leaves with it."""
    state_after(meeting, ("open", "suspended"), "closed")
    _end_interval(meeting, at, "closed", until)
    Presence.objects.filter(meeting=meeting, to_at=None).update(to_at=at)
    return meeting


@act("meeting.adjourn", may=both(access.chair, in_state("open", "suspended")))
def adjourn(meeting: Meeting, *, until: datetime | None = None, by: Actor, at: datetime) -> Meeting:
    """Adjourn the meeting: it ends, and its business goes on at the next one."""
    state_after(meeting, ("open", "suspended"), "adjourned")
    _end_interval(meeting, at, "adjourned", until)
    Presence.objects.filter(meeting=meeting, to_at=None).update(to_at=at)
    return meeting


@act("presence.enter", may=both(access.may_enter_presence, in_state("open", "suspended")))
def enter(
    meeting: Meeting, *, delegations: dict[Member, Literal["room", "remote"]], by: Actor, at: datetime
) -> Meeting:
    """Enter delegations as present, in the room or remotely."""
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


@act("presence.leave", may=both(access.may_enter_presence, in_state("open", "suspended")))
def leave(meeting: Meeting, *, delegations: list[Member], by: Actor, at: datetime) -> Meeting:
    """Delegations leave the meeting."""
    for member in delegations:
        _check_own(by, member)
        if not Presence.objects.filter(meeting=meeting, member=member, to_at=None).update(to_at=at):
            raise Refused("order", f"{member.key} is not present")
    return meeting


@act("presence.challenge", to="meeting question", may=access.voice_of_a_member)
def challenge(subject: Referable, *, by: Actor, at: datetime) -> Meeting:
    """Challenge the quorum: it is counted at once. A question is challenged only before its result."""
    meeting = subject if isinstance(subject, Meeting) else queries.sitting(_session_of(subject), at)
    purpose: Literal["debate", "decide"] = "debate" if isinstance(subject, Meeting) else "decide"
    if isinstance(subject, Meeting) and subject.state != "open":
        raise Refused("order", f"meeting {subject.key} is {subject.state}; it has no quorum to challenge")
    if not isinstance(subject, Meeting) and getattr(subject, "state", "") != "put":
        raise Refused("order", f"{subject.ref} has its result; a challenge comes before it")
    found = queries.quorum(meeting, purpose, at)
    needed = quorum.challenges_needed(access.rules_for(meeting.session_id).quorum, queries.membership(meeting, at))
    earlier = QuorumChallenge.objects.filter(subject=subject.ref).values_list("member_id", flat=True).distinct()
    member = by.for_.removeprefix("member/")
    made = len({*earlier, member})
    QuorumChallenge.objects.create(
        meeting=meeting,
        subject=subject.ref,
        member_id=member,
        found=found | {"challenges": made, "needed": needed},
        challenged_at=at,
    )
    satisfies(f"quorum.{purpose}")
    return meeting


def _session_of(subject: Referable) -> Session:
    return Session.objects.get(pk=getattr(subject, "session_id", None))
