"""`chancery text` as a test calls it: files in a folder, and what it answers."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from chancery.prose import command


@dataclass(frozen=True)
class Answered:
    """Exit code, standard output and standard error of one command."""

    code: int
    out: bytes
    err: str


def chancery(*words: str, stdin: bytes = b"") -> Answered:
    """Run one command line, `text` first."""
    parser = argparse.ArgumentParser(prog="chancery")
    command.register(parser.add_subparsers(required=True))
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            args = parser.parse_args(words)
            code = args.run(args)
    finally:
        sys.stdin = before
    out.flush()
    return Answered(code, out.buffer.getvalue(), err.getvalue())


def put(folder: Path, name: str, content: str | bytes) -> str:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)
