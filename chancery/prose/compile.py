"""Compilation: a base and pending proposals as one text in which everything not agreed stands in brackets.

The result does not depend on the order of arrival. Before it is answered it is checked: choosing the base in
every bracket gives the base byte for byte, choosing a proposal gives the base with that proposal applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chancery.canon import sha256

from . import brackets
from .annex import annexed
from .collide import Collision, collisions
from .errors import BadInput, LawBroken
from .merge import Alternative as Side
from .merge import (
    Annexed,
    Change,
    Choice,
    Piece,
    Source,
    Span,
    Taken,
    Writer,
    changes,
    chosen,
    compiled,
    contents,
    flat,
    is_emptied,
    removal,
)
from .ops import Delete, EditUnit, Insert, Move, Op, arranged, check
from .proposal import Proposal
from .tokens import ids
from .units import Cut, cut, glue
from .worddiff import edit_body


@dataclass(frozen=True)
class Row:
    """Where one operation or edit of a proposal stands in the compilation."""

    proposal: str
    op: int
    edit: int | None
    by: str
    unit: int | None
    bracket: str | None
    alternative: int | None
    state: str


@dataclass(frozen=True)
class Compilation:
    """The text, what could not be merged and why, collisions, a row per edit, and the source of every span."""

    text: str
    proposals: tuple[Proposal, ...]
    annex: tuple[tuple[str, str], ...]
    collisions: tuple[Collision, ...]
    rows: tuple[Row, ...]
    spans: tuple[tuple[Span, ...], ...]


class _Arriving(NamedTuple):
    """A new unit; `at` is where it moves from, if it moves unchanged."""

    body: str
    lead: str | None
    at: int | None


@dataclass
class _Written:
    """One unit of the compilation: its spans, its lead, and what it must be for whoever takes it."""

    spans: tuple[Span, ...]
    lead: str | None
    base: str | None
    taken: dict[str, str | None] = field(default_factory=dict)
    unit: int | None = None

    @property
    def body(self) -> str:
        return "".join(span.text for span in self.spans)


def compile(base: str, proposals: Sequence[Proposal]) -> Compilation:
    """The compilation of pending proposals on one base.

    Raises DoesNotApply where a proposal is not on this base, BadInput for an id used twice, LawBroken if the
    laws above do not hold for the result.
    """
    pieces = cut(base)
    ordered = checked(base, pieces, proposals)
    annex: dict[str, str] = {}
    flattened: set[int] = set()
    while True:
        draft = _Draft(pieces, [proposal for proposal in ordered if proposal.id not in annex], flattened)
        try:
            draft.write()
            draft.check()
        except Annexed as found:
            annex[found.proposal] = found.reason
        except _Unfaithful as found:
            _simplify(found, pieces, draft, flattened, annex)
        else:
            return _compilation(base, pieces, ordered, draft, annex)


def checked(base: str, pieces: Cut, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Proposals in canonical order, each one shown to be on this base."""
    digest = sha256(base.encode())
    names = [proposal.id for proposal in proposals]
    if len(set(names)) < len(names):
        raise BadInput(f"the id {next(name for name in names if names.count(name) > 1)} stands for two proposals")
    for proposal in proposals:
        if proposal.base != digest:
            raise BadInput(f"{proposal.id} was written against {proposal.base[:16]}…, the base is {digest[:16]}…")
        check(pieces.bodies, proposal.ops)
    return sorted(proposals, key=lambda proposal: proposal.id)


class _Unfaithful(Exception):
    """A unit of the compilation does not give back the base or a proposal; None is the order of units."""

    def __init__(self, unit: int | None, proposals: Sequence[str]) -> None:
        super().__init__(unit, proposals)
        self.unit, self.proposals = unit, proposals


def _simplify(found: _Unfaithful, pieces: Cut, draft: _Draft, flattened: set[int], annex: dict[str, str]) -> None:
    """A failing unit is written as one flat bracket; proposals that still fail alone, else all of them, go."""
    if found.unit is not None and found.unit not in flattened:
        flattened.add(found.unit)
        return
    alone = [name for name in found.proposals if _fails_alone(pieces, draft, name, flattened)]
    if not found.proposals:
        raise LawBroken("the compilation does not give back its base; nothing is answered")
    annex.update(dict.fromkeys(alone or found.proposals, "structure"))


def _fails_alone(pieces: Cut, draft: _Draft, name: str, flattened: set[int]) -> bool:
    single = _Draft(pieces, [proposal for proposal in draft.proposals if proposal.id == name], flattened)
    try:
        single.write()
        single.check()
    except (Annexed, _Unfaithful):
        return True
    return False


