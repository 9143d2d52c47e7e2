"""What came of a question: its text, result, decision, instrument, signatures and entries, each loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut, Result
from chancery.register.queries import Entry, entries_of
from chancery.signing.models import Instrument
from chancery.signing.queries import Signatory, progress
from chancery.texts.models import Version
from chancery.trail import refs


@dataclass(frozen=True)
class Chain:
    """The products of the stations after a question, as far as it has come."""

    question: QuestionPut
    subject: Any
    result: Result | None
    decision: Decision | None
    instrument: Instrument | None
    signatories: list[Signatory]
    closed: Entry | None
    issued: Entry | None

    @property
    def signed(self) -> int:
        return sum(1 for signatory in self.signatories if signatory.signed)


def of_question(question: QuestionPut, subject: Any = None) -> Chain:
    """All that came of a question; `subject`, what it puts, where that is at hand."""
    decision = Decision.objects.filter(result__question=question).select_related("result").first()
    result = decision.result if decision else Result.objects.filter(question=question).first()
    return _chain(question, result, decision, subject)


def of_result(result: Result) -> Chain:
    """All that came of a result."""
    return _chain(result.question, result, Decision.objects.filter(result=result).first())


def of_decision(decision: Decision) -> Chain:
    """All that came of the question that a decision answers."""
    return _chain(decision.result.question, decision.result, decision)


def _chain(question: QuestionPut, result: Result | None, decision: Decision | None, subject: Any = None) -> Chain:
    acts = {str(result.ref): "question.close"} if result else {}
    acts |= {str(decision.ref): "decision.issue"} if decision else {}
    entries = entries_of(acts) if acts else {}
    instrument = Instrument.objects.filter(decision=decision).first() if decision else None
    return Chain(
        question=question,
        subject=subject or subject_of(question.subject),
        result=result,
        decision=decision,
        instrument=instrument,
        signatories=progress(instrument) if instrument else [],
        closed=entries.get(str(result.ref)) if result else None,
        issued=entries.get(str(decision.ref)) if decision else None,
    )


def subject_of(ref: str) -> Any:
    """What a question puts; a version comes with its draft."""
    name = refs.Ref(ref)
    if name.kind == "version" and (found := Version.objects.filter(pk=name.key).select_related("draft").first()):
        return found
    return refs.get(name)
