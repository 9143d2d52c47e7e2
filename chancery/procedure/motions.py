"""Motions, rulings and appeals while a question is before the house.

Sources: UN General Assembly rules 71-77 (unverified) for the default ranks; Security Council rule 30 (a ruling
stands unless overruled); ITU 426. The list of motions is data: `debate.motions`.
"""

from __future__ import annotations

from chancery.procedure.outcomes import Verdict
from chancery.procedure.parameters.deciding import MotionKind
from chancery.procedure.precedence import put_order
from chancery.procedure.proceedings import Handler, MovedMotion, Proceedings
from chancery.procedure.questions import Event, OutOfOrder

POINT_OF_ORDER = "point_of_order"


def move(proceedings: Proceedings, event: Event) -> None:
    """`motion.moved`: during a vote only a point of order, as far as the rules let one interrupt."""
    proceedings.check_open(event)
    kind, identity = event.data["motion"], event.data["id"]
    if proceedings.current is not None:
        _check_may_interrupt(proceedings, kind)
    if identity in proceedings.motions:
        raise OutOfOrder("form", f"There is a motion {identity} already.")
    if proceedings.rules.debate.motions and _kind(proceedings, kind) is None:
        raise OutOfOrder("debate.motions", f"{kind} is no motion of these rules.")
    proceedings.motions[identity] = MovedMotion(identity, kind)


def _check_may_interrupt(proceedings: Proceedings, kind: str) -> None:
    rule = proceedings.rules.debate.point_of_order.during_vote
    if kind != POINT_OF_ORDER or rule == "none":
        because = "Between the announcement of a vote and its result only a point of order on the voting may interrupt."
        raise OutOfOrder("debate.point_of_order", because, "Move it after the result.")


def second(proceedings: Proceedings, event: Event) -> None:
    """`motion.seconded`."""
    _motion(proceedings, event).seconded = True


def put(proceedings: Proceedings, event: Event) -> None:
    """`motion.put`: the motion of the lowest rank goes first; another order is the chair's, and shown."""
    motion = _motion(proceedings, event)
    kind = _kind(proceedings, motion.kind)
    if kind and kind.seconder and not motion.seconded:
        raise OutOfOrder("debate.motions", f"The motion {motion.id} needs a seconder.")
    pending = [other for other in proceedings.motions.values() if other.status == "pending"]
    first = put_order(proceedings.rules.debate.motions, [(other.id, other.kind) for other in pending])
    if first and first[0] != motion.id:
        proceedings.warn(event, "debate.motions", f"{first[0]} ranks before {motion.id}.")


def rule(proceedings: Proceedings, event: Event) -> None:
    """`ruling`: on a tie that the chair determines it decides; any other is on record with its reason."""
    answer = proceedings.answer
    if answer is None or answer.status != "chair_determines" or event.data["about"] != "whole":
        return
    if event.by != "chair":
        raise OutOfOrder("roles", "The chair determines; nobody else.")
    if event.data["answer"] not in ("adopted", "rejected"):
        raise OutOfOrder("form", "The chair determines adopted or rejected.")
    proceedings.settle(Verdict(event.data["answer"], event.at, answer.tallies, answer.working))


def appeal(proceedings: Proceedings, event: Event) -> None:
    """`appeal`: against the last ruling; put at once as `motion/appeal`."""
    proceedings.check_open(event)
    proceedings.roll.check_may_act(event)
    proceedings.motions["appeal"] = MovedMotion("appeal", "appeal")


def after_result(proceedings: Proceedings, about: str, answer: Verdict) -> None:
    """A carried motion stands, and those it defeats fall."""
    if not about.startswith("motion/"):
        return
    motion = proceedings.motions[about.removeprefix("motion/")]
    motion.status = answer.status
    kind = _kind(proceedings, motion.kind)
    if kind is None or answer.status != "adopted":
        return
    for other in proceedings.motions.values():
        if other.status == "pending" and other.kind in kind.defeats:
            other.status = "fallen"
            proceedings.effects.append({"do": "fallen", "motion": other.id, "by": motion.id})


def _kind(proceedings: Proceedings, name: str) -> MotionKind | None:
    return next((kind for kind in proceedings.rules.debate.motions if kind.name == name), None)


def _motion(proceedings: Proceedings, event: Event) -> MovedMotion:
    motion = proceedings.motions.get(event.data["id"])
    if motion is None:
        raise OutOfOrder("refs", f"There is no motion {event.data['id']}.")
    return motion


HANDLERS: dict[str, Handler] = {
    "motion.moved": move,
    "motion.seconded": second,
    "motion.put": put,
    "ruling": rule,
    "appeal": appeal,
}
