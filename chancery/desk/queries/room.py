"""The room of a meeting: what is under debate, who is here, what stands before the council."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from chancery.council.models import Member
from chancery.floor import rendition
from chancery.floor.models import QuestionPut, Result
from chancery.meetings import access as meetings
from chancery.meetings import queries as sitting
from chancery.meetings.models import AgendaItem, Delegation, Meeting
from chancery.trail.errors import Unknown


@dataclass(frozen=True)
class Seat:
    """A member's place: whether its delegation is here, and whether its credentials let it take part."""

    member: Member
    is_here: bool
    standing: str
    may_sit: bool


@dataclass(frozen=True)
class Room:
    """What everybody in the room looks at."""

    meeting: Meeting
    items: list[AgendaItem]
    questions: list[QuestionPut]
    decided: Result | None
    seats: list[Seat]
    need: int | None

    @property
    def item(self) -> AgendaItem | None:
        return next((item for item in self.items if item.state == "under_debate"), None)

    @property
    def question(self) -> QuestionPut | None:
        return self.questions[0] if self.questions else None

    @property
    def here(self) -> int:
        return sum(seat.is_here for seat in self.seats)

    @property
    def listed(self) -> list[AgendaItem]:
        return [item for item in self.items if item.state == "listed" and item.category != "section"]


def meeting_for(key: str) -> Meeting:
    """The meeting with this key. Raises Unknown."""
    found = Meeting.objects.filter(pk=key).select_related("session", "body").first()
    if found is None:
        raise Unknown(f"meeting/{key}", "")
    return found


def room(meeting: Meeting, at: datetime, members: list[Member], sees: Callable[[QuestionPut], bool]) -> Room:
    """The room as it is at `at`, with those questions that the reader `sees`."""
    here = set(sitting.present(meeting, at))
    held = {d.member_id: d for d in meetings.delegations(meeting.session_id)}
    required = meetings.credentials_required(meeting.session_id)
    seats = [_seat(member, member.key in here, held.get(member.key), required, at) for member in members]
    plenary = meeting.body_id is None
    items = list(AgendaItem.objects.filter(session=meeting.session_id)) if plenary else []
    shown = [one for one in _questions(meeting) if sees(one)] if plenary else []
    need = sitting.quorum(meeting, "decide", at)["need"]
    results = [one.result for one in shown if one.state == "closed" and hasattr(one, "result")]
    return Room(
        meeting, items, [one for one in shown if one.state == "put"], results[-1] if results else None, seats, need
    )


def _questions(meeting: Meeting) -> QuerySet[QuestionPut]:
    """What stands before the council, and what this meeting has decided, with the results."""
    held = QuestionPut.objects.filter(session=meeting.session_id).select_related("result")
    return held.filter(Q(state="put") | Q(meeting=meeting, state="closed"))


def _seat(member: Member, is_here: bool, held: Delegation | None, required: bool, at: datetime) -> Seat:
    if held is None:
        return Seat(member, is_here, "missing", not required)
    return Seat(member, is_here, meetings.standing_of(held, at), meetings.may_take_part(held, at, required))


def presence_cells(seats: list[Seat], language: str) -> list[dict[str, str]]:
    """The strip of members: here or away."""
    here = {seat.member.key for seat in seats if seat.is_here}
    return presence_strip([seat.member for seat in seats], here, language)


def presence_strip(members: list[Member], present: set[str], language: str) -> list[dict[str, str]]:
    """The same from the members and those of them who are present."""
    here, away = gettext("here"), gettext("away")
    return [
        rendition.cell(
            member, "for" if member.key in present else "none", here if member.key in present else away, language
        )
        for member in members
    ]
