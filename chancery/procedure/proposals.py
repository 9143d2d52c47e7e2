"""Proposals: amendments and their order, implied rejection, separate votes on paragraphs, withdrawal.

Sources: UN General Assembly rules 89, 90 (unverified) and resolution 475 (V) (two thirds also for parts and
amendments); Security Council rule 32 (the mover may prevent a separate vote); OAS articles 54, 55.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chancery.procedure.outcomes import Verdict
from chancery.procedure.parameters.deciding import Proposals
from chancery.procedure.proceedings import Handler, Proceedings
from chancery.procedure.questions import Event, OutOfOrder


@dataclass(frozen=True)
class Admission:
    """How a text that was moved is received, by which rule and why."""

    as_: Literal["amendment", "proposal", "refused"]
    rule: str
    because: str


def admit(
    rules: Proposals, *, changes: Literal["part", "all", "unrelated"], of: Literal["proposal", "amendment"] = "proposal"
) -> Admission:
    """Whether a text is an amendment: it adds to, deletes from or changes a part (OAS art. 54)."""
    if changes != "part" and rules.total_replacement_is_new:
        because = "It replaces all of the text: a new proposal, put after the first." if changes == "all" else (
            "It has nothing to do with the text: a new proposal."
        )  # fmt: skip
        return Admission("proposal", "proposals.total_replacement_is_new", because)
    if of == "amendment" and not rules.subamendments:
        return Admission("refused", "proposals.subamendments", "An amendment may not be amended.")
    return Admission("amendment", "proposals.amendment_order", "It changes a part of the text.")


def may_propose(rules: Proposals, rights: Sequence[str], *, seconded: bool) -> Admission:
    """Whether somebody with these rights may propose; observers may where a member seconds (WHO EB r.3)."""
    if "propose" in rights and (seconded or not rules.seconder):
        return Admission("proposal", "members.observer_classes", "May propose.")
    if "propose" in rights:
        return Admission("refused", "proposals.seconder", "A proposal needs a seconder.")
    if "propose_if_seconded" not in rights:
        return Admission("refused", "members.observer_classes", "Has no right to propose.")
    if not seconded:
        return Admission("refused", "members.observer_classes", "May propose only when a member seconds.")
    return Admission("proposal", "members.observer_classes", "Seconded by a member.")


def withdraw(proceedings: Proceedings, event: Event) -> None:
    """`withdrawal`: the sponsor withdraws before voting begins."""
    proceedings.check_open(event)
    if any(vote.about == "whole" or vote.about.startswith(("part/", "amendment/")) for vote in proceedings.votes):
        raise OutOfOrder("proposals.withdrawal_until", "Voting has begun; the text can no longer be withdrawn.")
    proceedings.settle(Verdict("withdrawn", event.at))


def request_division(proceedings: Proceedings, event: Event) -> None:
    """`division.requested`: a separate vote on the named parts."""
    proceedings.check_open(event)
    unknown = [part for part in event.data["parts"] if part not in proceedings.question.parts]
    if unknown:
        raise OutOfOrder("refs", f"{', '.join(unknown)} is no part of this question.")
    proceedings.division = proceedings.division or "requested"


def object_to_division(proceedings: Proceedings, event: Event) -> None:
    """`division.objected`: ends it where the mover objects, else owes a vote on the motion for division."""
    if proceedings.division is None:
        raise OutOfOrder("order", "No separate vote was requested.")
    if proceedings.rules.proposals.division == "always":
        raise OutOfOrder("proposals.division", "A separate vote is taken on request; an objection does not prevent it.")
    by_veto = proceedings.rules.proposals.division == "mover_veto"
    proceedings.division = "refused" if by_veto else "objected"


def order_amendments(proceedings: Proceedings, event: Event) -> None:
    """`amendments.ordered`: the chair's ruling on the order, and what the adoption of each implies."""
    order = tuple(event.data["order"])
    known = proceedings.question.amendments
    strangers = sorted(set(order) - set(known))
    if strangers:
        raise OutOfOrder("refs", f"{', '.join(strangers)} is no amendment to this question.")
    proceedings.amendment_order = order
    proceedings.implied = event.data.get("implied", {})


def expect_order(proceedings: Proceedings, event: Event) -> None:
    """Warn where an amendment, a part or the whole is put out of its order; the chair is not held up."""
    about = event.data["about"]
    due = [name for name in _order(proceedings) if not _is_settled(proceedings, name)]
    if about == "whole" and due:
        proceedings.warn(event, "proposals.amendment_order", f"The whole is put before {', '.join(due)}.")
    name = about.removeprefix("amendment/")
    if name != about and due and due[0] != name:
        proceedings.warn(event, "proposals.amendment_order", f"{name} is put before {due[0]}.")
    if about.startswith("part/") and proceedings.division == "objected":
        because = "The motion for division was objected to and is put first."
        raise OutOfOrder("proposals.division", because, "Put the motion for division.")


def _order(proceedings: Proceedings) -> tuple[str, ...]:
    return proceedings.amendment_order or proceedings.question.amendments


def _is_settled(proceedings: Proceedings, name: str) -> bool:
    return name in proceedings.not_put or proceedings.latest(f"amendment/{name}") is not None


def after_result(proceedings: Proceedings, about: str, answer: Verdict) -> None:
    """What a vote on the way does to the rest of the question."""
    kind, _, name = about.partition("/")
    if kind == "amendment" and answer.status == "adopted" and proceedings.rules.proposals.imply_rejection:
        _imply(proceedings, name)
    if about == "division":
        proceedings.division = "carried" if answer.status == "adopted" else "refused"
    if kind == "part" and answer.status == "rejected":
        proceedings.effects.append({"do": "not_retained", "part": name})
        _reject_with_all_operative(proceedings, answer)


def _imply(proceedings: Proceedings, name: str) -> None:
    for other in proceedings.implied.get(name, ()):
        if not _is_settled(proceedings, other):
            proceedings.not_put[other] = name
            proceedings.effects.append({"do": "not_put", "amendment": other, "implied_by": name})


def lost_parts(proceedings: Proceedings) -> list[str]:
    """The parts that were voted on separately and not adopted."""
    found = ((part, proceedings.latest(f"part/{part}")) for part in proceedings.question.parts)
    return [part for part, vote in found if vote and vote.answer and vote.answer.status == "rejected"]


def _reject_with_all_operative(proceedings: Proceedings, answer: Verdict) -> None:
    """All operative paragraphs rejected: the whole is rejected without a further vote (GA r.89)."""
    operative = [part for part in proceedings.question.parts if not part.startswith("PP")]
    if operative and set(operative) <= set(lost_parts(proceedings)):
        proceedings.settle(Verdict("rejected", answer.decided_at))


def renumber(proceedings: Proceedings) -> None:
    """`renumber`: the new number of each paragraph that follows one not retained."""
    lost = set(lost_parts(proceedings))
    moved: dict[str, str] = {}
    for prefix in ("PP", "OP"):
        kept = [part for part in proceedings.question.parts if part.startswith(prefix) and part not in lost]
        numbers = {part: f"{prefix}{number}" for number, part in enumerate(kept, start=1)}
        moved |= {part: number for part, number in numbers.items() if part != number}
    if lost and moved:
        proceedings.effects.append({"do": "renumber", "parts": moved})


HANDLERS: dict[str, Handler] = {
    "withdrawal": withdraw,
    "division.requested": request_division,
    "division.objected": object_to_division,
    "amendments.ordered": order_amendments,
}
