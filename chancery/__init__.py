"""Chancery: the secretariat of a council whose members are sovereign."""

__version__ = "0.1.0"
