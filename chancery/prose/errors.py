"""What can go wrong with a text: bad input, operations that do not apply, and a law of ours that did not hold."""

from __future__ import annotations


class BadInput(ValueError):
    """Input that is no text or no form of ours: not UTF-8, control characters, unknown keys. Exit code 2."""


class DoesNotApply(ValueError):
    """The answer is no: a digest or a quoted text is not what the operations say. Exit code 1."""


class LawBroken(RuntimeError):
    """A law of the text engine did not hold for this input. Our fault: nothing is written. Exit code 1."""
