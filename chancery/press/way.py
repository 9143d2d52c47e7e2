"""The way of one text through the house, as every page about that text shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from chancery import fmt
from chancery.council.models import local_day
from chancery.floor.models import QuestionPut, Result
from chancery.register.queries import Entry
from chancery.texts.models import Draft, Version

from . import chain
from .chain import Chain


@dataclass(frozen=True)
class Stop:
    """One station on the way: its name, when or what, and its state (done, now, ahead)."""

    name: str
    detail: str
    state: str = "done"


def of_question(found: Chain, language: str) -> list[Stop]:
    """The way of the text that a question puts, as far as it has come."""
    zone = found.question.session.zone
    stops = [*_before(found.subject, language, zone), _decided(found.question, found.result, language, zone)]
    if found.decision is None:
        return stops
    stops.append(Stop(gettext("Issued"), _day(found.decision.issued_at, language, zone)))
    if found.instrument:
        stops.append(_signed(found))
    stops.append(_entered(found.issued))
    return stops


def of_draft(draft: Draft, version: Version | None, question: QuestionPut | None, language: str) -> list[Stop]:
    """The way of a draft: with its newest version and the question that puts it, where there are such."""
    if question:
        return of_question(chain.of_question(question), language)
    zone = draft.session.zone
    stops = [Stop(gettext("Tabled"), _day(draft.tabled_at, language, zone))]
    if version:
        return [
            *stops,
            Stop(gettext("Frozen"), _day(version.frozen_at, language, zone)),
            Stop(gettext("Put"), "", "ahead"),
        ]
    return [*stops, Stop(gettext("Negotiated"), "", "now"), Stop(gettext("Frozen"), "", "ahead")]


def _before(subject: Any, language: str, zone: str) -> list[Stop]:
    if isinstance(subject, Version):
        return [
            Stop(gettext("Tabled"), _day(subject.draft.tabled_at, language, zone)),
            Stop(gettext("Frozen"), _day(subject.frozen_at, language, zone)),
        ]
    stops = [Stop(gettext("Tabled"), _day(subject.tabled_at, language, zone))] if hasattr(subject, "tabled_at") else []
    issued = getattr(subject, "issued_at", None)
    return [*stops, Stop(gettext("Given out"), _day(issued, language, zone))] if issued else stops


def _decided(question: QuestionPut, result: Result | None, language: str, zone: str) -> Stop:
    if question.state == "referred":
        return Stop(gettext("Referred"), _day(question.put_at, language, zone), "now")
    if result is None:
        return Stop(gettext("Before the council"), _day(question.put_at, language, zone), "now")
    name = gettext("Adopted") if result.status == "adopted" else gettext("Not adopted")
    return Stop(name, _day(result.declared_at, language, zone))


def _signed(found: Chain) -> Stop:
    detail = gettext("{n} of {all}").format(n=found.signed, all=len(found.signatories))
    return Stop(gettext("Signed"), detail, "done" if found.signed == len(found.signatories) else "now")


def _entered(entry: Entry | None) -> Stop:
    if entry is None:
        return Stop(gettext("Registered"), "", "ahead")
    return Stop(gettext("Registered"), gettext("entry {n}").format(n=entry.index))


def _day(instant: datetime, language: str, zone: str) -> str:
    return fmt.date_long(local_day(instant, zone), language)
