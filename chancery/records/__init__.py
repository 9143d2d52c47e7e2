"""Records of a session: the final document, compiled from what the council adopted."""
