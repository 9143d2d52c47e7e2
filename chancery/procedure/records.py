"""Records: correction within a window, of one's own words, checked against the recording; consent to recording.

Sources: UN Geneva summary records (one week, checked against the recording, one corrigendum, refusals explained),
ILO (only one's own statement), W3C (recorded only if nobody withholds consent).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from chancery.procedure.parameters.keeping import Records


@dataclass(frozen=True)
class CorrectionRequest:
    """A correction asked for: by whom, of whose words, and what the recording says about it."""

    by: str
    speaker: str
    received_at: datetime
    source_agrees: Literal["with_request", "with_record"]


@dataclass(frozen=True)
class CorrectionRuling:
    """What becomes of a request, by which rule and why. An issued record is never changed; a Corr stands beside it."""

    result: Literal["entered", "refused", "late"]
    rule: str
    because: str


def window_ends(rules: Records, issued_at: datetime, zone: str) -> datetime | None:
    """The instant from which a request is late; None without a window. Days end with the local day."""
    window = rules.correction_window
    if window is None:
        return None
    if window.hours is not None:
        return issued_at + timedelta(hours=window.hours)
    day = issued_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=(window.days or 0) + 1)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def rule_on(rules: Records, request: CorrectionRequest, issued_at: datetime, zone: str) -> CorrectionRuling:
    """The ruling on a request for correction: the window first, then whose words, then the recording."""
    end = window_ends(rules, issued_at, zone)
    if end is not None and request.received_at >= end:
        return CorrectionRuling("late", "records.correction_window", "Received after the window: noted, not processed.")
    if rules.own_statement_only and request.by != request.speaker:
        return CorrectionRuling("refused", "records.own_statement_only", f"The words are {request.speaker}'s.")
    if request.source_agrees == "with_record":
        source = "recording" if rules.check_against == "audio" else "notes"
        return CorrectionRuling("refused", "records.check_against", f"The {source} agrees with the record.")
    return CorrectionRuling("entered", "records.corrigendum", "Enters the corrigendum.")


def corrigenda(rules: Records, entered: int) -> int:
    """How many corrigenda carry so many corrections: one for all, or one each."""
    return min(entered, 1) if rules.corrigendum == "single" else entered


def may_record_sound(rules: Records, withheld: Collection[str], *, announced: bool) -> CorrectionRuling:
    """Whether a meeting may be recorded: announced, and nobody withholds a consent that the rules ask of all."""
    rule = rules.recording
    if rule is None:
        return CorrectionRuling("refused", "records.recording", "These rules know no recording.")
    if rule.announce and not announced:
        return CorrectionRuling("refused", "records.recording", "The recording was not announced.")
    if rule.consent == "all" and withheld:
        return CorrectionRuling("refused", "records.recording", f"{', '.join(sorted(withheld))} withholds consent.")
    return CorrectionRuling("entered", "records.recording", "Announced, and nobody withholds consent.")
