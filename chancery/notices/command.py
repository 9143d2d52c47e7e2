"""`chancery notices bounce FILE`: enter a mail that came back."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    notices = commands.add_parser("notices", help="mail that came back", description="Notices sent by mail.")
    verbs = notices.add_subparsers(title="verbs", metavar="VERB", required=True)
    bounce = verbs.add_parser(
        "bounce",
        help="enter a mail that came back",
        description="Read a delivery status notification (RFC 3464) and mark the notices that did not arrive.",
    )
    bounce.add_argument("file", metavar="FILE", help="the mail as it came in")
    bounce.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    bounce.set_defaults(run=run_bounce)


def run_bounce(args: argparse.Namespace) -> int:
    from chancery.trail.house import open_house

    try:
        data = Path(args.file).read_bytes()
    except OSError as error:
        print(f"{args.file}: {error.strerror}", file=sys.stderr)
        return 2
    if open_house(args.data, create=False) is None:
        return 2
    from . import bounces

    try:
        marked = bounces.enter(data, datetime.now(UTC).replace(microsecond=0))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{marked} notice{'s' if marked != 1 else ''} marked as come back")
    return 0
