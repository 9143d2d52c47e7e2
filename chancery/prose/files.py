"""Files of the command line: read whole, written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from .errors import BadInput
from .forms import OPS, PROPOSAL, ops_from_json, proposal_from_json
from .ops import Ops
from .proposal import Proposal
from .schema import load
from .units import read

LARGEST = 50_000_000


def data(name: str) -> bytes:
    """The bytes of a file; `-` is standard input. Raises OSError, and BadInput above 50 MB."""
    found = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
    if len(found) > LARGEST:
        raise BadInput(f"{name} is larger than {LARGEST // 1_000_000} MB")
    return found


def text(name: str) -> str:
    """The text of a file. Raises BadInput, naming it."""
    try:
        return read(data(name))
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None


def proposal(name: str) -> Proposal:
    """The proposal in a file."""
    try:
        return proposal_from_json(load(data(name), PROPOSAL))
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None


def ops_or_proposal(name: str) -> Ops | Proposal:
    """The operations, or the proposal, in a file."""
    try:
        document = load(data(name), OPS, PROPOSAL)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None
    return ops_from_json(document) if document["format"] == OPS else proposal_from_json(document)


def names(name: str | None) -> frozenset[str] | None:
    """The names in a file, one a line; None without a file."""
    return frozenset(line.strip() for line in text(name).splitlines() if line.strip()) if name else None


def write(name: str | None, output: str | bytes) -> None:
    """To a file by way of another beside it, or to standard output."""
    content = output if isinstance(output, bytes) else output.encode()
    if name is None or name == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    handle, other = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(other).chmod(0o644)
        Path(other).replace(target)
    except BaseException:
        Path(other).unlink(missing_ok=True)
        raise
