"""`python -m chancery.ledger`: the commands of the ledger alone, for a machine without the rest of Chancery."""

from __future__ import annotations

import argparse
import sys

from chancery.ledger import command


def main() -> int:
    """Run one command: verify, key, sign, witness or mirror."""
    parser = argparse.ArgumentParser("chancery.ledger", description="Verify, sign, witness and mirror a register.")
    command.register(parser.add_subparsers(metavar="COMMAND", required=True))
    args = parser.parse_args()
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
