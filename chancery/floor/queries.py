"""A question as the standard document from which `chancery decide` recomputes its outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chancery import canon
from chancery.meetings import access as meetings
from chancery.meetings.models import Presence

from .models import Ballot, QuestionPut


def has_right(question: QuestionPut, member: str, at: datetime) -> bool:
    """Whether the member's right to vote was in force at the instant."""
    spans = question.electorate.get("rights", {}).get(member)
    if spans is None:
        return True
    moment = canon.instant_text(at)
    return any((start or "") <= moment and (end is None or moment < end) for start, end in spans)


def document(question: QuestionPut, at: datetime, override: dict[str, str] | None = None) -> dict[str, Any]:
    """The inputs of the decision, complete: rule set, question, electorate, events up to `at`."""
    asked: dict[str, Any] = {
        "id": f"question/{question.key}",
        "method": question.method,
        "subject": {"ref": question.subject, "sha256": question.subject_digest},
    }
    if question.test:
        asked["test"] = question.test
    return {
        "ruleset": meetings.rules_for(question.session_id).document,
        "question": asked,
        "electorate": question.electorate,
        "events": _events(question, at, override),
    }


def _events(question: QuestionPut, at: datetime, override: dict[str, str] | None) -> list[dict[str, Any]]:
    ballots = list(question.ballots.all())
    mode = ballots[0].mode if ballots else "recorded"
    happened = [(question.put_at, 0, _announcement(question, mode))] if question.method == "vote" else []
    happened += [(b.cast_at, n, _ballot(b)) for n, b in enumerate(ballots, 1)]
    happened += [
        (o.stated_at, n, {"kind": "objection", "by": _bare(o.by), "for": o.member_id, "data": {"reason": o.reason}})
        for n, o in enumerate(question.objections.all(), 1)
    ]
    happened += _movements(question, at)
    last = len(happened) + 1
    if override:
        happened.append((at, last, {"kind": "override", "by": "chair", "data": override}))
    happened.append((at, last + 1, {"kind": "result.announced", "by": "chair", "data": {"about": "whole"}}))
    ordered = sorted(happened, key=lambda event: event[:2])
    return [{"seq": n, "at": canon.instant_text(moment)} | event for n, (moment, _, event) in enumerate(ordered, 1)]


def _announcement(question: QuestionPut, mode: str) -> dict[str, Any]:
    return {"kind": "vote.announced", "by": "chair", "data": {"about": "whole", "mode": mode}}


def _ballot(ballot: Ballot) -> dict[str, Any]:
    return {"kind": "ballot.cast", "by": _bare(ballot.by), "for": ballot.member_id, "data": {"value": ballot.value}}


def _movements(question: QuestionPut, at: datetime) -> list[tuple[datetime, int, dict[str, Any]]]:
    """Who came and went between the putting of the question and its result."""
    moved = []
    for span in Presence.objects.filter(meeting_id=question.meeting_id):
        if question.put_at < span.from_at <= at:
            data = {"channel": span.channel}
            moved.append(
                (span.from_at, 0, {"kind": "presence.in", "by": span.member_id, "for": span.member_id, "data": data})
            )
        if span.to_at and question.put_at < span.to_at <= at:
            moved.append(
                (span.to_at, 0, {"kind": "presence.out", "by": span.member_id, "for": span.member_id, "data": {}})
            )
    return moved


def _bare(actor: str) -> str:
    return actor.removeprefix("person/")


def values(question: QuestionPut) -> dict[str, str]:
    """Each member's last ballot."""
    return {ballot.member_id: ballot.value for ballot in question.ballots.all()}
