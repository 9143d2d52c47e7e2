"""One unit with the edits of several proposals, written as brackets: widen, group, write.

An edit is widened until it cuts no bracket. Overlapping edits form a group with a hull; each group becomes
one bracket, edits that lie inside others nest. Nothing depends on the order in which proposals arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from . import brackets
from .brackets import NO_TEXT
from .tokens import Attrs, cells, tokens, written_attrs
from .units import is_meta, prefix
from .worddiff import Edit

THE_BASE = ""  # stands for the base where proposals are named by their ids
Source = tuple[str, int, int | None]  # proposal, operation, edit


class Annexed(Exception):
    """An edit that cannot be written as a bracket; the reason is `label`, `crossing` or `structure`."""

    def __init__(self, proposal: str, reason: str) -> None:
        super().__init__(proposal, reason)
        self.proposal, self.reason = proposal, reason


class Span(NamedTuple):
    """Text with its one source; None is the base."""

    text: str
    source: Source | None


@dataclass(frozen=True)
class Change:
    """A replacement of `body[s:t]` by one proposal, made of one edit or several joined ones."""

    proposal: str
    s: int
    t: int
    new: str
    sources: tuple[Source, ...]


@dataclass
class Alternative:
    """One text of a bracket with the proposals that take it; the base alternative has none."""

    pieces: list[Piece]
    takers: dict[str, tuple[Source, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Span))


@dataclass
class Choice:
    """A bracket to be written; `base` says whether its first alternative is the base."""

    base: bool
    alternatives: list[Alternative]


Piece = Span | Choice


class Taken(NamedTuple):
    """Where a source stands in the written text: the bracket's id and the number of the alternative."""

    bracket: str
    alternative: int


def changes(body: str, at: int, proposal: str, edits: Sequence[tuple[Source, Edit]]) -> list[Change]:
    """The edits of one proposal in one unit, widened and joined. Raises Annexed."""
    around = prefix(body)
    if is_meta(at, body):
        raise Annexed(proposal, "structure")
    if any(edit.s < around.start or edit.end > around.stop for _, edit in edits):
        raise Annexed(proposal, "label")
    found = _widened(body, [Change(proposal, e.s, e.end, e.new, (source,)) for source, e in edits])
    made = _balanced(body, found)
    for change in made:
        if around.kind == "row" and ("|" in tokens(body[change.s : change.t]) or "|" in tokens(change.new)):
            raise Annexed(proposal, "structure")
    return [change for change in made if change.new != body[change.s : change.t]]


def removal(body: str, at: int, proposal: str, source: Source) -> list[Change]:
    """The unit emptied: its content, or each cell of a row. Raises Annexed."""
    ranges = contents(body)
    if is_meta(at, body) or not ranges:
        raise Annexed(proposal, "structure")
    if any(_unpaired(body[s:t]) for s, t in ranges):
        raise Annexed(proposal, "crossing")
    return [Change(proposal, s, t, "", (source,)) for s, t in ranges]


def contents(body: str) -> list[tuple[int, int]]:
    """The ranges of a body that a bracket around the whole unit goes around: its content, or its cells."""
    around = prefix(body)
    if around.kind != "row":
        return [(around.start, around.stop)] if around.stop > around.start else []
    found = [(s, t, body[s:t]) for s, t in cells(body[: around.stop])]
    return [(s + len(x) - len(x.lstrip()), s + len(x.rstrip())) for s, _, x in found if x.strip()]


def _widened(body: str, edits: Sequence[Change]) -> list[Change]:
    """Each edit grown to whole tokens and until it cuts no bracket; edits that now meet are one."""
    found = _pairs(body)
    borders = [*accumulate(map(len, tokens(body)), initial=0)]
    made: list[Change] = []
    for edit in edits:
        s, t = _whole(edit.s, edit.t, borders)
        while (wider := _around(body, found, s, t)) != (s, t):
            s, t = wider
        change = Change(edit.proposal, s, t, body[s : edit.s] + edit.new + body[edit.t : t], edit.sources)
        while made and (change.s < made[-1].t or change.s == made[-1].t):
            change = _joined(body, made.pop(), change)
        made.append(change)
    return made


