"""Doing an act from a page: for whom the reader may speak, what may happen next, and the one call of the door."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from chancery.council import access as council
from chancery.council.models import Member, Person, local_day
from chancery.trail import door, refs
from chancery.trail.actor import Actor, Permit
from chancery.trail.arguments import Reading
from chancery.trail.door import Act
from chancery.trail.errors import Unknown
from chancery.trail.memory import once
from chancery.trail.models import Mention, Record
from chancery.trail.refs import Referable

from . import access
from .forms.words import title


def new_request_id() -> str:
    """An id that makes a form's act happen once, however often it is sent."""
    return secrets.token_urlsafe(18)


def deed(name: str) -> Act:
    """The act of this name. Raises Unknown."""
    found = door.acts().get(name)
    if found is None:
        raise Unknown(f"act {name}", "")
    return found


def subject(found: Act, to: str, person: Person, at: datetime) -> Referable | None:
    """The row an act is done on, if the reader may see it; to others there is none. Raises Unknown."""
    if not found.kinds:
        return None
    try:
        row = refs.get(refs.read(to, *found.kinds))
    except ValueError:
        raise Unknown(to, "") from None
    if not access.sees(row, person, at):
        raise Unknown(to, "")
    return row


def members() -> list[Member]:
    """All members in seating order, read once."""
    return council.members()


def voices(person: Person, at: datetime) -> list[Actor]:
    """Those for whom a person may be heard: the own member, bodies it reports for; the secretariat for everybody."""
    own = access.actor(person)
    bodies = council.reports_for(person.key, at)
    found = [own, *(replace(own, for_=f"body/{body}") for body in bodies)]
    if council.is_secretary(own, at):
        day = local_day(at, council.council().zone)
        found += [replace(own, for_=str(member.ref)) for member in members() if member.is_member(day)]
    return found


def permitted(found: Act, row: Referable | None, person: Person, at: datetime) -> tuple[list[Actor], Permit]:
    """The voices in which the person may do the act; where there is none, the first refusal."""
    answers = [(voice, found.may(row, voice, at)) for voice in voices(person, at)]
    allowed = [voice for voice, permit in answers if permit]
    return allowed, next((permit for _, permit in answers if permit), answers[0][1])


def in_voice(
    found: Act, row: Referable | None, person: Person, at: datetime, *, wanted: str
) -> tuple[list[Actor], Permit]:
    """The same where a form says for whom: what may not be done for that one is never done for another."""
    allowed, permit = permitted(found, row, person, at)
    if not allowed or any(voice.for_ == wanted for voice in allowed):
        return allowed, permit
    known = next((voice for voice in voices(person, at) if voice.for_ == wanted), None)
    return [], found.may(row, known, at) if known else Permit(
        False, "roles", "you do not speak for whom the form names"
    )


@dataclass(frozen=True)
class Next:
    """An act on a page: its label and address, or the reason why it may not happen now."""

    name: str
    title: str
    address: str
    permit: Permit
    plain: bool
    to: str


@dataclass(frozen=True)
class Panel:
    """What may happen next on this, and why something may not."""

    open: list[Next]
    shut: list[Next]
    request_id: str

    def without(self, name: str) -> Panel:
        """The same but for one act, which the page shows elsewhere."""
        still, shut = ([one for one in some if one.name != name] for some in (self.open, self.shut))
        return Panel(still, shut, self.request_id)


def panel(request: Any, pairs: Iterable[tuple[str, Referable | None]], **filled: str) -> Panel:
    """The acts of `pairs` (name and subject) as buttons. `filled`: arguments a form begins with."""
    at = once("the instant of acts", door.now)
    made = sorted((_next(deed(name), row, request.person, at, filled) for name, row in pairs), key=_order)
    shut = sorted((one for one in made if not one.permit), key=lambda one: one.permit.rule == "roles")
    return Panel([one for one in made if one.permit], shut, new_request_id())


