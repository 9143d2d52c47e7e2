"""References: every row that can be subject or argument of an act has one stable name, `kind/key`.

The key is the row's primary key, so a reference and a row find each other without a table of names.
Database ids never leave the database; these keys are what the council prints.
"""

from __future__ import annotations

import difflib
from typing import Any, ClassVar, Self, cast

from django.db import models

from .errors import Unknown
from .reading import Recorded

_kinds: dict[str, type[Referable]] = {}

BARE_KINDS = ("member", "person", "body", "series")


class Ref(str):
    """A checked reference in text: `session/51`, `paper/CNR/51/DOC/4`, or `council` alone."""

    @property
    def kind(self) -> str:
        return self.partition("/")[0]

    @property
    def key(self) -> str:
        return self.partition("/")[2]


class Referable(Recorded):
    """A row with a natural key. `restricted`: sealed in the register; `audience`: who may read its history."""

    ref_kind: ClassVar[str] = ""

    key = models.CharField(max_length=160, primary_key=True)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if kind := cls.__dict__.get("ref_kind"):
            _kinds[kind] = cls

    @property
    def ref(self) -> Ref:
        return Ref(f"{self.ref_kind}/{self.key}" if self.key else self.ref_kind)

    @property
    def restricted(self) -> bool:
        return False

    @property
    def audience(self) -> str:
        return "public"

    @property
    def digest(self) -> str:
        """SHA-256 of the content a question may be put on, where there is one."""
        return ""

    @property
    def languages(self) -> list[str]:
        """The languages that content exists in."""
        return []

    def searchable(self) -> dict[str, tuple[str, str]]:
        """What can be found of this row: per language its title and its words."""
        titles = getattr(self, "title", None)
        return {language: (title, "") for language, title in titles.items()} if isinstance(titles, dict) else {}

    def __str__(self) -> str:
        return self.key

    @classmethod
    def named(cls, key: str) -> Self | None:
        return cast(Self | None, cls._default_manager.filter(pk=key).first())


def kinds() -> dict[str, type[Referable]]:
    return dict(_kinds)


def read(text: str, *allowed: str) -> Ref:
    """`text` as a reference whose kind is one of `allowed`. Raises ValueError in plain words.

    Members, people, bodies and series may be written bare where only their kind is allowed.
    """
    if allowed and set(allowed) <= set(BARE_KINDS) and "/" not in text:
        text = f"{_kind_of(text, allowed)}/{text}"
    ref = Ref(text)
    if ref.kind not in _kinds or (bool(ref.key) == (ref.kind == "council")):
        raise ValueError(f"{text!r} is no reference; write one like session/51")
    if allowed and ref.kind not in allowed:
        raise ValueError(f"{text!r} is a {ref.kind}; here stands a {' or a '.join(allowed)}")
    if set(ref.key) & set("?#%\\") or "//" in ref or {".", ".."} & set(ref.key.split("/")):
        raise ValueError(f"{text!r} holds what no reference may hold")
    return ref


def _kind_of(bare: str, allowed: tuple[str, ...]) -> str:
    """Members and bodies share one name space, so a bare code names one of them."""
    if len(allowed) == 1:
        return allowed[0]
    return next((kind for kind in allowed if _kinds[kind].named(bare)), allowed[0])


def get(ref: str) -> Referable:
    """The row that `ref` names. Raises Unknown with the nearest valid name."""
    name = Ref(ref)
    model = _kinds[name.kind]
    row = model.named(name.key)
    if row is None or row.ref != name:
        raise Unknown(name, nearest(name))
    return row


def nearest(ref: Ref) -> str:
    """The reference of the same kind that reads most like `ref`, or nothing."""
    keys = list(_kinds[ref.kind]._default_manager.values_list("pk", flat=True)[:2000])
    found = difflib.get_close_matches(ref.key, keys, n=1, cutoff=0.5)
    return f"{ref.kind}/{found[0]}" if found else ""
