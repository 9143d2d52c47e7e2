"""Acts on papers: bringing them in and giving them out, what follows an issued paper, who may see it."""

from . import handling, tabling

__all__ = ["handling", "tabling"]
