"""The desk: every page of the house that shows rows of more than one station."""
