"""The stand-alone verifier as one file: a zip of this package that any Python 3.11 with `cryptography` runs.

The same sources give the same bytes, so that its digest can be registered and printed.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

SHEBANG = b"#!/usr/bin/env python3\n"
_MAIN = b"""\
import sys

try:
    import cryptography
except ImportError:
    sys.exit("chancery-verify needs Python's cryptography package. On Debian: apt install python3-cryptography")
from chancery.ledger.standalone import main

sys.exit(main())
"""


def verifier() -> bytes:
    """The bytes of `chancery-verify.pyz`. `PYTHONPATH=chancery-verify.pyz python3 -m chancery.ledger` witnesses too."""
    package = Path(__file__).parent
    sources = [package.parent / "canon.py", *package.glob("*.py")]
    files = {path.relative_to(package.parents[1]).as_posix(): path.read_bytes() for path in sorted(sources)}
    files |= {"chancery/__init__.py": b"", "__main__.py": _MAIN}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return SHEBANG + sink.getvalue()
