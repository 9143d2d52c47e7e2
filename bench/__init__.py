"""Measurements: ratios and counts, each in one run. `make bench` runs them; data from outside comes by a path."""
