"""Acts on press items: draft, clear, release, correct, withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from chancery import canon
from chancery.council import symbols
from chancery.council.access import council
from chancery.council.actions import stored
from chancery.council.models import local_day
from chancery.meetings.models import Session
from chancery.trail import refs
from chancery.trail.actor import Actor
from chancery.trail.arguments import TextFiles, Texts, written
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.refs import Ref

from .. import access, body, slugs, sources
from ..models import PressItem, Release
from ..sources import Quotation


@act("release.draft", may=access.may_draft, folder="press")
def draft(
    *,
    kind: Literal[
        "communique", "press_statement", "decision_notice", "speech_excerpt", "advisory", "transcript", "event"
    ],
    session: Session | None = None,
    dateline: Texts,
    title: Texts,
    body: TextFiles,  # noqa: A002 (the argument's name in the record)
    sources: list[Quotation] | None = None,
    related: list[Ref] | None = None,
    by: Actor,
    at: datetime,
) -> PressItem:
    """Draft a press item; every exact quotation is found in the record before anything is saved."""
    quotations = [_anchored(quotation) for quotation in sources or []]
    _check_kind(kind, quotations, related or [])
    _check_bodies(title, body, quotations)
    series = symbols.one_series("release")
    year = local_day(at, council().zone).year
    return PressItem.objects.create(
        key=symbols.take(series, session=session.key if session else "", year=year),
        kind=kind,
        series=series,
        session=session,
        dateline=dateline,
        title=title,
        body={language: stored(file) for language, file in body.items()},
        sources=quotations,
        related=[str(ref) for ref in related or []],
        slugs={language: slugs.slug(words, kind) for language, words in title.items()},
        drafted_at=at,
        drafted_by=by.id,
    )


def _anchored(quotation: Quotation) -> dict[str, Any]:
    """A quotation with the paragraph in which it was found. Refused by `sources` where it is not, or not public."""
    if refs.get(quotation.of).audience != "public":
        raise Refused("sources", f"{quotation.of} is not public; the public would read its words")
    try:
        paragraph = sources.locate(quotation)
    except ValueError as error:
        raise Refused("sources", str(error)) from None
    value: dict[str, Any] = written(quotation, [])
    return value | ({"paragraph": paragraph} if paragraph else {})


def _check_kind(kind: str, quotations: list[dict[str, Any]], related: list[Ref]) -> None:
    if kind == "speech_excerpt" and not quotations:
        raise Refused("sources", "an excerpt of a speech names its source")
    if kind == "decision_notice" and not any(ref.kind == "decision" for ref in related):
        raise Refused("sources", "a decision notice names the decision it tells of")


def _check_bodies(title: dict[str, str], bodies: dict[str, File], given: list[dict[str, Any]]) -> None:
    if set(title) != set(bodies):
        raise Refused("form", "title and body must stand in the same languages")
    for language, file in bodies.items():
        try:
            words = body.canonical(file.text())
            body.check(words)
        except ValueError as error:
            raise Refused("form", f"{language} ({file.name}): {error}") from None
        for name in body.named(words, "source"):
            if not name.isdigit() or not 1 <= int(name) <= len(given):
                raise Refused("sources", f"{language} ({file.name}) names source {name}; there are {len(given)}")
        for quoted, number in body.quotations(words):
            if quoted.strip('“”«»"') != given[number - 1]["quote"].strip('“”«»"'):
                raise Refused(
                    "sources", f"{language} ({file.name}): “{quoted[:60]}” is not the quotation of source {number}"
                )


def content(item: PressItem) -> dict[str, Any]:
    """All that would be released, in canonical form: what is cleared is the digest of this."""
    return {
        "symbol": item.key,
        "kind": item.kind,
        "dateline": item.dateline,
        "title": item.title,
        "body": {language: body.canonical(File(**file).text()) for language, file in item.body.items()},
        "sources": item.sources,
        "related": item.related,
    }


def digest(item: PressItem) -> str:
    return canon.sha256(canon.canonical_json(content(item)))


@act("release.clear", may=access.may_clear)
def clear(item: PressItem, *, by: Actor, at: datetime) -> PressItem:
    """Clear the wording: what is cleared now is what may be released."""
    PressItem.objects.filter(pk=item.pk, state="draft").update(
        state="cleared", cleared_digest=digest(item), cleared_at=at
    )
    item.state = "cleared"
    return item


@act("release.issue", may=access.may_issue, official="open")
def issue(item: PressItem, *, embargo_until: datetime | None = None, by: Actor, at: datetime) -> PressItem:
    """Release the item: public from now, or from the end of its embargo."""
    if digest(item) != item.cleared_digest:
        raise Refused("clearance", "the wording is not the one that was cleared")
    for source in item.sources:
        _anchored(Quotation(source["quote"], Ref(source["of"]), source["mode"], source["language"]))
    if embargo_until and embargo_until <= at:
        raise Refused("order", "the embargo would end before the release")
    satisfies("clearance")
    _enter_release(item, 1, at)
    item.state, item.published_at, item.embargo_until = "released", at, embargo_until
    item.public_from = embargo_until or at
    item.save(update_fields=["state", "published_at", "embargo_until", "public_from"])
    return item


def _enter_release(
    item: PressItem, number: int, at: datetime, kind: str = "", note: dict[str, str] | None = None
) -> None:
    payload = content(item) | {"number": number, "note": note or {}}
    Release.objects.create(
        item=item,
        number=number,
        payload=payload,
        digest=canon.sha256(canon.canonical_json(payload)),
        note=note or {},
        kind=kind,
        published_at=at,
    )


@act("release.correct", may=access.may_correct, official="open", folder="press")
def correct(
    item: PressItem,
    *,
    kind: Literal["correction", "clarification"],
    note: Texts,
    body: TextFiles | None = None,  # noqa: A002 (the argument's name in the record)
    by: Actor,
    at: datetime,
) -> PressItem:
    """Correct a released item: a new release supersedes, the old one stays readable, the page says so."""
    if body is not None:
        if set(body) != set(item.title):
            raise Refused("form", f"the corrected text must stand in {', '.join(item.title)}")
        if not access.may_clear_words(item, by, at):
            raise Refused("clearance", "a new text is cleared by the chair or a head of delegation, who corrects it")
        _check_bodies(item.title, body, item.sources)
        item.body = {language: stored(file) for language, file in body.items()}
        item.save(update_fields=["body"])
    _enter_release(item, Release.objects.filter(item=item).count() + 1, at, kind, note)
    return item


@act("release.withdraw", may=access.may_withdraw, official="open", folder="press")
def withdraw(item: PressItem, *, reason: Texts, by: Actor, at: datetime) -> PressItem:
    """Withdraw a released item: its address stays and says when and why; no list and no feed names it."""
    item.withdrawn_at, item.withdrawal_reason = at, reason
    item.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    return item
