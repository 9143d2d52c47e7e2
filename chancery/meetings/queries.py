"""What is known of a session at an instant: the meeting that sits, who is present, who may vote, the quorum."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chancery import canon
from chancery.council import access as council
from chancery.council.models import Member, RightsInterval, Weight, local_day
from chancery.procedure import quorum as rules
from chancery.procedure.questions import Electorate
from chancery.trail.errors import Refused

from . import access
from .models import Delegation, Meeting, Presence, QuorumChallenge, Session, overlaps


def sitting(session: Session, at: datetime) -> Meeting:
    """The meeting of the plenary that sits now. Refused when none does."""
    found = Meeting.objects.filter(session=session, body=None, state="open").first()
    if found is None:
        raise Refused("order", f"no meeting of session {session.key} is open")
    return found


def present(meeting: Meeting, at: datetime) -> list[str]:
    """The codes of those present at an instant, in seating order."""
    spans = Presence.objects.filter(meeting=meeting).order_by("member__seat")
    return [span.member_id for span in spans if overlaps(span.from_at, span.to_at, at)]


def electorate(session: Session, meeting: Meeting, at: datetime) -> dict[str, Any]:
    """Who may take part in a decision as things stand at `at`, in the standard form of `chancery decide`."""
    members = _members(session, at)
    delegations = list(Delegation.objects.filter(session=session).prefetch_related("credentials"))
    required = access.credentials_required(session.key)
    seated = {d.member_id: access.may_take_part(d, at, required) for d in delegations}
    chair = council.chairmanship("council", at)
    value: dict[str, Any] = {
        "zone": session.zone,
        "chair": chair.member_id if chair else "",
        "members": [m.key for m in members],
        "rights": _rights(members, session.zone) | {d.member_id: [] for d in delegations if not access.may_vote(d, at)},
        "accredited": {m.key: [] for m in members if not seated.get(m.key, not required)},
        "presence": present(meeting, at),
    }
    if weights := _weights(members, session, at):
        value["weights"] = weights
    return {key: part for key, part in value.items() if part not in ({}, "")}


def _members(session: Session, at: datetime) -> list[Member]:
    day = local_day(at, session.zone)
    return [m for m in Member.objects.order_by("seat") if m.is_member(day)]


def _rights(members: list[Member], zone: str) -> dict[str, list[list[str | None]]]:
    """Spans in which each member with a suspension may vote; who has none is left out."""
    spans = RightsInterval.objects.filter(member__in=members).order_by("from_on")
    rights: dict[str, list[list[str | None]]] = {}
    for member in members:
        start: str | None = _midnight(member.joined_on, zone)
        free: list[list[str | None]] = []
        for span in (s for s in spans if s.member_id == member.key):
            free.append([start, _midnight(span.from_on, zone)])
            start = _midnight(span.to_on, zone) if span.to_on else None
        if free:
            rights[member.key] = free + ([[start, None]] if start else [])
    return rights


def _midnight(day: Any, zone: str) -> str:
    return canon.instant_text(datetime.combine(day, time(), ZoneInfo(zone)))


def _weights(members: list[Member], session: Session, at: datetime) -> dict[str, dict[str, str]]:
    day = local_day(session.opens_at, session.zone)
    sets: dict[str, dict[str, str]] = {}
    for weight in Weight.objects.filter(member__in=members, from_on__lte=day).order_by("from_on"):
        sets.setdefault(weight.name, {})[weight.member_id] = weight.value
    return {name: values for name, values in sets.items() if len(values) == len(members)}


def membership(meeting: Meeting, at: datetime) -> int:
    """How many members the council has at an instant."""
    return len(_members(meeting.session, at))


def challenges(subject: str, at: datetime) -> list[QuorumChallenge]:
    """The challenges of the quorum of a meeting or question (its reference) until an instant, in order."""
    return list(QuorumChallenge.objects.filter(subject=subject, challenged_at__lte=at))


def quorum(meeting: Meeting, moment: rules.Purpose, at: datetime) -> dict[str, Any]:
    """The quorum of a meeting at a moment the rules name (open, debate, decide): need, present, met, rule."""
    ruleset = access.rules_for(meeting.session_id)
    members = tuple(member.key for member in _members(meeting.session, at))
    seated = Electorate(zone=meeting.session.zone, members=members, presence=frozenset(present(meeting, at)))
    step = rules.is_present_enough(ruleset.quorum, moment, seated, at)
    if step is None:
        return {"need": None, "present": len(present(meeting, at)), "met": True, "parameter": f"quorum.{moment}"}
    return {"need": int(step.need), "present": step.got, "met": step.met, "parameter": f"quorum.{moment}"}
