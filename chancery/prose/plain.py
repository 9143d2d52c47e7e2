"""Plain text out, and in: old texts with typed brackets, whose meaning the importer must be told."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from . import brackets
from .canonical import canonical
from .proposal import Proposal, propose
from .render import plain
from .tokens import Attrs, written_attrs
from .units import cut, is_meta, prefix

Reading = Literal["open", "deleted"]
_LEADING = re.compile(r"\[([^\[\]:]{1,80}): ")
_TRAILING = re.compile(r" [-–—] ([^\[\]]{1,80})\]")
_ALT = re.compile(r"^(\s*)Alt(?:ernative)?\.? (\d+)[:.] ?", re.MULTILINE)
_NONE = re.compile(r"\((?:no text|no paragraph)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What the importer must know before it reads a text with brackets: how many, and the first few."""

    count: int
    examples: tuple[str, ...]


def as_plain(text: str) -> str:
    """The text for reading: labels and brackets as text, no marks, no ids."""
    bodies = cut(text).bodies
    lines = []
    for at, body in enumerate(bodies):
        if is_meta(at, body):
            continue
        around = prefix(body)
        label = "" if around.kind == "heading" or not around.label else f"{around.label.strip('*')} "
        lines.append(
            "    " * (around.level if around.kind != "heading" else 0) + label + plain(body[around.start : around.stop])
        )
    return "\n\n".join(lines) + "\n"


def question(text: str) -> Asked | None:
    """The question of what brackets mean; None where there are none."""
    bodies = cut(text).bodies
    found = brackets.parse(bodies)
    if not found.signs:
        return None
    examples = [brackets.slice_of(bodies, pair.open, (pair.close[0], pair.close[1] + 1)) for pair in found.pairs[:3]]
    return Asked(found.signs, tuple(example[:80] for example in examples))


def from_plain(text: str, reading: Reading | None, members: Collection[str] = ()) -> tuple[str, list[Proposal]]:
    """The canonical text of typed plain text, and for `deleted` the proposal "as printed".

    With `open`, brackets stay what they are, and holders named in them (`[EU: text]`, `[text - EU, US]`) become
    holders if they are members. With `deleted`, what stands in brackets is deleted by a proposal.
    """
    if reading == "deleted":
        return _deleted(canonical(_escaped_slashes(text)))
    text = _ALT.sub(r"\1Option \2: ", text)
    text = _NONE.sub(brackets.NO_TEXT, text)
    return canonical(_with_holders(text, members)), []


def _escaped_slashes(text: str) -> str:
    return text.replace(" // ", r" \// ")


def _with_holders(text: str, members: Collection[str]) -> str:
    """Holders typed inside brackets moved behind them, innermost brackets only."""
    return re.sub(r"\[[^\[\]]*\](?!\{)", lambda found: _holders_behind(found[0], members), text)


def _holders_behind(bracket: str, members: Collection[str]) -> str:
    for pattern in (_LEADING, _TRAILING):
        match = pattern.search(bracket)
        if match and (pattern is _TRAILING or match.start() == 0):
            names = tuple(name.strip() for name in match[1].split(","))
            if all(name in members for name in names):
                inner = bracket[match.end() : -1] if pattern is _LEADING else bracket[1 : match.start()]
                return f"[{inner}]" + written_attrs(Attrs(None, (names,)))
    return bracket


def _deleted(text: str) -> tuple[str, list[Proposal]]:
    """The text without the signs of its brackets, and the proposal that deletes what they held."""
    base = canonical(_struck(text, keep=True))
    made = propose(base, canonical(_struck(text, keep=False)), by="as printed", note="brackets mean deletion")
    return base, [made.proposal] if made.proposal else []


def _struck(text: str, *, keep: bool) -> str:
    """`text` without the signs of its paired brackets; with `keep` their contents stay."""
    bodies = list(cut(text).bodies)
    gone: list[tuple[brackets.Place, brackets.Place]] = []
    for pair in brackets.parse(bodies).pairs:
        first, last = pair.open, pair.close
        if keep or pair.is_crossing:
            gone += [(first, (first[0], first[1] + 1)), (last, (last[0], last[1] + 1))]
        elif pair.depth == 1:
            gone.append((first, (last[0], last[1] + 1)))
    for (unit, start), (_, stop) in sorted(gone, reverse=True):
        bodies[unit] = bodies[unit][:start] + bodies[unit][stop:]
    return "\n\n".join(bodies)
