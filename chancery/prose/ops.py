"""Operations on a text: what `diff` finds and `apply` makes, exact for every two texts.

`apply(a, diff(a, b)) == b`, checked before `diff` answers. Every operation quotes what it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chancery.canon import sha256

from .align import Alignment, align
from .errors import DoesNotApply, LawBroken
from .units import DEFAULT_END, DEFAULT_LEAD, Cut, cut, glue, prefix
from .worddiff import Edit, edit_body, token_diff


@dataclass(frozen=True)
class EditUnit:
    """Edits of the unit at `at`; a proposal also carries the whole body (`text`)."""

    at: int
    edits: tuple[Edit, ...]
    text: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Delete:
    """The unit at `at` goes; `text` is its body."""

    at: int
    text: str
    id: str | None = None


@dataclass(frozen=True)
class Insert:
    """A new unit behind the unit at `after` (-1: before the first). A lead of None is the default."""

    after: int
    text: str
    lead: str | None = None


@dataclass(frozen=True)
class Move:
    """The unit at `at`, whose body is `text`, goes behind the unit at `after`."""

    at: int
    after: int
    text: str
    id: str | None = None


@dataclass(frozen=True)
class Lead:
    """What stands before the unit at `at` becomes `lead`; None is the default."""

    at: int
    lead: str | None


Op = EditUnit | Delete | Insert | Move | Lead


class State(NamedTuple):
    """Digest and number of units of a text."""

    sha256: str
    units: int


@dataclass(frozen=True)
class Ops:
    """Operations from one text to another. `to` is a promise; a proposal makes none."""

    before: State
    ops: tuple[Op, ...]
    after: State | None = None
    end: str | None = field(default=None)


def state(text: str, pieces: Cut | None = None) -> State:
    """Digest and number of units of a text."""
    return State(sha256(text.encode()), len((pieces or cut(text)).bodies))


def diff(old: str, new: str) -> Ops:
    """The operations that make `new` of `old`. Raises LawBroken if applying them does not (it never should)."""
    a, b = cut(old), cut(new)
    found = _operations(a, b, align(a.bodies, b.bodies))
    end = None if b.end == DEFAULT_END else b.end
    ops = Ops(state(old, a), tuple(found), state(new, b), end)
    if _applied(a, found, b.end) != new:
        raise LawBroken("the operations found do not make the second text of the first; nothing is answered")
    return ops


def _operations(a: Cut, b: Cut, pairs: Alignment) -> list[Op]:
    moved = pairs.moved()
    deletes = [Delete(at, a.bodies[at], id_of(a.bodies[at])) for at, image in enumerate(pairs.image) if image is None]
    edits = [
        EditUnit(
            at, tuple(token_diff(pairs.tokens(a.bodies[at]), pairs.tokens(b.bodies[image]))), id=id_of(a.bodies[at])
        )
        for at, image in enumerate(pairs.image)
        if image is not None and a.bodies[at] != b.bodies[image]
    ]
    leads: list[Lead] = []
    arrivals: list[Insert | Move] = []
    after = -1
    for place, source in enumerate(pairs.source):
        if source is None:
            arrivals.append(Insert(after, b.bodies[place], b.leads[place]))
            continue
        if _written(a.leads[source], place) != _written(b.leads[place], place):
            leads.append(Lead(source, b.leads[place]))
        if source in moved:
            arrivals.append(Move(source, after, a.bodies[source], id_of(a.bodies[source])))
        else:
            after = source
    return [*deletes, *sorted(leads, key=lambda lead: lead.at), *edits, *arrivals]


def id_of(body: str) -> str | None:
    """The id of a unit, if it has one."""
    return prefix(body).id if body.endswith("}") else None


def _written(lead: str | None, place: int) -> str:
    return lead if lead is not None else DEFAULT_LEAD if place else ""


def apply(text: str, ops: Ops) -> str:
    """`text` with the operations made. Raises DoesNotApply where a digest or a quote does not fit."""
    pieces = cut(text)
    _check_state(ops.before, state(text, pieces), "the text")
    made = _applied(pieces, ops.ops, DEFAULT_END if ops.end is None else ops.end)
    if ops.after:
        _check_state(ops.after, state(made), "the result")
    return made


def _check_state(promised: State, found: State, what: str) -> None:
    if promised.sha256 != found.sha256:
        raise DoesNotApply(f"{what} has the digest {found.sha256[:16]}…, the operations say {promised.sha256[:16]}…")
    if promised.units != found.units:
        raise DoesNotApply(f"{what} has {found.units} units, the operations say {promised.units}")


def _applied(pieces: Cut, ops: Sequence[Op], end: str) -> str:
    bodies, leads, _ = arranged(pieces, ops)
    return glue(bodies, leads, end)


class Arrangement(NamedTuple):
    """Bodies and leads after operations; `sources` names the old unit of each, or None for a new one."""

    bodies: list[str]
    leads: list[str | None]
    sources: list[int | None]


def arranged(pieces: Cut, ops: Sequence[Op]) -> Arrangement:
    """The units of a text after operations, every quote checked. Raises DoesNotApply."""
    check(pieces.bodies, ops)
    bodies, leads = list(pieces.bodies), list(pieces.leads)
    gone = {op.at for op in ops if isinstance(op, Delete | Move)}
    arrivals: dict[int, list[Insert | Move]] = defaultdict(list)
    for op in ops:
        if isinstance(op, EditUnit):
            bodies[op.at] = edit_body(bodies[op.at], op.edits)
        elif isinstance(op, Lead):
            leads[op.at] = op.lead
        elif isinstance(op, Insert | Move):
            arrivals[op.after].append(op)
    return _placed(bodies, leads, gone, arrivals)


def check(bodies: Sequence[str], ops: Sequence[Op]) -> None:
    """Every place exists, every quote stands there, no unit is changed twice. Raises DoesNotApply."""
    touched: set[tuple[str, int]] = set()
    for op in ops:
        _check_place(op, len(bodies), touched)
        if isinstance(op, EditUnit):
            _check_edits(bodies[op.at], op)
        elif isinstance(op, Delete | Move):
            _check_quote(op.at, bodies[op.at], op.text, op.id)


def _placed(
    bodies: list[str], leads: list[str | None], gone: set[int], arrivals: dict[int, list[Insert | Move]]
) -> Arrangement:
    made = Arrangement([], [], [])
    for at in range(-1, len(bodies)):
        if at >= 0 and at not in gone:
            _put(made, bodies[at], leads[at], at)
        for op in arrivals.get(at, ()):
            if isinstance(op, Insert):
                _put(made, op.text, op.lead, None)
            else:
                _put(made, bodies[op.at], leads[op.at], op.at)
    return made


def _put(made: Arrangement, body: str, lead: str | None, source: int | None) -> None:
    made.bodies.append(body)
    made.leads.append(lead)
    made.sources.append(source)


def _check_place(op: Op, count: int, touched: set[tuple[str, int]]) -> None:
    """Every index names a unit, and no unit is edited twice or both deleted and changed."""
    if isinstance(op, Insert | Move) and not -1 <= op.after < count:
        raise DoesNotApply(f"there is no unit {op.after}; the text has {count}")
    if isinstance(op, Insert):
        return
    if not 0 <= op.at < count:
        raise DoesNotApply(f"there is no unit {op.at}; the text has {count}")
    for name in _CLAIMS[type(op)]:
        if (name, op.at) in touched:
            raise DoesNotApply(f"unit {op.at} is changed twice")
        touched.add((name, op.at))


_CLAIMS: dict[type, tuple[str, ...]] = {
    EditUnit: ("body",),
    Delete: ("body", "place", "lead"),
    Move: ("place",),
    Lead: ("lead",),
}


def _check_quote(at: int, found: str, expected: str | None, id_: str | None) -> None:
    if expected is not None and found != expected:
        raise DoesNotApply(f"unit {at}: expected {expected!r}, found {found!r}")
    if id_ is not None and prefix(found).id != id_:
        raise DoesNotApply(f"unit {at}: expected the id {id_}, found {prefix(found).id}")


def _check_edits(body: str, op: EditUnit) -> None:
    _check_quote(op.at, body, op.text, op.id)
    end = 0
    for edit in op.edits:
        if edit.s < end:
            raise DoesNotApply(f"unit {op.at}: edits overlap or are out of order at {edit.s}")
        found = body[edit.s : edit.end]
        if edit.s > len(body) or found != edit.old:
            raise DoesNotApply(f"unit {op.at} at {edit.s}: expected {edit.old!r}, found {found!r}")
        end = edit.end
