"""What is loaded once: within one request that only reads, and within one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_remembered: ContextVar[dict[str, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, `once` loads each thing at most once; what was known outside is not used."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def keep(key: str, value: Any) -> None:
    """Remember what came along with another row, so that `once` need not load it."""
    memory = _remembered.get()
    if memory is not None:
        memory.setdefault(key, value)


def once(key: str, load: Callable[[], Any]) -> Any:
    """What `load` gives, from memory where it was loaded already."""
    memory = _remembered.get()
    if memory is None:
        return load()
    if key not in memory:
        memory[key] = load()
    return memory[key]
