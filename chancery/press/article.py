"""A release as it is read: the body with its quotations, each with the place in the record it was found at."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext

from chancery.council.models import Member
from chancery.decisions.models import Decision, Statement
from chancery.meetings.models import Speech
from chancery.trail import refs

from . import body
from .models import Release


@dataclass(frozen=True)
class SourceLine:
    """One source as the list of sources shows it."""

    number: int
    place: str
    address: str
    how: str
    language: str


@dataclass(frozen=True)
class Article:
    """Title, dateline, body and sources of a release in one language."""

    title: str
    dateline: str
    html: str
    sources: list[SourceLine]
    decisions: list[Decision]


def article(release: Release, language: str) -> Article:
    """The release in one language. Only the sources that its body names are listed."""
    payload = release.payload
    text = payload["body"][language]
    used = sorted({int(name) for name in body.named(text, "source")})
    lines = {number: _line(number, payload["sources"][number - 1], language) for number in used}
    named = list(dict.fromkeys([*body.named(text, "decision"), *_related_decisions(payload)]))
    decisions = list(Decision.objects.filter(pk__in=named, hidden=False))
    shown = {d.key for d in decisions}
    html = body.html(text, lambda name: _source(name, lines), lambda symbol: _decision(symbol, shown, language))
    return Article(
        payload["title"][language], payload["dateline"].get(language, ""), html, list(lines.values()), decisions
    )


def _related_decisions(payload: dict[str, Any]) -> list[str]:
    return [ref.partition("/")[2] for ref in payload["related"] if ref.startswith("decision/")]


def _decision(symbol: str, shown: set[str], language: str) -> str:
    """A decision the public may see is a link; any other is its plain symbol."""
    if symbol not in shown:
        return f"<bdi>{escape(symbol)}</bdi>"
    address = reverse("decision", kwargs={"language": language, "symbol": symbol})
    return f'<a class="sym" href="{escape(address)}"><bdi dir="ltr">{escape(symbol)}</bdi></a>'


def _source(name: str, lines: dict[int, SourceLine]) -> str:
    """A number that leads to the list of sources, or the caption of a quotation."""
    is_caption, number = name.startswith("caption:"), int(name.removeprefix("caption:"))
    line = lines[number]
    if not is_caption:
        label = escape(gettext("Source {n}").format(n=number))
        return f'<a class="src" href="#s{number}" aria-label="{label}">{number}</a>'
    return (
        f'<figcaption>{escape(line.place)} <a href="{escape(line.address)}">{escape(gettext("In the record"))}</a>. '
        f"{escape(line.how)}</figcaption>"
    )


def _line(number: int, source: dict[str, Any], language: str) -> SourceLine:
    place, address = _place(source, language)
    how = {
        "exact": gettext("Found word for word in the record."),
        "abridged": gettext("Abridged, marked […]."),
        "translation": gettext("Translation; the original is offered there."),
    }[source["mode"]]
    return SourceLine(number, place, address, how, source["language"])


def _place(source: dict[str, Any], language: str) -> tuple[str, str]:
    """Where a quotation stands, in words and as an address."""
    row = refs.get(source["of"])
    paragraph = source.get("paragraph")
    anchor = f"#p{paragraph}" if paragraph else ""
    where = gettext("paragraph {n}").format(n=paragraph) if paragraph else ""
    if isinstance(row, Speech):
        address = reverse(
            "speech", kwargs={"language": source["language"], "session": row.session_id, "number": row.number}
        )
        return _joined(f"{row.speaker}, {row.capacity}", where), address + anchor
    if isinstance(row, Statement):
        authors = ", ".join(m.name.get(language) or m.key for m in Member.objects.filter(key__in=row.authors))
        decision = Decision.objects.filter(result__question_id=row.question_id).first()
        words = gettext("Statement of {authors}").format(authors=authors)
        if decision:
            return _joined(words, decision.key), _decision_address(decision.key, source["language"]) + "#statements"
        return words, reverse("result", kwargs={"language": source["language"], "key": row.question_id}) + "#statements"
    if isinstance(row, Decision):
        return _joined(row.key, where), _decision_address(row.key, source["language"])
    return str(source["of"]).partition("/")[2], reverse("front", kwargs={"language": language})


def _decision_address(symbol: str, language: str) -> str:
    return reverse("decision", kwargs={"language": language, "symbol": quote(symbol, safe="/")})


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part) + "."