def _whole(s: int, t: int, borders: Sequence[int]) -> tuple[int, int]:
    if s == t and s in borders:
        return s, t
    return max(b for b in borders if b <= s), min(b for b in borders if b >= t)


def _around(body: str, found: brackets.Brackets, s: int, t: int) -> tuple[int, int]:
    """The range, or the next wider one that contains every bracket it cuts."""
    for pair in found.pairs:
        start, stop = pair.open[1], pair.end
        apart = t <= start or s >= stop
        contains = s <= start and stop <= t
        if apart or contains:
            continue
        inside = [alt for alt in pair.alternatives if alt.open[1] <= s and t <= alt.close[1]]
        if not inside or body[inside[0].open[1] : inside[0].close[1]] == NO_TEXT:
            return min(s, start), max(t, stop)
    return s, t


def _joined(body: str, one: Change, other: Change) -> Change:
    """Two changes of one proposal as one, with the base text between them."""
    if other.s >= one.t:
        new = one.new + body[one.t : other.s] + other.new
        return Change(one.proposal, one.s, other.t, new, one.sources + other.sources)
    raise Annexed(one.proposal, "structure")


def _balanced(body: str, edits: Sequence[Change]) -> list[Change]:
    """Edits joined until each replacement holds whole brackets only."""
    made: list[Change] = []
    waiting: Change | None = None
    for edit in edits:
        waiting = _joined(body, waiting, edit) if waiting else edit
        if _unpaired(body[waiting.s : waiting.t]):
            raise Annexed(edit.proposal, "crossing")
        if not _unpaired(waiting.new):
            made.append(waiting)
            waiting = None
    if waiting:
        raise Annexed(waiting.proposal, "crossing")
    return made


def _pairs(body: str) -> brackets.Brackets:
    return brackets.parse(["", body])


def _unpaired(text: str) -> bool:
    return bool(("[" in text or "]" in text) and _pairs(text).unpaired)


def compiled(body: str, s: int, t: int, changes: Sequence[Change]) -> list[Piece]:
    """`body[s:t]` with a bracket for each group of changes."""
    pieces: list[Piece] = []
    at = s
    for group in _groups(changes):
        start, stop = min(change.s for change in group), max(change.t for change in group)
        pieces += [Span(body[at:start], None), _choice(body, start, stop, group)]
        at = stop
    return [*pieces, Span(body[at:t], None)]


def _groups(changes: Sequence[Change]) -> list[list[Change]]:
    """Components of overlapping ranges, and insertions at one point outside them, by position."""
    groups: list[list[Change]] = []
    stop = -1
    ranges = sorted((c for c in changes if c.s < c.t), key=_canonical)
    for change in ranges:
        if groups and change.s < stop:
            groups[-1].append(change)
        else:
            groups.append([change])
        stop = max(stop, change.t) if len(groups[-1]) > 1 else change.t
    hulls = [(min(c.s for c in group), max(c.t for c in group), group) for group in groups]
    points: dict[int, list[Change]] = defaultdict(list)
    for change in sorted((c for c in changes if c.s == c.t), key=_canonical):
        inside = next((group for start, end, group in hulls if start < change.s < end), None)
        (points[change.s] if inside is None else inside).append(change)
    return sorted([*groups, *points.values()], key=lambda group: (min(c.s for c in group), max(c.t for c in group)))


def _canonical(change: Change) -> tuple[int, int, str, str]:
    return change.s, change.t, change.new, change.proposal


def _choice(body: str, s: int, t: int, group: Sequence[Change]) -> Choice:
    outer = [change for change in group if (change.s, change.t) == (s, t)]
    base = Alternative([Span(body[s:t], None)])
    found: dict[str, Alternative] = {}
    if outer:
        base.pieces = compiled(body, s, t, [change for change in group if change not in outer])
        for change in outer:
            _take(found, [Span(change.new, change.sources[0])], change.proposal, change.sources)
    else:
        for proposal, own in _by_proposal(group).items():
            _take(found, _replaced(body, s, t, own), proposal, tuple(x for change in own for x in change.sources))
    ordered = sorted(found.values(), key=lambda alternative: (alternative.text == NO_TEXT, alternative.text))
    return Choice(s < t, [base, *ordered] if s < t else ordered)


