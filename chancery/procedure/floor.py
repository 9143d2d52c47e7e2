"""The floor: the list of speakers, its closing, replies, and who may interrupt.

Sources: ITU 403-404 (reply after the list is closed), WHO practice (time by class), WHO Executive Board rule 3
(non-members after members), ITU 426 (from the announcement of a vote to its result only a point of order on it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chancery.procedure.parameters.deciding import Debate, Explanations

SpeakerClass = Literal["minister", "member", "group", "observer", "guest"]
ListState = Literal["open", "closed"]


@dataclass(frozen=True)
class FloorRequest:
    """A request for the floor: who, of which class, in which order it came."""

    by: str
    speaker_class: SpeakerClass = "member"
    seq: int = 0


@dataclass(frozen=True)
class Floor:
    """Whether somebody gets the floor, by which rule and why."""

    ok: bool
    rule: str
    because: str


def speaking_order(rules: Debate, requests: Sequence[FloorRequest]) -> list[FloorRequest]:
    """The list of speakers in the order of the rules: groups, ministers or observers first or last, then as asked."""
    words = (rules.order,) if isinstance(rules.order, str) else rules.order
    return sorted(requests, key=lambda request: (*(_rank(word, request.speaker_class) for word in words), request.seq))


def _rank(word: str, speaker_class: str) -> int:
    if word == "groups_first":
        return int(speaker_class != "group")
    if word == "ministers_first":
        return int(speaker_class != "minister")
    if word == "observers_last":
        return int(speaker_class in ("observer", "guest"))
    return 0


def may_speak(rules: Debate, *, list_state: ListState, kind: Literal["speech", "reply"], replies: int = 0) -> Floor:
    """Whether a request is put on the list; a reply may be heard although the list is closed."""
    if kind == "speech" and list_state == "closed":
        return Floor(False, "debate.list_close_rule", "The list of speakers is closed.")
    if kind == "speech":
        return Floor(True, "debate.order", "The list of speakers is open.")
    if rules.reply is None:
        return Floor(False, "debate.reply", "These rules know no right of reply.")
    if replies >= rules.reply.max_count:
        return Floor(False, "debate.reply", f"{replies} replies were heard; {rules.reply.max_count} are allowed.")
    return Floor(
        True,
        "debate.reply",
        f"A reply, heard at the {rules.reply.when.replace('_', ' ').removeprefix('end of ')}'s end.",
    )


def may_interrupt(rules: Debate, motion: str, *, during_vote: bool, on_voting: bool = False) -> Floor:
    """Whether a motion may interrupt a speaker, or a vote between its announcement and its result."""
    kind = next((kind for kind in rules.motions if kind.name == motion), None)
    if during_vote:
        allowed = {
            "none": False,
            "any": motion == "point_of_order",
            "conduct_of_voting": motion == "point_of_order" and on_voting,
        }
        ok = allowed[rules.point_of_order.during_vote]
        return Floor(
            ok,
            "debate.point_of_order",
            "A vote is under way: only a point of order on the voting."
            if not ok
            else "It is about the conduct of the voting.",
        )
    ok = kind.interrupts if kind else motion == "point_of_order" and rules.point_of_order.may_interrupt
    return Floor(ok, "debate.motions", "It may interrupt a speaker." if ok else "It waits until the speaker has ended.")


def may_explain(rules: Explanations, *, when: Literal["before", "after"], secret: bool, sponsor: bool) -> Floor:
    """Whether a delegation may explain its vote: none in a secret ballot (UN General Assembly rule 88, unverified)."""
    if secret:
        return Floor(False, "methods.eov", "There are no explanations of vote in a secret ballot.")
    if sponsor and not rules.sponsor_may:
        return Floor(False, "methods.eov.sponsor_may", "The sponsor does not explain its vote on its own text.")
    ok = rules.before if when == "before" else rules.after
    return Floor(ok, f"methods.eov.{when}", f"Explanations {when} the vote are {'heard' if ok else 'not heard'}.")


def seconds_for(rules: Debate, speaker_class: SpeakerClass, *, reply: bool = False) -> int | None:
    """Seconds of a speech or reply; None without a limit."""
    if reply:
        return rules.reply.seconds if rules.reply else None
    return rules.speech_seconds.get(speaker_class, rules.speech_seconds.get("member"))
