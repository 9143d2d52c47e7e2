"""`chancery operator enter` and `leave`: the operator opens and ends a limited access to data."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def register(commands: Any) -> None:
    operator = commands.add_parser(
        "operator",
        help="open or end the operator's access to data",
        description="The operator looks into the house only for a stated reason and time, which the secretary sees.",
    )
    verbs = operator.add_subparsers(title="verbs", metavar="VERB", required=True)
    enter = verbs.add_parser("enter", help="open access; prints a link that works once")
    enter.add_argument("--reason", required=True, help="why, in one sentence; it stays in the record")
    enter.add_argument("--until", required=True, metavar="TIME", help="local time of the seat, as 2026-10-20T18:00")
    enter.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    enter.set_defaults(run=run_enter)
    leave = verbs.add_parser("leave", help="end the access before its time")
    leave.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    leave.set_defaults(run=run_leave)


def run_enter(args: argparse.Namespace) -> int:
    from chancery.trail.house import open_house

    if open_house(args.data, create=False) is None:
        return 2
    from django.conf import settings
    from django.urls import reverse

    from .doors.operator import token

    opened = _perform("operator.enter", None, {"reason": args.reason, "until": args.until})
    if opened is None:
        return 1
    address = reverse("operator-enter", args=[token(opened)])
    print(f"Access {opened.key} is open until {opened.until:%Y-%m-%d %H:%M} UTC. The secretary sees it.")
    print(f"This link works once: {settings.HOUSE_ADDRESS}{address}")
    return 0


def run_leave(args: argparse.Namespace) -> int:
    from chancery.trail.house import open_house

    if open_house(args.data, create=False) is None:
        return 2
    from chancery.council import access
    from chancery.trail import door

    opened = access.operator_access_at(door.now())
    if opened is None:
        print("no access of the operator is open", file=sys.stderr)
        return 1
    if _perform("operator.leave", str(opened.ref), {}) is None:
        return 1
    print(f"Access {opened.key} ended.")
    return 0


def _perform(name: str, to: str | None, raw: dict[str, Any]) -> Any:
    """What came of the act; or nothing, with the rule that refused it on standard error."""
    from zoneinfo import ZoneInfo

    from chancery.council import access
    from chancery.trail import door
    from chancery.trail.actor import OPERATOR
    from chancery.trail.arguments import Reading
    from chancery.trail.errors import BadArguments, Refused

    deed = door.acts()[name]
    try:
        subject, values = deed.read(to, raw, Reading(zone=ZoneInfo(access.council().zone)))
        return door.perform(deed, subject, values, by=OPERATOR, at=door.now()).product
    except (BadArguments, Refused) as error:
        print(error, file=sys.stderr)
        return None
