"""Papers: what is brought before the council under a symbol, in versions per language, with a marking."""
