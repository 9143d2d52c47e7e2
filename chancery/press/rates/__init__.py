"""Official exchange rates: banks as data, three small parsers, and which row is in force.

Pure: no clock, no database, no network. Values stay as the bank published them, with their nominal;
a division is made only for display.
"""

from chancery.press.rates.banks import Bank, Feed, bank, banks
from chancery.press.rates.force import before, beyond, change, in_force, is_stale, jumps
from chancery.press.rates.parsing import parse
from chancery.press.rates.tables import FeedRefused, Rate, RateTable

__all__ = [
    "Bank",
    "Feed",
    "FeedRefused",
    "Rate",
    "RateTable",
    "bank",
    "banks",
    "before",
    "beyond",
    "change",
    "in_force",
    "is_stale",
    "jumps",
    "parse",
]
