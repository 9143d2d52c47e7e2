"""The parts of a page that are the same for everybody of an audience. Streams send them; the pages include them.

A part never holds a button, a form, or what only one person may see: those the page fetches for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from chancery.council import access as council
from chancery.floor import rendition
from chancery.floor.models import QuestionPut, Referral, Result
from chancery.meetings import queries as sitting
from chancery.meetings.models import AgendaItem, Meeting, Session
from chancery.press import decided
from chancery.trail.models import Mention, Record
from chancery.trail.refs import Ref

from . import access
from .queries import room as rooms

Parts = dict[str, str]


def parts(about: Ref, audiences: set[str], at: datetime) -> Parts:
    """The parts of the page about `about`, by name, for everybody of these audiences; in the language in force."""
    session = Session.objects.get(pk=about.key.partition("/")[0])
    templates, context = MAKERS[about.kind](about.key, session, audiences, at)
    frame = {"session": session, "zone": session.zone, "council": council.council(), "at": at}
    return {name: render_to_string(f"desk/live/{name}.html", frame | context) for name in templates}


Made = tuple[tuple[str, ...], dict[str, Any]]


def room_context(found: rooms.Room) -> dict[str, Any]:
    """What the room shows to all who may see its question."""
    language = decided.language()
    question = found.question
    return {
        "room": found,
        "meeting": found.meeting,
        "item": found.item,
        "question": question,
        "cells": rooms.presence_cells(found.seats, language),
        "positions": rendition.strip(question, council.members(), language) if question else [],
        "called": question.ballots.values("member").distinct().count() if question else 0,
        **(_decided(found.decided) if found.decided else {}),
    }


def _decided(result: Result) -> dict[str, Any]:
    return {"decided": result, "outcome": rendition.outcome_word(result.status), "how": decided.how(result)}


def _room(key: str, session: Session, audiences: set[str], at: datetime) -> Made:
    found = rooms.room(rooms.meeting_for(key), at, council.members(), _sees(audiences))
    acts = access.acts_of_all(audiences).filter(session=session).order_by("-id")[:10]
    return ("room-head", "room-question", "room-presence", "acts"), room_context(found) | {"acts": list(acts)}


def _sees(audiences: set[str]) -> Callable[[QuestionPut], bool]:
    return lambda one: one.audience in audiences


def _question(key: str, session: Session, audiences: set[str], at: datetime) -> Made:
    found = QuestionPut.objects.select_related("session", "meeting").get(pk=key)
    if found.audience not in audiences:
        return (), {}
    result = Result.objects.filter(question=found).first()
    context = question_context(found) | {"referral": Referral.objects.filter(subject=found.ref).first()}
    if result:
        context |= _decided(result) | {"result": result}
    about = [found.ref, result.ref] if result else [found.ref]
    return ("question-head", "question-stand", "acts"), context | {"acts": _about(audiences, *about)}


def question_context(found: QuestionPut) -> dict[str, Any]:
    """How each member stands on a question."""
    return {"question": found, "cells": rendition.strip(found, council.members(), decided.language())}


def _item(key: str, session: Session, audiences: set[str], at: datetime) -> Made:
    found = AgendaItem.objects.select_related("body").get(pk=key)
    return ("item-head", "acts"), {"item": found, "acts": _about(audiences, found.ref)}


def _session(key: str, session: Session, audiences: set[str], at: datetime) -> Made:
    acts = access.acts_of_all(audiences).filter(session=session).order_by("-id")[:12]
    return ("session-state", "session-room", "acts"), {"room": room_now(session, at), "acts": list(acts)}


def room_now(session: Session, at: datetime) -> dict[str, Any] | None:
    """Who is in the room of the meeting that sits, and whether the quorum holds."""
    meeting = Meeting.objects.filter(session=session, body=None, state="open").first()
    if meeting is None:
        return None
    cells = rooms.presence_strip(council.members(), set(sitting.present(meeting, at)), decided.language())
    return {"meeting": meeting, "cells": cells, "quorum": sitting.quorum(meeting, "decide", at)}


def _about(audiences: set[str], *refs: Ref) -> list[Record]:
    mentioned = Mention.objects.filter(ref__in=refs).values("record")
    return list(access.acts_of_all(audiences).filter(pk__in=mentioned).order_by("-id")[:200])


MAKERS: dict[str, Callable[[str, Session, set[str], datetime], Made]] = {
    "meeting": _room,
    "question": _question,
    "item": _item,
    "session": _session,
}

# The acts, by noun, that may change more of a page than its session's news; a room and a session show them all.
NOUNS = {
    "question": {
        "question",
        "ballot",
        "ballots",
        "objection",
        "decision",
        "record",
        "statement",
        "meeting",
        "referral",
    },
    "item": {"item", "paper", "draft", "question", "poll", "speech", "meeting", "decision"},
}


def matters(record: Record, about: Ref) -> bool:
    """Whether an act may change the page about `about`."""
    nouns = NOUNS.get(about.kind)
    return nouns is None or record.act.partition(".")[0] in nouns
