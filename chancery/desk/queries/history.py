"""The history of an object or a session, as the reader may see it, narrowed by what was done, by whom, how, when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from chancery.council import access as council
from chancery.council.models import Person
from chancery.trail import refs
from chancery.trail.errors import Unknown
from chancery.trail.models import Mention, Record
from chancery.trail.refs import Ref

from .. import access

PAGE = 50
SHOWN = (
    *("act", "subject", "result", "status", "outcome", "rule"),
    *("by", "office", "for_whom", "entered_by", "via", "at", "args"),
)
VIAS = ("page", "api", "play", "import")


@dataclass(frozen=True)
class Asked:
    """The filters of a history: what is left empty asks for everything."""

    act: str = ""
    by: str = ""
    member: str = ""
    via: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    recorded: str = ""

    @classmethod
    def read(cls, query: Any) -> Asked:
        return cls(**{field.name: query.get(field.name, "").strip()[:80] for field in fields(cls)})

    @property
    def any(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def history(person: Person, at: datetime, ref: Ref, asked: Asked, zone: str) -> QuerySet[Record]:
    """The acts that mention an object (of a session: all its acts), the newest first. Unknown where it is hidden."""
    if not access.sees(refs.get(ref), person, at):
        raise Unknown(ref, "")
    about = Q(pk__in=Mention.objects.filter(ref=ref).values("record"))
    if ref.kind == "session":
        about |= Q(session=ref.key)
    return access.visible_acts(person, at).filter(about & _narrowed(asked, zone)).order_by("-id")


def _narrowed(asked: Asked, zone: str) -> Q:
    wanted = Q()
    for name, value in (("act", asked.act), ("via", asked.via), ("outcome", asked.outcome)):
        if value:
            wanted &= Q(**{name: value})
    if asked.by:
        wanted &= Q(by=f"person/{asked.by}") | Q(by=asked.by) | Q(office=asked.by)
    if asked.member:
        wanted &= Q(for_whom=f"member/{asked.member}")
    if asked.recorded == "secretariat":
        house = [f"person/{key}" for key in council.of_the_house()]
        wanted &= ~Q(entered_by="") | Q(for_whom__startswith="member/", by__in=house)
    if since := _day(asked.since, zone):
        wanted &= Q(at__gte=since)
    if until := _day(asked.until, zone):
        wanted &= Q(at__lt=until + timedelta(days=1))
    return wanted


def _day(text: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone)) if text else None
    except ValueError:
        return None


# What an act keeps of a person that is no business of those who read the history.
PRIVATE = ("email",)


def line(act: Record) -> dict[str, Any]:
    """An act as a line for programs: the record but for what only this house needs, and without addresses of mail."""
    args = {key: value for key, value in act.args.items() if key not in PRIVATE}
    return {key: getattr(act, key) for key in SHOWN} | {"args": args}
