"""Where every proposal went and where every word came from, through a compilation and later versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chancery.canon import sha256

from . import brackets
from .compile import Compilation, Row, compile
from .errors import LawBroken
from .forms import TRACE
from .merge import Span
from .ops import EditUnit, arranged, diff
from .proposal import Proposal
from .rebase import Rebase
from .units import DEFAULT_END, cut, glue
from .worddiff import Edit

Spans = tuple[tuple[Span, ...], ...]
PEN = "pen"


@dataclass(frozen=True)
class Traced:
    """Rows of the compilation and of each later version, and the sources of the words of the last version."""

    compilation: Compilation
    versions: tuple[tuple[Row, ...], ...]
    spans: Spans


def trace(base: str, proposals: Sequence[Proposal], through: Sequence[str] = ()) -> Traced:
    """The trace of proposals on a base through later versions. Raises LawBroken for a word without a source."""
    made = compile(base, proposals)
    text, spans = _merged_text(made), made.spans
    versions = []
    alive = {row.bracket for row in made.rows}
    for number, version in enumerate(through, 1):
        spans = carried(text, version, spans, number)
        alive &= {pair.id for pair in brackets.parse(cut(version).bodies).pairs}
        versions.append(tuple(_fates(base, version, made, spans, alive)))
        text = version
    return Traced(made, tuple(versions), spans)


def _merged_text(made: Compilation) -> str:
    """The compilation without its annex, which is no part of the text."""
    pieces = cut(made.text)
    kept = len(made.spans)
    return glue(pieces.bodies[:kept], pieces.leads[:kept], DEFAULT_END)


def carried(text: str, version: str, spans: Spans, number: int) -> Spans:
    """The sources of the words of `version`, from those of `text`: what is new was written by the pen.

    Raises LawBroken where the spans of a unit do not add up to it.
    """
    ops = diff(text, version)
    pen = (PEN, number, None)
    units = list(spans)
    for op in ops.ops:
        if isinstance(op, EditUnit):
            units[op.at] = tuple(_edited(units[op.at], op.edits, pen))
    made = arranged(cut(text), ops.ops)
    found = tuple(
        (Span(body, pen),) if source is None else units[source]
        for body, source in zip(made.bodies, made.sources, strict=True)
    )
    for body, unit in zip(cut(version).bodies, found, strict=True):
        if "".join(span.text for span in unit) != body:
            raise LawBroken("a word of the version has no source; nothing is answered")
    return found


def _edited(unit: Sequence[Span], edits: Sequence[Edit], pen: tuple[str, int, None]) -> list[Span]:
    made: list[Span] = []
    offset, waiting = 0, list(edits)
    for span in unit:
        at, end = offset, offset + len(span.text)
        while waiting and waiting[0].s < end:
            edit = waiting[0]
            made.append(Span(span.text[at - offset : max(at, edit.s) - offset], span.source))
            if edit.s >= at:
                made.append(Span(edit.new, pen))
            at = max(at, min(end, edit.end))
            if edit.end > end:
                break
            waiting.pop(0)
        if at < end and not (waiting and waiting[0].s < at):
            made.append(Span(span.text[at - offset :], span.source))
        offset = end
    made += [Span(edit.new, pen) for edit in waiting if edit.s >= offset]
    return [span for span in made if span.text]


def _fates(base: str, version: str, made: Compilation, spans: Spans, alive: Collection[str | None]) -> list[Row]:
    """What became of every row: still merged (its bracket has been there ever since), kept, or fell."""
    found = brackets.parse(cut(version).bodies).pairs
    pairs = {pair.id: pair.open[0] for pair in found if pair.id in alive}
    surviving = {(span.source, at) for at, unit in enumerate(spans) for span in unit if span.text.strip()}
    places = dict(surviving)
    rebase = Rebase(base, version)
    done = {
        (proposal.id, outcome.op, outcome.edit)
        for proposal in made.proposals
        for outcome in rebase.carry(proposal).outcomes
        if outcome.outcome == "done"
    }
    rows = []
    for row in made.rows:
        source = (row.proposal, row.op, row.edit)
        if row.state == "annex" and source not in done:
            rows.append(row)
        elif row.bracket in pairs and row.bracket:
            rows.append(replace(row, unit=pairs[row.bracket]))
        else:
            kept = source in places or source in done
            rows.append(
                replace(row, unit=places.get(source), bracket=None, alternative=None, state="kept" if kept else "fell")
            )
    return rows


def trace_as_json(base: str, traced: Traced) -> dict[str, Any]:
    """The trace as a document; rows of later versions carry their number."""
    made = traced.compilation
    rows = [row_as_json(row) for row in made.rows]
    for number, version in enumerate(traced.versions, 1):
        rows += [row_as_json(row) | {"version": number} for row in version]
    return {
        "format": TRACE,
        "base": sha256(base.encode()),
        "collisions": [collision_as_json(found) for found in made.collisions],
        "annex": [{"proposal": name, "reason": reason} for name, reason in made.annex],
        "rows": rows,
    }


def collision_as_json(found: Any) -> dict[str, Any]:
    """A collision as it stands in a trace."""
    return {
        "kind": found.kind,
        "unit": found.unit,
        "range": list(found.range),
        "proposals": list(found.proposals),
    }


def row_as_json(row: Row) -> dict[str, Any]:
    """A row as it stands in a trace."""
    return {
        "proposal": row.proposal,
        "op": row.op,
        "edit": row.edit,
        "by": row.by,
        "unit": row.unit,
        "bracket": row.bracket,
        "alternative": row.alternative,
        "state": row.state,
    }
