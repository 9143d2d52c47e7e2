"""`chancery register …`: the verbs that need only files, and `export`, which needs the council's data too."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    from .command import register_verbs

    verbs = register_verbs(commands)
    export = verbs.add_parser(
        "export",
        help="write a decision's bundle",
        description="Write one file that proves a decision without us: texts, PDF, signed acts, proofs, policy.",
    )
    export.add_argument("symbol", metavar="SYMBOL", help="the decision's symbol")
    export.add_argument("file", metavar="FILE", help="the zip to write")
    export.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    export.set_defaults(run=run_export)

    rendition = commands.add_parser(
        "pdf",
        help="write a decision as PDF",
        description="Write a decision as tagged PDF/A in all its languages; the same decision gives the same bytes.",
    )
    rendition.add_argument("symbol", metavar="SYMBOL", help="the decision's symbol")
    rendition.add_argument("file", metavar="FILE", help="the PDF to write")
    rendition.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    rendition.set_defaults(run=run_pdf)


def run_export(args: argparse.Namespace) -> int:
    return _written(args, _bundle)


def run_pdf(args: argparse.Namespace) -> int:
    return _written(args, _pdf)


def _written(args: argparse.Namespace, make: Any) -> int:
    from chancery.trail.house import open_house

    if open_house(args.data, create=False) is None:
        return 2
    from chancery.decisions.models import Decision

    decision = Decision.objects.filter(pk=args.symbol).first()
    if decision is None:
        known = ", ".join(Decision.objects.values_list("key", flat=True)) or "none"
        print(f"there is no decision {args.symbol}; there are {known}", file=sys.stderr)
        return 2
    Path(args.file).write_bytes(make(decision))
    print(f"{args.symbol} stands in {args.file}")
    return 0


def _bundle(decision: Any) -> bytes:
    from .bundles import bundle_of

    return bundle_of(decision)


def _pdf(decision: Any) -> bytes:
    from chancery.signing.models import Instrument
    from chancery.signing.pdf import build_pdf

    signed = Instrument.objects.filter(decision=decision).first()
    return signed.document.read() if signed else build_pdf(decision, [], decision.issued_at)
