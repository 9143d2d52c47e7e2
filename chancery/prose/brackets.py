"""Square brackets: text that is not agreed. Here they are counted; footnote calls and escapes are none."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"\\.|\[\^[A-Za-z0-9-]+\]|[\[\]]")


def count(text: str) -> int:
    """How many bracket signs a text holds. A clean text holds none."""
    return sum(sign in "[]" for sign in _SIGNS.findall(text))