class _Draft:
    """One attempt at a compilation of proposals that all take part."""

    def __init__(self, pieces: Cut, proposals: Sequence[Proposal], flattened: set[int]) -> None:
        self.pieces, self.proposals, self.flattened = pieces, proposals, flattened
        self.written: list[_Written] = []
        self.writer = Writer(_ids(pieces, proposals), {p.id: p.sponsors for p in proposals})
        self._edits: dict[int, list[tuple[str, EditUnit, int]]] = defaultdict(list)
        self._gone: dict[int, list[tuple[str, Delete | Move, int]]] = defaultdict(list)
        self._arriving: dict[int, dict[str, list[tuple[int, Insert | Move]]]] = defaultdict(lambda: defaultdict(list))
        for proposal in proposals:
            for number, op in enumerate(proposal.ops):
                self._sort(proposal.id, number, op)

    def _sort(self, name: str, number: int, op: Op) -> None:
        if isinstance(op, EditUnit):
            self._edits[op.at].append((name, op, number))
        if isinstance(op, Delete | Move):
            self._gone[op.at].append((name, op, number))
        if isinstance(op, Insert | Move):
            self._arriving[op.after][name].append((number, op))

    def write(self) -> None:
        """Every unit of the compilation in order. Raises Annexed."""
        for at in range(-1, len(self.pieces.bodies)):
            if at >= 0:
                self._write_unit(at)
            if at in self._arriving:
                self._write_arrivals(at)

    def _write_unit(self, at: int) -> None:
        body, lead = self.pieces.bodies[at], self.pieces.leads[at]
        found, taken = self._changes(at)
        if not found:
            self.written.append(_Written((Span(body, None),), lead, body, taken, at))
            return
        made = flat(body, found) if at in self.flattened else compiled(body, 0, len(body), found)
        self.written.append(_Written(tuple(self.writer.spans(made)), lead, body, taken, at))

    def _changes(self, at: int) -> tuple[list[Change], dict[str, str | None]]:
        """What proposals do to a unit, and what it becomes for each of them (None: it goes)."""
        body = self.pieces.bodies[at]
        found: list[Change] = []
        taken: dict[str, str | None] = {}
        leaving = {name for name, _, _ in self._gone[at]} if at in self._gone else set()
        for name, op, number in self._edits.get(at, ()):
            if name not in leaving:
                found += changes(body, at, name, [((name, number, k), e) for k, e in enumerate(op.edits)])
                taken[name] = edit_body(body, op.edits)
        for name, _, number in self._gone.get(at, ()):
            found += removal(body, at, name, (name, number, None))
            taken[name] = None
        return found, taken

    def _write_arrivals(self, after: int) -> None:
        """Runs of new units at one point; equal runs of several proposals are one, sorted by bodies."""
        runs: dict[tuple[_Arriving, ...], dict[str, list[Source]]] = defaultdict(dict)
        for name, arrivals in self._arriving[after].items():
            run = tuple(self._arriving_unit(name, op) for _, op in arrivals)
            runs[run][name] = [(name, number, None) for number, _ in arrivals]
        for run in sorted(runs, key=lambda run: [(unit.body, unit.lead or "", unit.at or -1) for unit in run]):
            for place, unit in enumerate(run):
                takers: dict[str, tuple[Source, ...]] = {n: (found[place],) for n, found in runs[run].items()}
                self._write_arrival(unit, takers)

    def _arriving_unit(self, name: str, op: Insert | Move) -> _Arriving:
        if isinstance(op, Insert):
            return _Arriving(op.text, op.lead, None)
        edits = [edit.edits for who, edit, _ in self._edits.get(op.at, ()) if who == name]
        body, lead = self.pieces.bodies[op.at], self.pieces.leads[op.at]
        return _Arriving(edit_body(body, edits[0]), lead, None) if edits else _Arriving(body, lead, op.at)

    def _write_arrival(self, unit: _Arriving, takers: dict[str, tuple[Source, ...]]) -> None:
        """A new unit bracketed behind its label; the edits of others follow a unit that moves."""
        body, source = unit.body, next(iter(takers.values()))[0]
        ranges = contents(body)
        if not ranges:
            raise Annexed(min(takers), "structure")
        others = (
            [] if unit.at is None else [c for c in self._changes(unit.at)[0] if not self._moves(c.proposal, unit.at)]
        )
        pieces: list[Piece] = []
        at = 0
        for s, t in ranges:
            own = [c for c in others if s <= c.s and c.t <= t]
            inner: list[Piece] = compiled(body, s, t, own) if own else [Span(body[s:t], source)]
            pieces += [Span(body[at:s], source), Choice(False, [Side(inner, takers)])]
            at = t
        pieces.append(Span(body[at:], source))
        taken: dict[str, str | None] = dict.fromkeys(takers, body)
        self.written.append(_Written(tuple(self.writer.spans(pieces)), unit.lead, None, taken))

    def _moves(self, name: str, at: int) -> bool:
        return any(name == who for who, _, _ in self._gone.get(at, ()))

    def text(self) -> str:
        return glue([unit.body for unit in self.written], [unit.lead for unit in self.written], self.pieces.end)

    def check(self) -> None:
        """The laws of compilation, on the text as it will be read. Raises _Unfaithful."""
        for unit in self.written:
            self._check_unit(unit)
        text = cut(self.text())
        everyone = [proposal.id for proposal in self.proposals]
        if list(text.bodies) != [unit.body for unit in self.written]:
            raise _Unfaithful(None, self._arrivers() or everyone)
        if self._projected(text, None) != _plain(self.pieces.bodies, self.pieces.leads):
            raise _Unfaithful(None, self._arrivers() or everyone)
        for proposal in self.proposals:
            if any(not isinstance(op, EditUnit) for op in proposal.ops):
                made = arranged(self.pieces, proposal.ops)
                if self._projected(text, proposal.id) != _plain(made.bodies, made.leads):
                    raise _Unfaithful(None, [proposal.id])

    def _arrivers(self) -> list[str]:
        return sorted({name for names in self._arriving.values() for name in names})

    def _check_unit(self, unit: _Written) -> None:
        if unit.taken and not self._is_faithful(unit):
            raise _Unfaithful(unit.unit, sorted(unit.taken))

    def _is_faithful(self, unit: _Written) -> bool:
        body = unit.body
        try:
            return self._project(body, None) == unit.base and all(
                self._project(body, name) == made for name, made in unit.taken.items()
            )
        except BadInput:  # too deep; one flat bracket is not
            return False

    def _project(self, body: str, proposal: str | None) -> str | None:
        """The unit as read by one who takes the base, or a proposal, in every bracket of the compilation."""
        made = chosen(body, self.writer.picks, proposal)
        return None if made != body and is_emptied(made) else made

    def _projected(self, text: Cut, proposal: str | None) -> list[tuple[str, str]]:
        bodies: list[str] = []
        leads: list[str | None] = []
        for unit, lead in zip(self.written, text.leads, strict=True):
            made = unit.taken.get(proposal, unit.base) if proposal else unit.base
            if made is not None:
                bodies.append(made)
                leads.append(lead)
        return _plain(bodies, leads)


