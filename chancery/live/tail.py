"""Reads on in the trail from the last record seen, and makes of what is new one event for each view that is open.

Everything here uses the database and runs in one thread of its own, which the hub keeps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils import translation

from chancery.desk import access, fragments, streams
from chancery.desk.streams import View
from chancery.trail import door, phrases
from chancery.trail.models import Mention, Record
from chancery.trail.reading import reading

# More acts than these at once are not looked at one by one: a page that missed so many fetches itself.
MOST = 500

# Acts of these nouns may change what somebody may see; whom they name, or everybody, asks for a new token.
RIGHTS = {"person", "role", "rights", "credentials", "delegation", "chair", "invitation", "member", "body", "operator"}


@dataclass(frozen=True)
class Ended:
    """Whose streams an act ends: those of these people and members; of all, where it names nobody."""

    people: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    def ends(self, ticket: streams.Ticket) -> bool:
        if not self.people and not self.members:
            return True
        return ticket.person in self.people or ticket.member in self.members


@dataclass
class News:
    """What one look at the trail brought: the new records, and whose streams they end."""

    records: list[Record] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    missed: bool = False


class Tail:
    """A place in the trail, and what was last sent of each view."""

    def __init__(self) -> None:
        self.last = 0
        self._sent: dict[View, fragments.Parts] = {}

    def look(self) -> News | None:
        """What is new since the last look. The place moves when all of it is read, before anything is made of it."""
        newest = door.last_id()
        if newest == self.last:
            return None
        records = self._between(self.last, newest)
        news = News(records[:MOST], _ended(records), len(records) > MOST)
        self.last = newest
        return news

    def _between(self, first: int, last: int) -> list[Record]:
        return list(Record.objects.filter(id__gt=first, id__lte=last).order_by("id")[: MOST + 1])

    def forget(self, views: Iterable[View]) -> None:
        """Nobody has these views open any more."""
        for view in views:
            self._sent.pop(view, None)

    def event(self, view: View, news: News) -> bytes | None:
        """The event that tells a view's pages of the news; nothing where it changes nothing that they may see."""
        made = self._made(view, news, self._sent.get(view, {}))
        if made is None:
            return None
        self._sent[view], event = made
        return event

    def caught_up(self, view: View, after: int, last: int) -> bytes | None:
        """The event for a page that was made, or lost its connection, at an earlier place; it goes to no other."""
        records = self._between(after, last)
        made = self._made(view, News(records[:MOST], [], missed=len(records) > MOST or not after), {})
        return made[1] if made else None

    def _made(self, view: View, news: News, before: fragments.Parts) -> tuple[fragments.Parts, bytes | None] | None:
        own = [record for record in news.records if record.session in ("", view.session)]
        if not own and not news.missed:
            return None
        with reading(door.last_id), translation.override(view.language):
            seen = _visible(own, view)
            now = fragments.parts(view.about, set(view.audiences), datetime.now(UTC))
            parts = {name: html for name, html in now.items() if before.get(name) != html}
            told = bool(seen or parts or news.missed)
            return now, _event(view, seen, parts, missed=news.missed) if told else None


def _visible(records: list[Record], view: View) -> list[Record]:
    """Those of the records that everybody of the view's audience may see."""
    ids = [record.pk for record in records]
    shown = access.acts_of_all(set(view.audiences)).filter(pk__in=ids).values_list("pk", flat=True)
    allowed = set(shown) if ids else set()
    return [record for record in records if record.pk in allowed]


def _event(view: View, seen: list[Record], parts: fragments.Parts, *, missed: bool) -> bytes:
    """`own`: the page fetches what is its reader's alone; `say`: what a screen reader is told, politely."""
    matter = [record for record in seen if record.session and fragments.matters(record, view.about)]
    own = missed or any(fragments.matters(record, view.about) for record in seen)
    said = phrases.sentence(matter[-1]) if matter else ""
    body = {"own": own, "say": said[:1].upper() + said[1:], "parts": parts}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _ended(records: list[Record]) -> list[Ended]:
    acts = [record for record in records if record.act.partition(".")[0] in RIGHTS and record.outcome == "done"]
    named: dict[int, list[str]] = {record.pk: [] for record in acts}
    for number, ref in Mention.objects.filter(record__in=list(named)).values_list("record", "ref"):
        named[number].append(ref)
    return [_whose(refs) for refs in named.values()]


def _whose(refs: list[str]) -> Ended:
    people = [ref.removeprefix("person/") for ref in refs if ref.startswith("person/")]
    members = [ref.rpartition("/")[2] for ref in refs if ref.startswith(("member/", "delegation/"))]
    return Ended(frozenset(people), frozenset(members))
