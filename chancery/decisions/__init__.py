"""Decisions: what the council adopted, under a number, with the statements that belong to it."""