def _take(found: dict[str, Alternative], pieces: list[Piece], proposal: str, sources: tuple[Source, ...]) -> None:
    text = "".join(piece.text for piece in pieces if isinstance(piece, Span))
    if not text:
        pieces = [Span(NO_TEXT, sources[0])]
    alternative = found.setdefault(text or NO_TEXT, Alternative(pieces))
    alternative.takers[proposal] = sources


def _by_proposal(group: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for change in sorted(group, key=lambda change: (change.proposal, change.s, change.t)):
        found[change.proposal].append(change)
    return found


def _replaced(body: str, s: int, t: int, own: Sequence[Change]) -> list[Piece]:
    pieces: list[Piece] = []
    at = s
    for change in own:
        pieces += [Span(body[at : change.s], None), Span(change.new, change.sources[0])]
        at = change.t
    return [*pieces, Span(body[at:t], None)]


def flat(body: str, changes: Sequence[Change]) -> list[Piece]:
    """The whole content as one bracket: the base and what each proposal makes of it, side by side."""
    around = prefix(body)
    s, t = around.start, around.stop
    found: dict[str, Alternative] = {}
    for proposal, own in _by_proposal(changes).items():
        _take(found, _replaced(body, s, t, own), proposal, tuple(x for change in own for x in change.sources))
    ordered = sorted(found.values(), key=lambda alternative: (alternative.text == NO_TEXT, alternative.text))
    choice = Choice(True, [Alternative([Span(body[s:t], None)]), *ordered])
    return [Span(body[:s], None), choice, Span(body[t:], None)]


class Writer:
    """Writes pieces as text, giving brackets the ids c1, c2 … that are not yet in use, outer before inner."""

    def __init__(self, in_use: Iterable[str], holders: Mapping[str, Sequence[str]]) -> None:
        self._in_use, self._holders, self._last = frozenset(in_use), holders, 0
        self.picks: dict[str, dict[str, int]] = {}
        self.taken: dict[Source, list[Taken]] = defaultdict(list)

    def spans(self, pieces: Sequence[Piece]) -> Iterator[Span]:
        """The written text as spans; signs of brackets have the source of no one and count as base."""
        for piece in pieces:
            if isinstance(piece, Span):
                yield piece
            else:
                yield from self._bracket(piece)

    def _bracket(self, choice: Choice) -> Iterator[Span]:
        name = self._next()
        groups: list[tuple[str, ...]] = []
        picks: dict[str, int] = {}
        for number, alternative in enumerate(choice.alternatives):
            yield Span(" // " if number else "[", None)
            for proposal, sources in alternative.takers.items():
                picks[proposal] = number
                for source in sources:
                    self.taken[source].append(Taken(name, number))
            held = {holder for proposal in alternative.takers for holder in self._holders[proposal]}
            groups.append(tuple(sorted(held)) or (brackets.BASE,))
            yield from self.spans(alternative.pieces)
        self.picks[name] = picks | ({THE_BASE: 0} if choice.base else {})
        yield Span("]" + written_attrs(Attrs(name, tuple(groups))), None)

    def _next(self) -> str:
        while True:
            self._last += 1
            if (name := f"c{self._last}") not in self._in_use:
                return name


def chosen(body: str, picks: Mapping[str, Mapping[str, int]], proposal: str | None) -> str:
    """A body as read by one who takes the base (None) or a proposal in every bracket named in `picks`."""
    pairs = _pairs(body).pairs

    def within(start: int, stop: int) -> str:
        parts: list[str] = []
        at = start
        for pair in pairs:
            if pair.id in picks and at <= pair.open[1] < stop:
                parts += [body[at : pair.open[1]], kept(pair)]
                at = pair.end
        return "".join([*parts, body[at:stop]])

    def kept(pair: brackets.Bracket) -> str:
        takers = picks[pair.id or ""]
        number = takers.get(proposal or THE_BASE, takers.get(THE_BASE, len(pair.alternatives)))
        if number >= len(pair.alternatives):
            return ""
        start, stop = pair.alternatives[number].open[1], pair.alternatives[number].close[1]
        return "" if body[start:stop] == NO_TEXT else within(start, stop)

    return within(0, len(body))


def is_emptied(body: str) -> bool:
    """Whether nothing is left of a unit but its label and id, or the borders of its cells."""
    return not contents(body)
