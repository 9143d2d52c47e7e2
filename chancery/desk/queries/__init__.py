"""Reads for the pages of the house, one module per page; rows of each station come through its own door."""
