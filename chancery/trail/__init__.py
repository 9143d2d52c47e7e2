"""The one door for changes: every change of the council's record is an act, recorded here once."""
