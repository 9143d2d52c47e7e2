"""The way of one text through the house, as every page about that text shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from chancery import fmt
from chancery.council.models import local_day
from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut, Result
from chancery.register.queries import entry_of
from chancery.signing.models import Instrument
from chancery.signing.queries import progress
from chancery.texts.models import Draft, Version
from chancery.trail import refs


@dataclass(frozen=True)
class Stop:
    """One station on the way: its name, when or what, and its state (done, now, ahead)."""

    name: str
    detail: str
    state: str = "done"


def of_question(question: QuestionPut, language: str) -> list[Stop]:
    """The way of the text that a question puts, as far as it has come."""
    zone = question.session.zone
    subject = refs.get(question.subject)
    result = Result.objects.filter(question=question).first()
    stops = [*_before(subject, language, zone), _decided(question, result, language, zone)]
    decision = Decision.objects.filter(result=result).first() if result else None
    if decision is None:
        return stops
    stops.append(Stop(gettext("Issued"), _day(decision.issued_at, language, zone)))
    if instrument := Instrument.objects.filter(decision=decision).first():
        stops.append(_signed(instrument))
    stops.append(_entered(decision))
    return stops


def of_draft(draft: Draft, language: str) -> list[Stop]:
    """The way of a draft that may not have been put yet."""
    version = Version.objects.filter(draft=draft).order_by("-number").first()
    question = QuestionPut.objects.filter(subject=version.ref).order_by("-number").first() if version else None
    if question:
        return of_question(question, language)
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


def _signed(instrument: Instrument) -> Stop:
    everyone = progress(instrument)
    count = sum(1 for signatory in everyone if signatory.signed)
    detail = gettext("{n} of {all}").format(n=count, all=len(everyone))
    return Stop(gettext("Signed"), detail, "done" if count == len(everyone) else "now")


def _entered(decision: Decision) -> Stop:
    entry = entry_of("decision.issue", decision.ref)
    if entry is None:
        return Stop(gettext("Registered"), "", "ahead")
    return Stop(gettext("Registered"), gettext("entry {n}").format(n=entry.index))


def _day(instant: datetime, language: str, zone: str) -> str:
    return fmt.date_long(local_day(instant, zone), language)
