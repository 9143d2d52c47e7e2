"""What the public sees at an instant. `visible` is the only door to items for public output."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from chancery.council.models import Series
from chancery.meetings.models import Session
from chancery.search import queries as search

from . import body
from . import rates as published
from .models import PressItem, Rate, Release


def visible(at: datetime) -> QuerySet[PressItem]:
    """Items the public may see at `at`: the embargo is this predicate, never a scheduled job."""
    return PressItem.objects.filter(state="released", public_from__lte=at, withdrawn_at=None)


def shown(item: PressItem, at: datetime) -> Release | None:
    """The release of an item shown at `at`: the newest one published by then."""
    return Release.objects.filter(item=item, published_at__lte=at).order_by("-number").first()


def rate_table(bank: str, *, before: date) -> published.RateTable | None:
    """The bank's newest table in force before a day, as it stands in the record."""
    day = Rate.objects.filter(bank=bank, effective_on__lt=before, held=False).order_by("-effective_on").first()
    return _table(bank, day.effective_on) if day else None


def _table(bank: str, day: date) -> published.RateTable:
    rows = Rate.objects.filter(bank=bank, effective_on=day, held=False).order_by("pk")
    rates = {row.currency: published.Rate(row.currency, row.nominal, Decimal(row.value)) for row in rows}
    return published.RateTable(bank, day, rates)


def session_or_404(number: str) -> Session:
    found = Session.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def matching(asked: str, language: str) -> list[str]:
    """The symbols of items whose title holds every word asked for."""
    found = search.find(asked, {"public", "press"}).filter(ref__startswith="release/", language=language)
    return [row.ref.removeprefix("release/") for row in found]


def page_of(items: QuerySet[PressItem], number: str) -> Page[PressItem]:
    """One page of items; a number beyond the last page gives the last."""
    return Paginator(items, 20).get_page(number)


@dataclass(frozen=True)
class Listed:
    """One item as a list shows it."""

    item: PressItem
    kind: str
    title: str
    lede: str
    dateline: str
    address: str
    corrected_at: datetime | None


def listed(items: list[PressItem], language: str, at: datetime) -> list[Listed]:
    """Items for a list, with the first sentences of the release shown at `at`."""
    newest: dict[str, Release] = {}
    for release in Release.objects.filter(item__in=items, published_at__lte=at).order_by("number"):
        newest[release.item_id] = release
    return [_listed(item, newest[item.key], language) for item in items if item.key in newest]


def _listed(item: PressItem, release: Release, language: str) -> Listed:
    code = language if language in item.title else item.languages[0]
    return Listed(
        item=item,
        kind=kind_word(item.kind),
        title=item.title[code],
        lede=body.lede(release.payload["body"][code]),
        dateline=item.dateline.get(code, ""),
        address=address(item, code),
        corrected_at=release.published_at if release.number > 1 else None,
    )


def address(item: PressItem, language: str) -> str:
    """The address of an item's page in one of its languages."""
    tail = f"{item.tail}-{item.slugs.get(language, 'item')}"
    return reverse("item", kwargs={"language": language, "tail": tail})


def kind_word(kind: str) -> str:
    return {
        "communique": gettext("Communiqué"),
        "press_statement": gettext("Statement"),
        "decision_notice": gettext("Decision notice"),
        "speech_excerpt": gettext("Speech"),
        "advisory": gettext("Advisory"),
        "transcript": gettext("Transcript"),
        "event": gettext("Event"),
    }[kind]


def addressable(at: datetime) -> QuerySet[PressItem]:
    """Items whose address answers at `at`: those the public may see, and withdrawn ones, which say that they are."""
    return PressItem.objects.filter(state="released", public_from__lte=at)


def item_or_404(tail: str, at: datetime) -> tuple[PressItem, str]:
    """The item that `51/3-slug` names, withdrawn or not, and the slug given. An embargoed item looks like none."""
    number, _, slug = tail.partition("-")
    series = Series.objects.filter(serves="release").first()
    prefix = series.pattern.partition("/")[0] if series else "PRESS"
    found = addressable(at).filter(pk=f"{prefix}/{number}").select_related("session").first()
    if found is None:
        raise Http404
    return found, slug
