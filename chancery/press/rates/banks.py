"""The banks that are known, as `bank.toml` describes them: money, hours, feeds and where values stand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chancery.press.rates.tables import FeedRefused

# Metals and the special drawing right are listed beside currencies by some banks and are none.
NOT_MONEY = frozenset({"XAU", "XAG", "XPT", "XPD", "XDR"})


@dataclass(frozen=True)
class Form:
    """How an answer is built. Paths are local names joined by `/`; `@name` is an attribute."""

    parser: str
    date: str
    date_format: str
    item: str = ""
    root: str = ""
    root_has: str = ""
    group: str = ""
    date_in: str = "root"


@dataclass(frozen=True)
class Fields:
    """Where code, nominal and value of an item stand, and how it writes decimals."""

    value: str
    code: str = ""
    nominal: str = ""
    decimal: str = "."
    valid_days: str = ""


@dataclass(frozen=True)
class Feed:
    """One published file of a bank: its address and its form."""

    id: str
    url: str
    form: Form
    fields: Fields
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    must_echo_date: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()

    def leaves_out(self, code: str) -> bool:
        """Whether `code` is no currency, or one that this feed's data tell to leave out."""
        return code in NOT_MONEY or code in self.skip


@dataclass(frozen=True)
class Bank:
    """A bank. `direction` is `home_per_foreign` or, where one unit of home is worth x, `foreign_per_home`."""

    id: str
    name: str
    home: str
    direction: str
    show: tuple[str, ...]
    zone: str
    window: tuple[str, str]
    max_age_days: int
    site: str
    invented: bool
    feeds: tuple[Feed, ...]


@cache
def banks() -> Mapping[str, Bank]:
    """Every bank by its id, in the order of the file."""
    data = tomllib.loads((Path(__file__).parent / "bank.toml").read_text(encoding="utf-8"))
    return {name: _bank(name, entry) for name, entry in data.items()}


def bank(name: str) -> Bank:
    """The bank of that id. Raises FeedRefused naming the known ones."""
    if name not in banks():
        raise FeedRefused(f"no bank is called {name!r}; known are {', '.join(banks())}")
    return banks()[name]


def _bank(name: str, entry: Mapping[str, Any]) -> Bank:
    money, time = entry["money"], entry["time"]
    start, end = time["window"]
    return Bank(
        id=name,
        name=entry["name"],
        home=money["home"],
        direction=money["direction"],
        show=tuple(money["show"]),
        zone=time["zone"],
        window=(start, end),
        max_age_days=time["max_age_days"],
        site=entry["site"],
        invented=entry.get("invented", False),
        feeds=tuple(_feed(feed) for feed in entry["feeds"]),
    )


def _feed(entry: Mapping[str, Any]) -> Feed:
    shaped = {"form": Form(**entry["form"]), "fields": Fields(**entry["fields"]), "skip": tuple(entry.get("skip", ()))}
    return Feed(**{**entry, **shaped})
