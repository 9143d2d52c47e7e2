"""Acts of the press centre."""

from . import rates, releases

__all__ = ["rates", "releases"]
