"""What pages read of the record. Only acts change it, so the rows read while it stands at one number are shared.

A page that reads asks once for the number of the newest record. As long as that number stands, a question that was
asked before is answered from memory, to everybody who asks the very same one: the condition under which a reader
may see a row is part of the question. Acts, collectors and commands never read from here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models

from .memory import keep, once, remembering

Row = TypeVar("Row", bound=models.Model)
Key = tuple[Any, ...]

MOST_ANSWERS = 1_000
MOST_ROWS = 500


class Shelf:
    """The answers of one state of the record; those of an earlier state are thrown away."""

    def __init__(self) -> None:
        self._lock, self._state, self._answers = Lock(), ("", 0), dict[Key, list[Any]]()

    def find(self, state: tuple[str, int], key: Key, load: Callable[[], list[Any]]) -> list[Any]:
        """What `load` gives, asked at most once in one state of the record."""
        with self._lock:
            if state != self._state:
                self._state, self._answers = state, {}
            answers = self._answers
        if key in answers:
            return answers[key]
        rows = load()
        if len(rows) <= MOST_ROWS and len(answers) < MOST_ANSWERS:
            answers[key] = rows
        return rows


_shelf = Shelf()


@contextmanager
def reading(number: Callable[[], int]) -> Iterator[None]:
    """Inside, everything is read as of one number of the record, which `number` finds."""

    def newest() -> int:
        with remembering():
            return number()

    with remembering():
        keep("the number of the record", newest)
        yield


class Rows(models.QuerySet[Row]):
    """Rows that only acts change."""

    def _fetch_all(self) -> None:
        number = once("the number of the record", lambda: None)
        if self._result_cache is None and number is not None and not self.query.select_for_update:
            self._result_cache = self._shared(number)
        super()._fetch_all()

    def _shared(self, number: Callable[[], int]) -> list[Any] | None:
        """Copies of the rows on the shelf, so that no reader finds what another wrote on his."""
        plain = self._chain()  # type: ignore[attr-defined]
        known, plain._known_related_objects = plain._known_related_objects, {}
        try:
            key = (self.model, self._iterable_class, *plain.query.sql_with_params())
        except EmptyResultSet:
            return []
        state = (str(connections[self.db].settings_dict["NAME"]), once("the newest record", number))
        found = _shelf.find(state, key, lambda: list(plain._iterable_class(plain)))
        rows = [copy.copy(row) for row in found]
        for field, related in known.items():
            for row in rows:
                setattr(row, field.name, related[getattr(row, field.attname)])
        return rows


class Recorded(models.Model):
    """A table that only acts change."""

    objects = Rows.as_manager()

    class Meta:
        abstract = True
