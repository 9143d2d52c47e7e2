"""Taking a bracket away: one alternative stays, or all of it, or nothing."""

from __future__ import annotations

from typing import Literal

from . import brackets
from .errors import DoesNotApply
from .merge import is_emptied
from .ops import Ops, diff
from .units import cut, glue

Keep = int | Literal["all", "none"]


def resolve(text: str, bracket: str, keep: Keep) -> Ops:
    """The operations that take the bracket with this id away.

    `keep` is the number of the alternative that stays (from 0), `"all"` to take the signs away only, `"none"`
    to delete the contents too. A unit that is emptied disappears with its lead. Raises DoesNotApply.
    """
    pieces = cut(text)
    found = [pair for pair in brackets.parse(pieces.bodies).pairs if pair.id == bracket]
    if len(found) != 1:
        raise DoesNotApply(f"{len(found)} brackets have the id {bracket}")
    made = _without(list(pieces.bodies), found[0], _kept(pieces.bodies, found[0], keep))
    touched = range(found[0].open[0], found[0].close[0] + 1)
    stay = [at for at, body in enumerate(made) if at not in touched or (body and not is_emptied(body))]
    return diff(text, glue([made[at] for at in stay], [pieces.leads[at] for at in stay], pieces.end))


Range = tuple[brackets.Place, brackets.Place]


def _kept(bodies: tuple[str, ...], pair: brackets.Bracket, keep: Keep) -> list[Range]:
    """The ranges of the bracket that stay."""
    if keep == "none":
        return []
    if keep == "all":
        kept = pair.alternatives
    elif 0 <= keep < len(pair.alternatives):
        kept = (pair.alternatives[keep],)
    else:
        raise DoesNotApply(f"bracket {pair.id} has {len(pair.alternatives)} alternatives, counted from 0; not {keep}")
    return [
        (alternative.open, alternative.close)
        for alternative in kept
        if brackets.slice_of(bodies, alternative.open, alternative.close) != brackets.NO_TEXT
    ]


def _without(bodies: list[str], pair: brackets.Bracket, kept: list[Range]) -> list[str]:
    """The bodies without the bracket's signs and all that does not stay."""
    gone: list[Range] = []
    at = pair.open
    for start, stop in kept:
        gone.append((at, start))
        at = stop
    gone.append((at, (pair.close[0], pair.end)))
    for number, (start, stop) in reversed(list(enumerate(gone))):
        between = " " if 0 < number < len(gone) - 1 else ""
        _cut_out(bodies, start, stop, between)
    return bodies


def _cut_out(bodies: list[str], start: brackets.Place, stop: brackets.Place, between: str) -> None:
    if start[0] == stop[0]:
        body = bodies[start[0]]
        bodies[start[0]] = body[: start[1]] + between + body[stop[1] :]
        return
    bodies[stop[0]] = bodies[stop[0]][stop[1] :]
    bodies[start[0]] = bodies[start[0]][: start[1]]
    for unit in range(start[0] + 1, stop[0]):
        bodies[unit] = ""
