"""Building a PDF in a process of its own, so that no long-lived one loads typst."""

from __future__ import annotations

import subprocess  # the child is this very interpreter with a fixed module name
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chancery import canon

KINDS = ("decision", "final", "journal", "paper", "participants", "stamped")
SECONDS = 60


class NotBuilt(ValueError):
    """The document is no document of its kind, or the process did not finish; the message says why."""


def build(kind: str, data: Mapping[str, Any], timestamp: datetime) -> bytes:
    """The PDF of a document of `kind`; its shape is stated in `shapes`.

    `timestamp` is an aware instant, cut to seconds: the creation date in the file. Raises NotBuilt.
    """
    order = canon.canonical_json({"kind": kind, "data": data, "timestamp": timestamp})
    command = [sys.executable, "-I", "-m", "chancery.pdf"]
    try:
        done = subprocess.run(command, input=order, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise NotBuilt(f"The PDF was not finished in {SECONDS} seconds.") from None
    if done.returncode:
        raise NotBuilt(done.stderr.decode(errors="replace").strip() or f"The process ended with {done.returncode}.")
    return done.stdout