# The verbs that carry a matter on come first; the first act that is open is the page's main button.
FORWARD = ("give", "close", "cast", "put", "freeze", "clear", "issue", "open", "convene", "conclude", "take_up")


def _order(one: Next) -> tuple[int, str]:
    verb = one.name.partition(".")[2]
    return (FORWARD.index(verb) if verb in FORWARD else len(FORWARD), one.name)


def on(request: Any, row: Referable, *nouns: str, **filled: str) -> Panel:
    """Everything that may happen next on a row; with `nouns`, only their acts."""
    return panel(request, acts_on(row, *nouns), **filled)


def acts_on(row: Referable, *nouns: str) -> list[tuple[str, Referable | None]]:
    """The acts whose subject a row may be."""
    names = [name for name, one in door.acts().items() if row.ref_kind in one.kinds]
    return [(name, row) for name in names if not nouns or name.partition(".")[0] in nouns]


# What takes back, in the vocabulary: the verb of an act and those that undo it lawfully.
UNDOING = ("withdraw", "correct", "revise", "reopen", "resume", "leave", "restore", "revoke", "cede")


def undoing(request: Any, record: Record) -> list[Next]:
    """The acts that would now undo what a record did: on what came of it, else on its subject."""
    for ref in (record.result, record.subject):
        if not ref:
            continue
        noun, _, verb = record.act.partition(".")
        kind = refs.Ref(ref).kind
        names = [f"{noun}.{undo}" for undo in UNDOING if undo != verb]
        row = refs.get(ref)
        pairs = [(name, row) for name in names if name in door.acts() and kind in door.acts()[name].kinds]
        if pairs and (found := panel(request, pairs).open):
            return found
    return []


def _next(found: Act, row: Referable | None, person: Person, at: datetime, filled: dict[str, str]) -> Next:
    allowed, permit = permitted(found, row, person, at)
    to = str(row.ref) if row else ""
    query = {"to": to} if to else {}
    if allowed and len(allowed) == 1 and allowed[0].for_ and not person.member_id:
        query["for"] = allowed[0].for_
    query |= {key: value for key, value in filled.items() if key in found.model.model_fields}
    address = reverse("house-act", args=[found.name]) + (f"?{urlencode(query)}" if query else "")
    plain = not found.model.model_fields and not found.official and len(allowed) == 1
    return Next(found.name, title(found.name), address, permit, plain, to)


def perform(
    found: Act,
    row: Referable | None,
    raw: dict[str, Any],
    *,
    person: Person,
    voice: Actor,
    zone: str,
    request_id: str,
    via: str = "page",
) -> door.Performed:
    """Do an act that a person sent. Raises Refused, BadArguments, Repeated; nothing is half done."""
    at = door.now()
    reading = Reading(zone=ZoneInfo(zone), sees=lambda one: access.sees(one, person, at))
    same, values = found.read(str(row.ref) if row else None, raw, reading)
    return door.perform(found, same, values, by=voice, at=None, via=via, request_id=request_id)


def done_already(request: Any, name: str) -> Record | None:
    """The act that this very form did before: sent twice, it leads to its result, whatever may be done now."""
    sent = request.POST.get("request_id", "")
    mine = Record.objects.filter(by=str(request.person.ref), request_id=sent, act=name, outcome="done")
    return mine.first() if sent else None


def last_about(row: Referable | None) -> int:
    """The number of the newest act that names a row: a form tells by it what was known when it was opened."""
    if row is None:
        return 0
    return Mention.objects.filter(ref=row.ref).order_by("-record").values_list("record", flat=True).first() or 0


def meanwhile(row: Referable | None, seen: str, person: Person, at: datetime) -> list[Record]:
    """What others did about the row since the form was opened."""
    if row is None or not seen.isdecimal() or len(seen) > 12:
        return []
    later = Mention.objects.filter(ref=row.ref, record__gt=int(seen)).values("record")
    acts = access.visible_acts(person, at).filter(pk__in=later, outcome="done").exclude(by=str(person.ref))
    return list(acts.order_by("-id")[:5])
