"""Finding what a reader may see. No figure here rests on a row that the reader may not see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import add
from typing import Any

from django.db.models import BooleanField, Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Length, Replace

from . import engine
from .models import Indexed
from .words import Asked, asked, flat, fold

PAGE = 20
MOST = 5000
FACETS = ("session", "body", "kind", "language")


def visible(audiences: Set[str], at: datetime) -> Q:
    """What one of `audiences` may find at `at`: by its present audience, or once it is public."""
    found = Q(audience__in=audiences)
    return found | Q(public_from__lte=at) if "public" in audiences else found


def find(question: str, audiences: Set[str], at: datetime | None = None) -> QuerySet[Indexed]:
    """The rows that hold every word of `question` and that one of `audiences` may see."""
    at = at or datetime.now(UTC)
    return engine.matching(asked(question)).filter(visible(audiences, at)).order_by("ref", "language")


def named(symbol: str, audiences: Set[str], at: datetime) -> list[str]:
    """The references whose symbol is exactly this, as far as the reader may see them."""
    exact = Indexed.objects.filter(visible(audiences, at), symbol=fold(symbol.strip()))
    return list(exact.order_by("ref").values_list("ref", flat=True).distinct()) if symbol.strip() else []


@dataclass(frozen=True)
class Choice:
    """One value of a facet with the number of objects it would leave."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Hit:
    """One object found: its title, and a passage as parts, of which the marked ones are the words asked for."""

    ref: str
    language: str
    title: list[tuple[str, bool]]
    passage: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are, and the facets."""

    hits: list[Hit]
    total: int
    page: int
    pages: int
    facets: dict[str, list[Choice]]


def search(
    question: str,
    audiences: Set[str],
    at: datetime,
    *,
    kinds: Set[str],
    chosen: Mapping[str, str] | None = None,
    page: int = 1,
    language: str = "en",
) -> Found:
    """One page of what is found of `kinds`, best first: symbol, title, then how much the words fill the text."""
    words = asked(question)
    rows = list(_ranked(question, words, find(question, audiences, at).filter(kind__in=kinds))) if words else []
    picked = {name: value for name, value in (chosen or {}).items() if name in FACETS and value}
    left = [row for row in rows if all(row[name] == value for name, value in picked.items())]
    best: dict[str, dict[str, Any]] = {}
    for row in left:
        held = best.setdefault(str(row["ref"]), row)
        if row["language"] == language and held["language"] != language:
            best[str(row["ref"])] = row
    pages = max(1, -(-len(best) // PAGE))
    number = min(max(1, page), pages)
    shown = list(best.values())[(number - 1) * PAGE : number * PAGE]
    return Found(_hits(shown, words), len(best), number, pages, _facets(rows, picked))


def _ranked(question: str, words: list[Asked], found: QuerySet[Indexed]) -> Iterable[dict[str, Any]]:
    """The rows found, best first. The weight of a word in a text is that of BM25 with fixed averages.

    Averages over all rows (as FTS5's own bm25 takes them) would let the order tell of rows the reader may not see.
    """
    is_named = When(symbol=fold(question.strip()), then=Value(True))
    ranked = found.annotate(
        exact=Case(is_named, default=Value(False), output_field=BooleanField()),
        in_title=reduce(add, (_weight("title_terms", one, 60.0) for one in words)),
        in_text=reduce(add, (_weight("terms", one, 6000.0) for one in words)),
    )
    order = ranked.order_by("-exact", "-in_title", "-in_text", "ref", "language")
    rows: Iterable[dict[str, Any]] = order.values("pk", "ref", *FACETS)[:MOST]
    return rows


def _weight(column: str, one: Asked, usual: float) -> Combinable:
    """How much one word fills a column: occurrences against length, levelling off (k1 1.2, b 0.75)."""
    padded = Concat(Value(" "), F(column))
    sought = f" {one.stem if len(one.stem) < len(one.word) else one.word}"
    times = (Length(padded) - Length(Replace(padded, Value(sought), Value("")))) * Value(1.0 / len(sought))
    length = Length(padded) * Value(0.9 / usual) + Value(0.3)
    return Case(
        When(**{f"{column}__contains": sought.strip()}, then=times / (times + length)),
        default=Value(0.0),
        output_field=FloatField(),
    )


def _facets(rows: list[dict[str, Any]], picked: Mapping[str, str]) -> dict[str, list[Choice]]:
    """Per facet the values among the rows that the other facets leave, counted in objects."""
    found: dict[str, list[Choice]] = {}
    for name in FACETS:
        others = {other: value for other, value in picked.items() if other != name}
        left = [row for row in rows if all(row[other] == value for other, value in others.items())]
        counts = Counter(value for _, value in {(row["ref"], str(row[name])) for row in left if row[name]})
        found[name] = [Choice(value, n, picked.get(name) == value) for value, n in sorted(counts.items())]
    return found


def _hits(rows: list[dict[str, Any]], words: list[Asked]) -> list[Hit]:
    held = Indexed.objects.in_bulk([row["pk"] for row in rows])
    found = [held[row["pk"]] for row in rows if row["pk"] in held]
    return [Hit(one.ref, one.language, marked(one.title, words), passage(one.text, words)) for one in found]


def marked(text: str, words: list[Asked], start: int = 0, end: int | None = None) -> list[tuple[str, bool]]:
    """A stretch of `text` in parts; those that are words asked for are marked."""
    parts, end = [], len(text) if end is None else end
    for match in _pattern(words).finditer(flat(text), start, end):
        parts += [(text[start : match.start()], False), (text[match.start() : match.end()], True)]
        start = match.end()
    return [part for part in [*parts, (text[start:end], False)] if part[0]]


def passage(text: str, words: list[Asked], around: int = 110) -> list[tuple[str, bool]]:
    """The place of `text` where a word asked for first stands, in parts; its beginning where none does."""
    like = flat(text)
    first = _pattern(words).search(like)
    start = max(0, first.start() - around) if first else 0
    start = like.find(" ", start) + 1 if start else 0
    end = min(len(text), (first.end() if first else 0) + 2 * around)
    end = max(like.rfind(" ", start, end), start) if end < len(text) else end
    before, behind = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *marked(text, words, start, end), *behind]


def _pattern(words: list[Asked]) -> re.Pattern[str]:
    """Where the words stand in a text: as asked, or from their stem on (Arabic: after an article)."""
    heads = {re.escape(one.word) for one in words} | {re.escape(one.stem) for one in words if len(one.stem) > 2}
    arabic = {rf"\w{{0,3}}{head}" if "\u0600" <= head[0] <= "\u06ff" else head for head in heads}
    return re.compile(rf"\b(?:{'|'.join(sorted(arabic, key=len, reverse=True))})\w*")
