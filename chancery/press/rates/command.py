"""`chancery rates parse BANK FILE`: what a bank's file says, one JSON object for each date."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chancery.press.rates.banks import Bank
    from chancery.press.rates.tables import RateTable


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `rates` and its subcommands."""
    about = "Official exchange rates of central banks."
    rates = commands.add_parser("rates", help="read exchange rates", description=about)
    verbs = rates.add_subparsers(dest="verb", required=True, metavar="VERB")
    about = "Print the rates in a file that BANK published: one JSON object a line for each date, oldest first."
    parser = verbs.add_parser("parse", help="print the rates in a bank's file", description=about)
    parser.add_argument("bank", metavar="BANK", help="id of the bank, such as ecb, cbr or nbkr")
    parser.add_argument("file", metavar="FILE", help="the file as published; - for standard input")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the tables; 0 done, 2 for a file that is refused or cannot be read."""
    from chancery.press.rates import FeedRefused, bank, parse

    try:
        data = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
        source, tables = bank(args.bank), parse(args.bank, data)
    except OSError as error:
        return _refuse(args.file, error.strerror or str(error))
    except FeedRefused as reason:
        return _refuse(args.file, str(reason))
    for table in tables:
        print(line(source, table))
    return 0


def line(source: Bank, table: RateTable) -> str:
    """A table as JSON: `quote` (or `base`) currency, date, value of one unit by code, exact, as text."""
    side = "quote" if source.direction == "home_per_foreign" else "base"
    days = {} if table.valid_days is None else {"valid_days": table.valid_days}
    rates = {code: format(rate.per_unit, "f") for code, rate in table.rates.items()}
    return json.dumps({side: source.home, "date": table.day.isoformat(), **days, "rates": rates})


def _refuse(file: str, reason: str) -> int:
    print(f"{file}: {reason}", file=sys.stderr)
    return 2
