"""State machines as tables: what may happen next, and why something may not.

Every arrow is one act (an act with variants is written `act:variant`). Sources: section by section the practice
of the bodies whose rules are shipped as presets; OSCE for silence, the UN's depositary practice for instruments.
Guards that need numbers live in the module of their rule; a table only says which act fits which state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ArrowTable = Mapping[str, tuple[tuple[str, ...], str]]
"""act -> (states from which it may happen, state to which it leads; "=" stays)."""

_BEFORE_OPENING = ("convened", "agenda_provisional", "agenda_revised")

MACHINES: Mapping[str, ArrowTable] = {
    "session": {
        "session.plan": (("",), "planned"),
        "session.convene": (("planned", "postponed"), "convened"),
        "agenda.issue:provisional": (("convened",), "agenda_provisional"),
        "agenda.issue:revised": (("agenda_provisional", "agenda_revised"), "agenda_revised"),
        "agenda.issue:supplementary": (("agenda_provisional", "agenda_revised"), "="),
        "session.open": (_BEFORE_OPENING, "open"),
        "meeting.open": (("open", "in_progress"), "in_progress"),
        "session.suspend": (("in_progress",), "suspended"),
        "session.resume": (("suspended", "closed"), "in_progress"),
        "session.close": (("open", "in_progress", "suspended"), "closed"),
        "record.issue": (("closed",), "record_provisional"),
        "record.finalise": (("record_provisional",), "record_final"),
        "session.archive": (("record_final",), "archived"),
        "session.postpone": (("planned", *_BEFORE_OPENING), "postponed"),
        "session.cancel": (("planned", "postponed", *_BEFORE_OPENING), "cancelled"),
    },
    "meeting": {
        "meeting.call": (("",), "called"),
        "meeting.open": (("", "called"), "open"),
        "meeting.suspend": (("open",), "suspended"),
        "meeting.resume": (("suspended",), "open"),
        "meeting.adjourn": (("open",), "adjourned"),
        "meeting.close": (("open", "suspended", "adjourned"), "closed"),
        "presence.enter": (("open", "suspended"), "="),
        "presence.leave": (("open", "suspended"), "="),
    },
    "debate": {
        "item.take_up": (("",), "under_debate"),
        "list.open": (("under_debate",), "list_open"),
        "list.close": (("list_open",), "list_closed"),
        "debate.adjourn": (("under_debate", "list_open", "list_closed"), "debate_adjourned"),
        "debate.close": (("under_debate", "list_open", "list_closed"), "debate_closed"),
        "debate.reopen": (("debate_adjourned",), "under_debate"),
        "question.put": (("under_debate", "list_closed", "debate_closed"), "action"),
        "item.conclude": (("under_debate", "list_open", "list_closed", "debate_closed", "action"), "concluded"),
    },
    "item": {
        "item.propose": (("",), "proposed"),
        "item.screen": (("proposed",), "screened"),
        "agenda.issue:provisional": (("", "proposed", "screened"), "provisional"),
        "agenda.issue:revised": (("", "provisional"), "provisional"),
        "agenda.issue:supplementary": (("", "proposed", "screened"), "supplementary"),
        "item.add": (("",), "additional"),
        "agenda.adopt": (("provisional", "supplementary", "additional"), "included"),
        "item.include": (("additional",), "included"),
        "item.refuse": (("proposed", "screened", "supplementary", "additional"), "refused"),
        "item.merge": (("provisional", "included"), "merged"),
        "item.withdraw": (("proposed", "provisional", "supplementary", "additional", "included"), "withdrawn"),
        "item.take_up": (("included", "deferred"), "considered"),
        "item.conclude:deferred": (("included", "considered"), "deferred"),
        "item.conclude": (("included", "considered"), "concluded"),
        "item.reopen": (("concluded",), "considered"),
    },
    "paper": {
        "paper.announce": (("",), "forecast"),
        "paper.slot": (("forecast",), "slotted"),
        "paper.table": (("", "forecast", "slotted"), "submitted"),
        "paper.accept": (("submitted",), "accepted"),
        "paper.reclassify": (("submitted", "accepted"), "reclassified_INF"),
        "paper.send_to_translation": (("accepted", "reclassified_INF"), "in_translation"),
        "paper.issue": (("submitted", "accepted", "reclassified_INF", "in_translation"), "issued"),
        "paper.translate": (("submitted", "accepted", "in_translation", "issued", "corrected"), "="),
        "paper.revise": (("issued", "corrected"), "superseded"),
        "paper.add": (("issued", "corrected"), "="),
        "paper.correct": (("issued", "corrected"), "corrected"),
        "paper.withdraw": (("submitted", "accepted", "in_translation", "issued", "corrected"), "withdrawn"),
        "paper.mark": (("submitted", "accepted", "issued", "corrected", "superseded"), "="),
        "paper.derestrict": (("issued", "corrected", "superseded", "withdrawn"), "derestricted"),
    },
    "credentials": {
        "credentials.receive:copy": (("none",), "copy_received"),
        "credentials.receive:original": (("none", "copy_received", "accepted_on_assurance"), "original_received"),
        "credentials.receive:assurance": (("none", "copy_received"), "accepted_on_assurance"),
        "credentials.examine": (("copy_received", "original_received"), "examined"),
        "credentials.accept": (("original_received", "examined"), "accepted"),
        "credentials.object": (
            ("copy_received", "original_received", "examined", "accepted", "accepted_on_assurance"),
            "objected",
        ),
        "credentials.rule:seat": (("copy_received", "original_received", "examined", "objected"), "seated"),
        "credentials.rule:unseat": (("copy_received", "original_received", "examined", "objected"), "unseated"),
    },
    "question": {
        "question.put": (("",), "put"),
        "objection.state": (("put",), "="),
        "statement.file": (("put", "voting", "decided"), "="),
        "vote.announce": (("put",), "voting"),
        "ballot.cast": (("put", "voting"), "voting"),
        "ballots.record": (("put", "voting"), "voting"),
        "ballots.count": (("put", "voting"), "voting"),
        "amendments.order": (("put",), "="),
        "division.request": (("put",), "="),
        "presence.challenge": (("put", "voting"), "="),
        "question.close": (("put", "voting"), "decided"),
        "question.withdraw": (("put",), "withdrawn"),
        "question.postpone": (("put",), "postponed"),
        "question.refer": (("put", "postponed"), "referred"),
        "question.reconsider": (("decided",), "="),
    },
    "silence": {
        "silence.propose": (("",), "running"),
        "silence.extend": (("running",), "="),
        "silence.break": (("running",), "broken"),
        "silence.close": (("running",), "expired_unbroken"),
        "silence.announce": (("expired_unbroken", "broken"), "announced"),
        "decision.issue": (("announced",), "issued"),
    },
    "instrument": {
        "decision.issue": (("",), "issued"),
        "instrument.check": (("issued",), "legal_linguistic_check"),
        "signature.open": (("", "issued", "legal_linguistic_check"), "opened_for_signature"),
        "signature.give": (("opened_for_signature",), "="),
        "signature.decline": (("opened_for_signature",), "="),
        "signature.withdraw": (("opened_for_signature",), "="),
        "signature.close": (("opened_for_signature",), "signed"),
        "instrument.deposit": (("opened_for_signature", "signed"), "deposited"),
        "instrument.apply_provisionally": (("signed", "deposited"), "provisionally_applied"),
        "instrument.enter_into_force": (
            ("opened_for_signature", "signed", "deposited", "provisionally_applied"),
            "in_force",
        ),
        "instrument.rectify": (("signed", "deposited", "in_force", "provisionally_applied", "corrected"), "corrected"),
        "instrument.terminate": (("in_force", "provisionally_applied", "corrected"), "terminated"),
    },
    "record": {
        "record.issue": (("",), "provisional"),
        "correction.request": (("provisional",), "="),
        "correction.rule": (("provisional",), "="),
        "record.correct": (("provisional", "final"), "="),
        "record.finalise": (("provisional",), "final"),
    },
    "body": {
        "body.propose": (("",), "proposed"),
        "body.establish": (("", "proposed"), "established"),
        "meeting.open": (("established", "active", "renewed"), "active"),
        "paper.table": (("active", "reporting"), "reporting"),
        "body.renew": (("established", "active", "reporting", "renewed"), "renewed"),
        "body.merge": (("established", "active", "reporting", "renewed"), "merged"),
        "body.dissolve": (("established", "active", "reporting", "renewed"), "dissolved"),
    },
    "election": {
        "election.call": (("",), "nominations"),
        "candidate.nominate": (("nominations",), "="),
        "candidate.withdraw": (("nominations", "candidates_list"), "="),
        "nominations.close": (("nominations",), "candidates_list"),
        "ballots.count": (("candidates_list", "ballot", "restricted_ballot"), "ballot"),
        "ballot.restrict": (("ballot",), "restricted_ballot"),
        "lot.draw": (("ballot", "restricted_ballot"), "lot"),
        "election.close": (("candidates_list", "ballot", "restricted_ballot", "lot"), "elected"),
    },
}


@dataclass(frozen=True)
class Arrow:
    """An arrow that may be taken: the act and the state it leads to."""

    act: str
    to: str


@dataclass(frozen=True)
class NoArrow:
    """An act that does not fit the state: why, and which acts do."""

    act: str
    because: str
    possible: tuple[str, ...]


def may_move(machine: str, from_: str, act: str) -> Arrow | NoArrow:
    """Whether an act fits the state. Raises KeyError for an unknown machine."""
    arrows = MACHINES[machine]
    possible = tuple(name for name, (states, _) in arrows.items() if from_ in states)
    if act not in arrows:
        return NoArrow(act, f"{act} is no act on a {machine}.", possible)
    states, to = arrows[act]
    if from_ in states:
        return Arrow(act, from_ if to == "=" else to)
    needed = " or ".join(_shown(state) for state in states)
    return NoArrow(act, f"The {machine} is {_shown(from_)}; {act} needs it to be {needed}.", possible)


def moves_from(machine: str, state: str) -> list[Arrow]:
    """Every arrow that leaves a state: what may happen next."""
    found = (may_move(machine, state, act) for act in MACHINES[machine])
    return [move for move in found if isinstance(move, Arrow)]


def states_of(machine: str) -> frozenset[str]:
    """All states of a machine, the beginning "" among them where it has one."""
    arrows = MACHINES[machine].values()
    return frozenset(state for states, to in arrows for state in (*states, to) if state != "=")


def _shown(state: str) -> str:
    return state.replace("_", " ") if state else "not begun"
