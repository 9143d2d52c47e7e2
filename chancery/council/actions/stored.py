"""How a file stands in a row."""

from __future__ import annotations

from chancery.trail.arguments import written
from chancery.trail.files import File


def stored(file: File) -> dict[str, str]:
    """A file as it stands in a row."""
    value: dict[str, str] = written(file, [])
    return value
