"""What a compilation could not merge, printed under its own heading: in words, and as fenced operations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from .forms import op_as_json
from .ops import Delete, EditUnit, Insert, Lead, Move, Op
from .proposal import Proposal
from .tokens import SIGN
from .units import prefix

HEADING = "# Proposals not merged"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_REASONS = {
    "label": "it changes a label",
    "crossing": "it cuts a bracket that spans several paragraphs",
    "structure": "its change cannot be written as a bracket",
}


def annexed(bodies: Sequence[str], proposals: Sequence[Proposal], reasons: Mapping[str, str]) -> str:
    """The annex, to stand at the end of a compilation."""
    parts = [HEADING]
    for proposal in proposals:
        reason = _REASONS[reasons[proposal.id]]
        parts.append(f"## {proposal.id}, {', '.join(proposal.sponsors)}")
        parts.append(f"Not merged: {reason}.")
        parts += [f"- {literal(in_words(bodies, op))}" for op in proposal.ops]
        parts.append("```json\n" + _fenced(proposal.ops) + "\n```")
    return "\n" + "\n\n".join(parts) + "\n"


def _fenced(ops: Sequence[Op]) -> str:
    """Operations as JSON lines; in their strings no sign of a bracket is bare, so that none is left unpaired."""
    return "\n".join(_STRING.sub(_veiled, json.dumps(op_as_json(op), ensure_ascii=False)) for op in ops)


def _veiled(string: re.Match[str]) -> str:
    return string[0].replace("[", "\\u005b").replace("]", "\\u005d").replace(" // ", " \\/\\/ ")


def literal(text: str) -> str:
    """`text` with every sign escaped, on one line: it reads as it is written."""
    line = " ".join(text.split())
    return str(SIGN.sub(lambda sign: sign[0] if sign[0][0] == "\\" else "\\" + sign[0].replace(" // ", " \\// "), line))


def in_words(bodies: Sequence[str], op: Op) -> str:
    """One operation in a sentence."""
    match op:
        case EditUnit():
            said = [_edit(edit.old, edit.new, bodies[op.at][max(0, edit.s - 20) : edit.s]) for edit in op.edits]
            return f"In {_name(bodies, op.at)}: {'; '.join(said)}."
        case Delete():
            return f"Delete {_name(bodies, op.at)}: “{op.text}”."
        case Insert():
            return f"After {_name(bodies, op.after)} insert “{op.text}”."
        case Move():
            return f"Move {_name(bodies, op.at)} behind {_name(bodies, op.after)}."
        case Lead():
            return f"Change the space before {_name(bodies, op.at)}."


def _edit(old: str, new: str, before: str) -> str:
    if not old:
        return f"after “…{before}” insert “{new}”"
    return f"replace “{old}” by “{new}”" if new else f"delete “{old}”"


def _name(bodies: Sequence[str], at: int) -> str:
    if at < 0:
        return "the start of the text"
    label = prefix(bodies[at]).label
    return f"unit {at} ({label})" if label else f"unit {at}"
