"""Reads of papers: versions and languages, translation jobs, differences, what a reader has not read."""

from .differences import Difference, Row, difference
from .jobs import Job, jobs
from .unread import changed_since, unread
from .versions import Language, Line, languages, lines

__all__ = [
    "Difference",
    "Job",
    "Language",
    "Line",
    "Row",
    "changed_since",
    "difference",
    "jobs",
    "languages",
    "lines",
    "unread",
]
