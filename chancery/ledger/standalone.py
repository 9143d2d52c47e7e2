"""`chancery-verify`: the verifier alone, a console script and a zip file; same arguments as `chancery verify`."""

from __future__ import annotations

import argparse
import sys

from chancery.ledger import command


def main() -> int:
    """Verify a log or a bundle; 0 sound, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        "chancery-verify", description="Verify a register or a bundle without trusting who holds it."
    )
    command.add_verify_arguments(parser)
    args = parser.parse_args()
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
