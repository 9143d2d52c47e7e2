"""Acts of the session and its meetings, a module per subject."""

from . import agenda, delegations, items, letters, sessions, sittings, words

__all__ = ["agenda", "delegations", "items", "letters", "sessions", "sittings", "words"]
