"""What may be chosen on a form: the rows of a kind that this reader may see, of the session in hand first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from chancery.council import access as council
from chancery.council.models import Body, Member, Person, in_language, local_day
from chancery.meetings.models import Session
from chancery.trail import refs
from chancery.trail.refs import Referable

from .. import access
from .fields import Choice

MOST = 300
# Kinds that a reference without named kinds is chosen from.
ANY = ("item", "paper", "draft", "version", "question", "result", "decision", "instrument", "speech", "release")


@dataclass
class Options:
    """The choices of one form. Each kind is read once."""

    person: Person
    at: datetime
    session: Session | None
    speaks_for: str
    read: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        return list(council.council().languages["official"])

    @property
    def zone(self) -> str:
        return self.session.zone if self.session else str(council.council().zone)

    def zone_hint(self) -> str:
        place = in_language(self.session.venue if self.session else council.council().seat, _language())
        return gettext("Local time of {place} ({zone}).").format(place=place, zone=self.zone)

    def rows(self, kinds: tuple[str, ...]) -> list[Choice]:
        return [choice for kind in kinds or ANY for choice in self._kind(kind)]

    def _kind(self, kind: str) -> list[Choice]:
        if kind not in refs.kinds():
            return []
        if kind not in self.read:
            self.read[kind] = _SPECIAL.get(kind, _of_session)(self, kind)
        return self.read[kind]


def _language() -> str:
    return translation.get_language() or "en"


def _members(options: Options, kind: str) -> list[Choice]:
    day = local_day(options.at, options.zone)
    present = [member for member in Member.objects.all() if member.is_member(day)]
    return [(str(member.ref), f"{member.key} {in_language(member.name, _language())}") for member in present]


def _people(options: Options, kind: str) -> list[Choice]:
    """The people of the reader's own member; the secretariat and others of the house choose among all."""
    people = Person.objects.filter(released_at=None)
    if options.person.member_id:
        people = people.filter(member=options.person.member_id)
    return [(str(p.ref), f"{p.name} ({p.member_id or p.office})") for p in people[:MOST]]


def _bodies(options: Options, kind: str) -> list[Choice]:
    standing = Body.objects.filter(dissolved_at=None)
    return [(str(body.ref), f"{body.key} {in_language(body.name, _language())}") for body in standing]


def _sessions(options: Options, kind: str) -> list[Choice]:
    return [(str(s.ref), in_language(s.title, _language())) for s in Session.objects.order_by("-number")[:MOST]]


def _of_session(options: Options, kind: str) -> list[Choice]:
    model = refs.kinds()[kind]
    rows: Any = model._default_manager.all()
    if options.session and any(f.name == "session" for f in model._meta.get_fields()):
        rows = rows.filter(session=options.session)
    seen = [row for row in rows[:MOST] if access.sees(row, options.person, options.at)]
    return [(str(row.ref), _label(row)) for row in seen]


def _label(row: Referable) -> str:
    title = getattr(row, "title", None)
    number = getattr(row, "number", "") if row.ref_kind == "item" else row.key
    return f"{number} {in_language(title, _language())}".strip() if isinstance(title, dict) else str(row.key)


_SPECIAL: dict[str, Callable[[Options, str], list[Choice]]] = {
    "member": _members,
    "person": _people,
    "body": _bodies,
    "session": _sessions,
}
