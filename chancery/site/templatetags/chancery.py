"""What templates may call: words in the reader's language, dates through `fmt`, the small drawn things."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chancery import fmt
from chancery.council import access as council
from chancery.council.models import in_language
from chancery.register.models import Entry
from chancery.register.view import witness_words
from chancery.trail import phrases
from chancery.trail.models import Record

register = template.Library()


def _language() -> str:
    return translation.get_language() or "en"


@register.filter
def words(texts: Any, language: str = "") -> str:
    """The text of a map per language in the reader's language, else in English, else in any."""
    return in_language(texts, language or _language()) if isinstance(texts, dict) else str(texts or "")


@register.simple_tag
def said(texts: dict[str, str], language: str = "") -> SafeString:
    """The same, carrying its own language and direction where they are not the page's."""
    wanted = language or _language()
    code = wanted if wanted in texts else "en" if "en" in texts else next(iter(texts), wanted)
    if code == _language():
        return format_html("{}", texts.get(code, ""))
    return format_html('<span lang="{}" dir="{}">{}</span>', code, fmt.direction(code), texts.get(code, ""))


@register.filter
def moment(instant: datetime | None, zone: str) -> str:
    return _time(instant, zone, year=False)


@register.filter
def moment_year(instant: datetime | None, zone: str) -> str:
    return _time(instant, zone, year=True)


def _time(instant: datetime | None, zone: str, *, year: bool) -> str:
    if instant is None:
        return ""
    shown = fmt.moment(instant, ZoneInfo(zone), _language(), year=year)
    return format_html('<time datetime="{}">{}</time>', fmt.machine(instant), shown)


@register.filter
def hour(instant: datetime | None, zone: str) -> str:
    if instant is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', fmt.machine(instant), fmt.time_of_day(instant, ZoneInfo(zone)))


@register.filter
def day(instant: datetime | date | None, zone: str = "UTC") -> str:
    """The day of an instant at a place, with its year."""
    if instant is None:
        return ""
    there = instant.astimezone(ZoneInfo(zone)).date() if isinstance(instant, datetime) else instant
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), fmt.date_long(there, _language()))


@register.filter
def day_short(instant: datetime | date, zone: str = "UTC") -> str:
    there = instant.astimezone(ZoneInfo(zone)).date() if isinstance(instant, datetime) else instant
    return format_html('<time datetime="{}">{}</time>', there.isoformat(), fmt.date_work(there, _language()))


@register.filter
def offset(instant: datetime, zone: str) -> str:
    return fmt.offset(instant, ZoneInfo(zone))


@register.filter
def number(value: int) -> str:
    return fmt.number(value, _language())


@register.filter
def groups(digest: str) -> str:
    """A digest as a person compares it: its first and last groups of four."""
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}"


@register.filter
def direction(language: str) -> str:
    return fmt.direction(language)


@register.filter
def language_name(language: str) -> str:
    return fmt.language_name(language)


@register.filter
def path(key: str) -> str:
    """A key as it stands in an address."""
    return quote(str(key), safe="/")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', extra, static("icons.svg"), name
    )


@register.simple_tag
def chip(state: str, text: str) -> SafeString:
    """The state in a word and a shape."""
    shapes = {"good": "check", "done": "check", "wait": "clock", "bad": "warn", "now": "dot", "ahead": "ring"}
    return format_html('<span class="chip" data-s="{}">{}{}</span>', state, icon(shapes.get(state, "dot")), text)


@register.simple_tag
def mark(count: int) -> SafeString:
    """The council's mark: a ring of as many dots as it has members."""
    dots = []
    for n in range(max(count, 1)):
        angle = 2 * math.pi * n / max(count, 1) - math.pi / 2
        dots.append(f'<circle cx="{12 + 9 * math.cos(angle):.2f}" cy="{12 + 9 * math.sin(angle):.2f}" r="1.9"/>')
    return mark_safe(f'<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">{"".join(dots)}</svg>')  # noqa: S308


@register.inclusion_tag("site/_strip.html")
def strip(cells: list[dict[str, str]], label: str, style: str = "") -> dict[str, Any]:
    """One cell a member, in seating order: position, vote, presence, signature."""
    return {"cells": cells, "label": label, "plain": style == "plain"}


@register.inclusion_tag("site/_tally.html")
def tally(drawing: dict[str, Any]) -> dict[str, Any]:
    """One square a counted head, with the line at the need."""
    return {"t": drawing}


@register.filter
def witnessed(entry: Entry) -> str:
    """How far an entry is witnessed, in words."""
    return witness_words(entry.index)


@register.filter
def sentence(record: Record) -> str:
    """An act in one sentence."""
    said = phrases.sentence(record)
    return said[:1].upper() + said[1:]


@register.filter
def actor(record: Record) -> str:
    """Who did an act: the office, else the person's or delegation's own name in the record."""
    return record.office or record.by.partition("/")[2] or record.by


@register.filter
def spoken_for(record: Record) -> bool:
    """Whether somebody of the house wrote down what a member said."""
    if record.entered_by:
        return True
    return record.for_whom.startswith("member/") and record.by.partition("/")[2] in council.of_the_house()


@register.filter
def bare(ref: str) -> str:
    """The key of a reference, as the council prints it."""
    return ref.partition("/")[2] or ref


@register.filter
def stop(text: SafeString) -> SafeString:
    """The end of a sentence: a full stop, unless the text ends in one ("10 a.m.", "г.")."""
    return text if re.sub(r"<[^>]+>", "", text).endswith(".") else format_html("{}.", text)


@register.filter
def tlp(marking: str) -> SafeString:
    """The TLP badge of a marking."""
    colour = marking.partition("+")[0].lower()
    return format_html('<span class="tlp" data-tlp="{}">TLP:{}</span>', colour, marking)


@register.simple_tag
def provider_of_sign_in() -> dict[str, Any] | None:
    """The provider by which people may sign in with their ministry's account, where one is configured."""
    apps: list[dict[str, Any]] = getattr(settings, "SOCIALACCOUNT_PROVIDERS")["openid_connect"]["APPS"]  # noqa: B009
    return apps[0] if apps else None
