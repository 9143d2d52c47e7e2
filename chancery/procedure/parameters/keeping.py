"""Groups 14 to 17 and 19: records, instruments, follow-up, bodies, data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from chancery.procedure.parameters.convening import Contradictions
from chancery.procedure.shapes import Shape, stated


class Window(Shape):
    """A length of time in days or hours."""

    days: int | None = stated(None, "days")
    hours: int | None = stated(None, "hours")

    def contradictions(self) -> Contradictions:
        """A window stated twice or not at all."""
        if (self.days is None) == (self.hours is None):
            yield (), "states either days or hours"


class InsertStatement(Shape):
    """Insertion of one's own statement into a record."""

    announce: bool = stated(True, "announced at its start")
    text_within: int = stated(2, "hours within which the text is handed in")


class Recording(Shape):
    """Sound recording of meetings."""

    announce: bool = stated(True, "announced before it starts")
    consent: Literal["all", "none_needed"] = stated("none_needed", "whose consent it needs")


class Records(Shape):
    """Group 14: records and their correction."""

    types: tuple[Literal["journal", "summary", "verbatim", "report", "final"], ...] = stated((), "kinds of record")
    provisional_within: int | None = stated(None, "days until the provisional record")
    correction_window: Window | None = stated(None, "how long corrections are received")
    own_statement_only: bool = stated(True, "a delegation corrects only its own words")
    check_against: Literal["audio", "notes"] = stated("notes", "what a correction is checked against")
    corrigendum: Literal["single", "each"] = stated("single", "one corrigendum for all, or one each")
    insert_statement: InsertStatement | None = stated(None, "own statement in full")
    recording: Recording | None = stated(None, "sound recording")
    approval: Literal["window_lapse", "next_meeting"] = stated("window_lapse", "when a record is final")


class EntryIntoForce(Shape):
    """When an instrument enters into force, counting only signatures of at least `least_level`."""

    when: Literal["date", "nth_ratification", "all_signatures", "signature"]
    n: int | None = stated(None, "number of ratifications")
    least_level: Literal["A", "B", "C", "P"] | None = stated(None, "least level of a signature that counts")

    def contradictions(self) -> Contradictions:
        """An nth ratification without a number."""
        if self.when == "nth_ratification" and not self.n:
            yield ("n",), "is missing: which ratification?"


class Rectification(Shape):
    """Correction of an error in a signed authentic text."""

    circulate: int = stated(0, "days to circulate the proces-verbal")
    objection: int = stated(90, "days to object")


class Instruments(Shape):
    """Group 15: instruments opened for signature."""

    signatories: Literal["heads", "chair", "full_powers"] = stated("heads", "who signs for a member")
    languages_authentic: tuple[str, ...] = stated((), "languages that are equally authentic")
    depositary: str | None = stated(None, "who keeps the original")
    entry_into_force: EntryIntoForce | None = stated(None, "when it takes effect")
    reservation_rule: Literal["none", "allowed", "listed"] = stated("none", "whether reservations are allowed")
    rectification: Rectification | None = stated(None, "correction of a signed text")
    publication: Literal["at_once", "embargo_instant", "event"] = stated("at_once", "when it becomes public")


class Followup(Shape):
    """Group 16: what is owed after a decision."""

    report_cycle: int | None = stated(None, "months between reports")
    report_due: int | None = stated(None, "days to report after a cycle")
    statuses: tuple[str, ...] = stated((), "words for the state of a commitment")
    reminders: tuple[int, ...] = stated((), "days before the due date")
    review_organ: str | None = stated(None, "who reviews reports")
    extension_by: str | None = stated(None, "who may extend")
    evidence_required: bool = stated(False, "a report needs evidence")
    long_overdue: int | None = stated(None, "days after which it is reported to the council")
    targets: tuple[str, ...] = stated((), "figures to reach")


class Bodies(Shape):
    """Group 17: working bodies."""

    tor_fields: tuple[str, ...] = stated((), "what terms of reference must state")
    max_life: int | None = stated(None, "days of life without renewal")
    sunset_default: bool = stated(False, "a body ends unless renewed")
    renewal_majority: str = stated("procedural", "name of the majority that renews")
    parallel_meetings_max: int | None = stated(None, "meetings at the same time")
    chair_rule: Literal["rotation", "election", "council_chair"] | None = stated(None, "who chairs")
    decision_power: Literal["none", "recommend", "delegated"] = stated("recommend", "what a body may decide")


class SymbolSeries(Shape):
    """A series of symbols (grammar: `symbols`)."""

    pattern: str
    reset: Literal["never", "year", "session"] = stated("never", "when the counter starts again")
    allowed_suffixes: tuple[str, ...] = stated(("Rev", "Add", "Corr"), "suffixes of this series")


class MarkingLabel(Shape):
    """A label with its rank; a higher rank is shown to fewer people."""

    rank: int
    audience: str


class Data(Shape):
    """Group 19: symbols, markings, retention."""

    symbols: Mapping[str, SymbolSeries] = stated({}, "series by code")
    markings: Mapping[str, MarkingLabel] = stated({}, "markings by label")
    retention: Mapping[str, int] = stated({}, "days for which a kind of data is kept")
