"""Acts of the council, a module per subject."""

from . import bodies, chairs, founding, house, keys, members, people
from .bodies import dissolve
from .stored import stored

__all__ = ["bodies", "chairs", "dissolve", "founding", "house", "keys", "members", "people", "stored"]
