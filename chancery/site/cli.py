"""`chancery`: the command line. A subcommand imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from chancery import __version__

# Each of these modules adds its subcommands; none imports Django or a heavy library at import.
COMMANDS = (
    "chancery.play.command",
    "chancery.site.command",
    "chancery.site.operating",
    "chancery.site.doctor",
    "chancery.procedure.command",
    "chancery.prose.command",
    "chancery.site.schemas",
    "chancery.ledger.command",
    "chancery.register.verbs",
    "chancery.press.rates.command",
    "chancery.notices.command",
)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="chancery",
        description="The secretariat of a council whose members are sovereign.",
        epilog="Exit codes: 0 done; 1 the answer is no (a proof fails, a rule refuses); 2 wrong usage or bad input.",
    )
    top.add_argument("--version", action="version", version=f"chancery {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(name).register(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and give its exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return code
