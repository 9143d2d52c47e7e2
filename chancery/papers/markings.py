"""Markings are data: label, rank and audience. The shipped preset is TLP 2.0."""

from __future__ import annotations

MARKINGS: dict[str, str] = {
    "CLEAR": "public",
    "GREEN": "community",
    "AMBER": "council",
    "AMBER+STRICT": "council",
    "RED": "heads",
}


def audience(marking: str) -> str:
    """Who may read what carries this marking."""
    return MARKINGS[marking]
