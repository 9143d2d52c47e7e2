"""Press items: the page, its old versions, the short link, the feed, the counting beacon."""

from __future__ import annotations

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chancery import fmt
from chancery.council import access as council
from chancery.council.models import in_language, local_day
from chancery.register import queries as register

from .. import article, popular, queries
from ..models import PressItem, Release
from .page import at, house, show


@require_safe
def item(request: HttpRequest, language: str, tail: str) -> HttpResponse:
    """One item in one language: the release shown now, its sources, its versions."""
    house(language)
    found, slug = queries.item_or_404(tail, at())
    if found.withdrawn_at:
        return _withdrawn(request, found, language, tail)
    if language not in found.title:
        return _missing_language(request, found, language)
    if slug != found.slugs.get(language):
        return redirect(queries.address(found, language), permanent=True)
    return _show(request, found, _releases(found), language, tail)


def _missing_language(request: HttpRequest, found: PressItem, language: str) -> HttpResponse:
    """A page that says which language is missing and offers the others."""
    offered = [(code, queries.address(found, code), found.title[code]) for code in found.languages]
    context = {"language": language, "item": found, "offered": offered}
    return render(request, "press/missing_language.html", context, status=404)


def _withdrawn(request: HttpRequest, found: PressItem, language: str, tail: str) -> HttpResponse:
    """What stands at the address of a withdrawn item and of its versions: that it was withdrawn, when and why."""
    context = {
        "item": found,
        "kind": queries.kind_word(found.kind),
        "zone": found.session.zone if found.session else council.council().zone,
        "entries": register.entries_about(found.ref),
    }
    response = show(request, "press/withdrawn.html", language, context, address="item", keys={"tail": tail})
    response.status_code = 410
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def version(request: HttpRequest, language: str, tail: str, number: int) -> HttpResponse:
    """An older release of an item, as it went out."""
    house(language)
    found, slug = queries.item_or_404(tail, at())
    if found.withdrawn_at:
        return _withdrawn(request, found, language, tail)
    releases = _releases(found)
    release = next((one for one in releases if one.number == number), None)
    if release is None or language not in found.title or slug != found.slugs.get(language):
        raise Http404
    return _show(request, found, releases, language, tail, release)


def _releases(found: PressItem) -> list[Release]:
    """The releases of an item that went out by now, the newest first."""
    return list(Release.objects.filter(item=found, published_at__lte=at()).order_by("-number"))


def _show(
    request: HttpRequest,
    found: PressItem,
    releases: list[Release],
    language: str,
    tail: str,
    old: Release | None = None,
) -> HttpResponse:
    release = old or releases[0]
    context: dict[str, Any] = {
        "item": found,
        "tail": tail,
        "release": release,
        "releases": releases,
        "is_old": release.number != releases[0].number,
        "zone": found.session.zone if found.session else council.council().zone,
        "kind": queries.kind_word(found.kind),
        "article": article.article(release, language),
        "others": [(code, queries.address(found, code)) for code in found.languages if code != language],
        "text_direction": fmt.direction(language),
        "corrections": [old for old in releases if old.kind],
        "entries": register.entries_about(found.ref),
        "newest": queries.address(found, language),
        "short": reverse("short", kwargs={"tail": found.tail}),
    }
    response = show(request, "press/item.html", language, context, address="item", keys={"tail": tail})
    if context["is_old"]:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def short(request: HttpRequest, tail: str) -> HttpResponse:
    """The short permanent link: to the item in the language it was written in."""
    found, _ = queries.item_or_404(tail, at())
    return redirect(queries.address(found, found.languages[0]), permanent=True)


@csrf_exempt
@require_POST
def beacon(request: HttpRequest) -> HttpResponse:
    """Counts one reading, once a visitor and day, without a trace; always the same answer."""
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    _count(request)
    return response


def _count(request: HttpRequest) -> None:
    headers = request.headers
    if headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1" or "prefetch" in headers.get("Sec-Purpose", ""):
        return
    browser = headers.get("User-Agent", "")[:200]
    name, _, language = request.body[:200].decode(errors="replace").rpartition(" ")
    found = queries.visible(at()).filter(pk=name).first()
    if found is None or language not in found.title or not browser or "bot" in browser.lower():
        return
    day = local_day(at(), council.council().zone)
    address = request.META.get("REMOTE_ADDR", "")
    if popular.may_count(address, day) and popular.is_new_visitor(address, browser, f"{name} {language}", day):
        popular.count(found, language, at(), day)


class Atom(Feed):  # type: ignore[type-arg]  # generic in the stubs only
    """The newest items in one language, as Atom."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, language: str) -> str:
        house(language)
        return language

    def title(self, language: str) -> str:
        return in_language(council.council().name, language)

    def subtitle(self, language: str) -> str:
        return gettext("Press centre and public record")

    def link(self, language: str) -> str:
        return reverse("front", args=[language])

    def items(self, language: str) -> list[queries.Listed]:
        self._language = language
        items = list(
            queries.visible(at()).filter(**{f"title__{language}__isnull": False}).select_related("session")[:50]
        )
        return queries.listed(items, language, at())

    def item_title(self, item: queries.Listed) -> str:
        return item.title

    def item_description(self, item: queries.Listed) -> str:
        return item.lede

    def item_link(self, item: queries.Listed) -> str:
        return item.address

    def item_guid(self, item: queries.Listed) -> str:
        house_name = council.council().origin.partition("/")[0]
        year = item.item.public_from.year if item.item.public_from else 0
        return f"tag:{house_name},{year}:{item.item.key.lower()}/{item.address.split('/')[1]}"

    def item_pubdate(self, item: queries.Listed) -> Any:
        return item.item.public_from

    def item_updateddate(self, item: queries.Listed) -> Any:
        return item.corrected_at or item.item.public_from
