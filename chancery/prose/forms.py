"""The JSON forms of operations, proposals, outcomes and traces: written here, read here, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .ops import Delete, EditUnit, Insert, Lead, Move, Op, Ops, State
from .proposal import Proposal
from .rebase import Rebased
from .worddiff import Edit

TEXT, OPS, PROPOSAL = "chancery/text/1", "chancery/text-ops/1", "chancery/text-proposal/1"
REBASE, TRACE, LINT = "chancery/text-rebase/1", "chancery/text-trace/1", "chancery/text-lint/1"

Json = dict[str, Any]


def op_as_json(op: Op) -> Json:
    """One operation; what is the default is left out."""
    match op:
        case EditUnit():
            edits = [{"s": edit.s, "del": edit.old, "ins": edit.new} for edit in op.edits]
            found: Json = {"op": "edit", "at": op.at, "edits": edits}
            found |= {"text": op.text} if op.text is not None else {}
        case Delete():
            found = {"op": "delete", "at": op.at, "text": op.text}
        case Insert():
            return {"op": "insert", "after": op.after, "text": op.text} | (
                {"lead": op.lead} if op.lead is not None else {}
            )
        case Move():
            found = {"op": "move", "at": op.at, "after": op.after, "text": op.text}
        case Lead():
            return {"op": "lead", "at": op.at, "lead": op.lead}
    return found | ({"id": op.id} if op.id else {})


def ops_as_json(ops: Ops) -> Json:
    """Operations with the digests of the texts before and after."""
    after = {"to": _state_as_json(ops.after)} if ops.after else {}
    end = {"end": ops.end} if ops.end is not None else {}
    return {
        "format": OPS,
        "from": _state_as_json(ops.before),
        **after,
        "ops": [op_as_json(op) for op in ops.ops],
        **end,
    }


def _state_as_json(state: State) -> Json:
    return {"sha256": state.sha256, "units": state.units}


def ops_from_json(document: Json) -> Ops:
    """Operations from a checked document."""
    return Ops(
        _state_from_json(document["from"]),
        tuple(op_from_json(op) for op in document["ops"]),
        _state_from_json(document["to"]),
        document.get("end"),
    )


def _state_from_json(state: Json) -> State:
    return State(state["sha256"], state["units"])


def op_from_json(op: Json) -> Op:
    """One operation from a checked document."""
    match op["op"]:
        case "edit":
            edits = tuple(Edit(edit["s"], edit["del"], edit["ins"]) for edit in op["edits"])
            return EditUnit(op["at"], edits, op.get("text"), op.get("id"))
        case "delete":
            return Delete(op["at"], op["text"], op.get("id"))
        case "insert":
            return Insert(op["after"], op["text"], op.get("lead"))
        case "move":
            return Move(op["at"], op["after"], op["text"], op.get("id"))
    return Lead(op["at"], op["lead"])


def proposal_as_json(proposal: Proposal) -> Json:
    """A proposal as its delegation hands it in."""
    return {
        "format": PROPOSAL,
        "id": proposal.id,
        "by": proposal.by,
        "with": list(proposal.with_),
        "base": proposal.base,
        "published_at": proposal.published_at,
        "note": proposal.note,
        "ops": [op_as_json(op) for op in proposal.ops],
    }


def proposal_from_json(document: Json) -> Proposal:
    """A proposal from a checked document."""
    return Proposal(
        document["id"],
        document["by"],
        document["base"],
        tuple(op_from_json(op) for op in document["ops"]),
        tuple(document["with"]),
        document["published_at"],
        document["note"],
    )


def rebase_as_json(onto: str, carried: Sequence[Rebased]) -> Json:
    """The report of a rebase; `onto` is the digest of the newer version."""
    return {"format": REBASE, "onto": onto, "proposals": [_rebased_as_json(one) for one in carried]}


def _rebased_as_json(one: Rebased) -> Json:
    return {
        "id": one.id,
        "outcomes": [outcome._asdict() for outcome in one.outcomes],
        "rebased": proposal_as_json(one.proposal) if one.proposal else None,
    }
