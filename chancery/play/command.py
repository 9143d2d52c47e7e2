"""`chancery play`, `export`, `found`: session folders on the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    play = commands.add_parser(
        "play",
        help="perform a session folder, all or nothing",
        description="Perform the acts of a session folder in order. Everything is checked first; a fault leaves "
        "nothing behind. Exit 0 done, 1 a rule refuses or an expectation fails, 2 a bad folder.",
    )
    play.add_argument("folder", metavar="FOLDER")
    play.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    play.add_argument("--check", action="store_true", help="check and try only; nothing is kept")
    play.add_argument("--json", action="store_true", help="one JSON object per act")
    play.set_defaults(run=run_play)

    export = commands.add_parser(
        "export",
        help="write a session as a folder that plays again",
        description="Write the acts of a session and their files as a session folder.",
    )
    export.add_argument("session", metavar="SESSION", help="the session's number")
    export.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet")
    export.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    export.add_argument("--public", action="store_true", help="only what the public may see")
    export.set_defaults(run=run_export)

    found = commands.add_parser(
        "found",
        help="found a council from council.toml",
        description="Found a council without a session; the files it names lie beside it.",
    )
    found.add_argument("charter", metavar="COUNCIL.toml")
    found.add_argument("--data", metavar="DIR", default="data", help="a new data directory (default: data)")
    found.set_defaults(run=run_found)


def _complain(*lines: object) -> None:
    for line in lines:
        print(line, file=sys.stderr)


def run_play(args: argparse.Namespace) -> int:
    from chancery.trail.house import Busy, only_one, open_house

    path = Path(args.folder)
    data = open_house(args.data, create=True)
    if data is None:
        return 2
    try:
        with only_one(data):
            return play_folder(path, check=args.check, as_json=args.json)
    except Busy as error:
        _complain(error)
        return 2


def play_folder(path: Path, *, check: bool = False, as_json: bool = False, enter: bool = True) -> int:
    """Play into the open house, printing each act; `enter` what is official. Gives the exit code."""
    from chancery.register.tasks import ensure_register

    from . import folder, stage

    try:
        read = folder.read(path)
        if refused := _unlawful(read):
            _complain(refused)
            return 2
        stage.play(read, print_json if as_json else print_line, check=check)
    except folder.BadFolder as error:
        _complain(*error.faults)
        return 1 if all(fault.is_refusal for fault in error.faults) else 2
    except stage.AlreadyThere as error:
        _complain(error)
        return 2
    if check:
        print("The folder plays; nothing was kept.", file=sys.stderr)
    elif enter:
        ensure_register()
    return 0


def _unlawful(read: Any) -> str:
    from django.conf import settings

    if settings.PRODUCTION and read.charter.council.rehearsal:
        return "council.toml:council.rehearsal: production settings refuse a folder of invented things"
    return ""


def print_line(played: Any) -> None:
    """A tick, the local time, the sentence, the rule."""
    local = played.at.astimezone(played.zone)
    mark = "✗" if played.refused else "✓"
    rule = f"  [{played.rule}]" if played.rule else ""
    print(f"{mark} {local:%Y-%m-%d %H:%M}  {played.says}{rule}")


def print_json(played: Any) -> None:
    print(played.as_json())


def run_export(args: argparse.Namespace) -> int:
    from chancery.trail.house import open_house

    if open_house(args.data, create=False) is None:
        return 2
    from . import export

    try:
        export.write(args.session, Path(args.folder), public=args.public)
    except export.CannotExport as error:
        _complain(error)
        return 2
    print(f"Session {args.session} stands in {args.folder}; `chancery play {args.folder}` plays it again.")
    return 0


def run_found(args: argparse.Namespace) -> int:
    from chancery.trail.house import Busy, only_one, open_house

    if not Path(args.charter).is_file():
        _complain(f"{args.charter}: there is no such file")
        return 2
    data = open_house(args.data, create=True)
    if data is None:
        return 2
    try:
        with only_one(data):
            return _found(Path(args.charter))
    except Busy as error:
        _complain(error)
        return 2


def _found(path: Path) -> int:
    from chancery.council import charter
    from chancery.register.tasks import ensure_register
    from chancery.trail.errors import BadArguments, Refused

    from . import folder, stage

    try:
        constitution = charter.read(path.read_bytes())
        named, wrong = charter.named_files(constitution, path.parent)
        if wrong:
            raise BadArguments(wrong)
        done = stage.found_council(path, constitution, named, None)
    except BadArguments as error:
        _complain(*folder.toml_faults(path.name, error.faults))
        return 2
    except Refused as error:
        _complain(error.because)
        return 1
    ensure_register()
    print(f"Founded {done.product.name.get('en', done.product.code)}.")
    return 0