def _plain(bodies: Sequence[str], leads: Sequence[str | None]) -> list[tuple[str, str]]:
    """Bodies with their leads as written in their place."""
    return [
        (lead if lead is not None else "\n\n" if place else "", body)
        for place, (body, lead) in enumerate(zip(bodies, leads, strict=True))
    ]


def _ids(pieces: Cut, proposals: Sequence[Proposal]) -> set[str]:
    """Every id that stands in the base or in a proposal."""
    texts = list(pieces.bodies)
    for proposal in proposals:
        for op in proposal.ops:
            texts += [edit.new for edit in op.edits] if isinstance(op, EditUnit) else []
            texts += [op.text] if isinstance(op, Insert) else []
    named = (text for text in texts if "{#" in text)
    return {name for text in named for name in ids(text)}


def _compilation(
    base: str, pieces: Cut, ordered: Sequence[Proposal], draft: _Draft, annex: dict[str, str]
) -> Compilation:
    reasons = tuple(sorted(annex.items()))
    left = [proposal for proposal in ordered if proposal.id in annex]
    text = draft.text()
    return Compilation(
        text + (annexed(pieces.bodies, left, annex) if left else ""),
        tuple(ordered),
        reasons,
        tuple(collisions(pieces.bodies, ordered)),
        tuple(_rows(ordered, draft, annex)),
        tuple(unit.spans for unit in draft.written),
    )


def _rows(ordered: Sequence[Proposal], draft: _Draft, annex: dict[str, str]) -> list[Row]:
    pairs = brackets.parse([unit.body for unit in draft.written]).pairs
    places = {pair.id: pair.open[0] for pair in pairs}
    rows: list[Row] = []
    for proposal in ordered:
        for source in sources(proposal):
            state = "annex" if proposal.id in annex else "merged" if source in draft.writer.taken else "done"
            for where in draft.writer.taken.get(source) or [Taken("", 0)]:
                unit = places.get(where.bracket)
                bracket, alternative = (where.bracket, where.alternative) if where.bracket else (None, None)
                rows.append(Row(*source, proposal.by, unit, bracket, alternative, state))
    return rows


def sources(proposal: Proposal) -> list[Source]:
    """Every edit and unit operation of a proposal."""
    found: list[Source] = []
    for number, op in enumerate(proposal.ops):
        if isinstance(op, EditUnit):
            found += [(proposal.id, number, k) for k in range(len(op.edits))]
        else:
            found.append((proposal.id, number, None))
    return found
