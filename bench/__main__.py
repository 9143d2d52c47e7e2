"""`python -m bench [NAME …]`: run the benches that need no outside data, or those named."""

from __future__ import annotations

import importlib
import sys

NAMES = ("path", "procedure", "ledger", "prose", "live")


def main(names: list[str]) -> int:
    """Run each bench; 1 where one misses a target."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"there is no bench {unknown[0]}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    codes = []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        codes.append(importlib.import_module(f"bench.{name}").main([]))
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
