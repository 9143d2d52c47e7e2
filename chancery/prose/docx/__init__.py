"""Word documents: a base with tracked changes by delegation, out and in."""
