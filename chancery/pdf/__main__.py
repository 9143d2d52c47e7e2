"""`python -m chancery.pdf`: a document as JSON on standard input, its PDF on standard output.

The order is `{"kind": …, "data": …, "timestamp": "2026-10-22T12:00:00Z"}`. Exit 0 done, 2 bad input
with one sentence on standard error.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from chancery import canon
from chancery.pdf.process import SECONDS
from chancery.pdf.shapes import DOCUMENTS, Misshapen, checked
from chancery.pdf.typeset import typeset

MEMORY = 2 << 30
ORDER = {"kind": set(DOCUMENTS), "data": dict, "timestamp": str}


def main() -> int:
    """Build the PDF of the order on standard input."""
    _limit()
    try:
        pdf = _pdf(json.loads(sys.stdin.buffer.read().decode()))
    except json.JSONDecodeError as error:
        return _refuse(f"no JSON: {error}")
    except (ValueError, RecursionError, MemoryError) as error:
        return _refuse(str(error) or type(error).__name__)
    sys.stdout.buffer.write(pdf)
    return 0


def _pdf(order: Any) -> bytes:
    found = checked(order, ORDER)
    try:
        timestamp = canon.instant(found["timestamp"])
    except ValueError as error:
        raise Misshapen(f"/timestamp: {error}") from error
    kind = found["kind"]
    return typeset(kind, checked(found["data"], DOCUMENTS[kind], "/data"), timestamp)


def _refuse(reason: str) -> int:
    print(f"chancery.pdf: {reason}", file=sys.stderr)
    return 2


def _limit() -> None:
    # A document that would eat the machine ends here and not in the council's server.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    raise SystemExit(main())
