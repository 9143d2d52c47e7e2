"""What was entered for a member, and what is contested of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from chancery.floor.models import QuestionPut
from chancery.trail.models import Record
from chancery.trail.refs import Ref

from .models import Contest

ACTS = {
    "ballot": ("ballot.cast", "ballots.record"),
    "objection": ("objection.state",),
    "presence": ("presence.enter", "presence.leave"),
    "statement": ("statement.file",),
}


@dataclass(frozen=True)
class Entry:
    """The newest thing that somebody else wrote down for a member: its record and what it says, in a word."""

    record: Record
    says: str


def entered_for(member: str, own: set[str], subject: Ref, place: str) -> Entry | None:
    """What was entered for a member last at a place; nothing if its own people (`own`, references) did it."""
    about = Q(result=subject) if place == "statement" else Q(subject=subject)
    records = Record.objects.filter(about, act__in=ACTS[place], outcome="done").order_by("-id")
    for record in records:
        if (says := _says(record, member)) is not None:
            return None if record.by in own and not record.entered_by else Entry(record, says)
    return None


def _says(record: Record, member: str) -> str | None:
    """What a record says of the member; None where it says nothing of it."""
    args: dict[str, Any] = record.args
    match record.act:
        case "ballots.record":
            found = args["values"].get(member)
        case "presence.enter":
            found = args["delegations"].get(member)
        case "presence.leave":
            found = "left" if f"member/{member}" in args["delegations"] else None
        case "ballot.cast":
            found = args["value"] if record.for_whom == f"member/{member}" else None
        case "objection.state":
            found = "objected" if record.for_whom == f"member/{member}" else None
        case _:
            found = args["kind"] if f"member/{member}" in args["authors"] else None
    return None if found is None else str(found)


def contests_of(question: QuestionPut) -> list[Contest]:
    """What delegations contest of a question: it stands on every rendition of it."""
    return list(Contest.objects.filter(question=question.key).select_related("member"))
