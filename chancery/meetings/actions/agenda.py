"""Acts on the agenda: issue a version, adopt it, take up an item, conclude it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from chancery.council import access as council
from chancery.council.models import Body, Member
from chancery.trail.actor import Actor, Permit, both, in_state
from chancery.trail.arguments import Texts, written
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref

from .. import access, queries
from ..models import AgendaItem, AgendaVersion, Session


@dataclass(frozen=True)
class Listed:
    """An item as an agenda lists it. `key` names an item that had another number before."""

    number: str
    title: Texts
    category: Literal["decision", "discussion", "information", "without_debate", "section"]
    key: str | None = None
    sponsors: list[Member] | None = None
    body: Body | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Assignment:
    """What somebody is asked to do, until when."""

    who: Ref
    what: Texts
    due: date | None = None


@act("agenda.issue", may=both(council.secretary, in_state("convened", "open")))
def issue(
    session: Session,
    *,
    stage: Literal["provisional", "revised", "supplementary"],
    items: list[Listed],
    by: Actor,
    at: datetime,
) -> AgendaVersion:
    """Issue a version of the agenda. Items keep their keys; a supplementary list only adds."""
    keys = [item.key or item.number for item in items]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise Refused("form", f"item {twice[0]} stands twice")
    standing = {item.key: item for item in AgendaItem.objects.filter(session=session)}
    start = len(standing) if stage == "supplementary" else 0
    for position, (key, listed) in enumerate(zip(keys, items, strict=True), start):
        _list_item(session, standing.get(f"{session.key}/{key}"), key, listed, position)
    number = AgendaVersion.objects.filter(session=session).count() + 1
    return AgendaVersion.objects.create(
        key=f"{session.key}/{number}",
        session=session,
        number=number,
        stage=stage,
        items=written(items, []),
        issued_at=at,
    )


def _list_item(session: Session, standing: AgendaItem | None, key: str, listed: Listed, position: int) -> None:
    item = standing or AgendaItem(key=f"{session.key}/{key}", session=session)
    if item.state in ("concluded", "withdrawn"):
        raise Refused("order", f"item {item.key} is {item.state} and keeps its place")
    item.number, item.title, item.category, item.position = listed.number, listed.title, listed.category, position
    item.body, item.minutes = listed.body, listed.minutes
    item.sponsors = [member.key for member in listed.sponsors or []]
    item.save(force_insert=standing is None)


@act("agenda.adopt", may=both(access.chair, in_state("open")), official="open")
def adopt(
    session: Session, *, version: int | None = None, authority: Ref | None = None, by: Actor, at: datetime
) -> AgendaVersion:
    """Adopt the agenda: the last version issued, or the one named."""
    queries.sitting(session, at)
    issued = AgendaVersion.objects.filter(session=session)
    found = issued.filter(number=version).first() if version else issued.last()
    if found is None:
        raise Refused("order", "no agenda is issued" if version is None else f"there is no version {version}")
    if not AgendaVersion.objects.filter(pk=found.pk, adopted_at=None).update(adopted_at=at):
        raise Refused("order", f"agenda {found.key} is adopted already")
    found.adopted_at = at
    satisfies("agenda.adoption_majority")
    return found


def _may_conduct(item: AgendaItem, by: Actor, at: datetime) -> Permit:
    return access.chair_or_secretary(item, by, at)


@act("item.take_up", may=both(_may_conduct, in_state("listed")))
def take_up(item: AgendaItem, *, reason: str | None = None, by: Actor, at: datetime) -> AgendaItem:
    """Take up an item of the agenda: it is now under debate."""
    queries.sitting(item.session, at)
    if item.category == "section":
        raise Refused("form", f"{item.number} is a heading, not an item")
    if item.discussed_from and at < item.discussed_from:
        raise Refused("agenda.late_item", f"a late item waits: {item.number} is discussed from {_local(item)}")
    if not AgendaItem.objects.filter(pk=item.pk, state="listed").update(state="under_debate", taken_up_at=at):
        raise Refused("order", f"item {item.key} is {item.state.replace('_', ' ')}")
    return item


def _local(item: AgendaItem) -> str:
    moment = item.discussed_from
    return f"{moment.astimezone(ZoneInfo(item.session.zone)):%Y-%m-%d %H:%M}" if moment else ""


@act("item.conclude", may=both(_may_conduct, in_state("listed", "under_debate")))
def conclude(
    item: AgendaItem,
    *,
    outcome: Literal["noted", "considered", "deferred", "referred", "decided", "not_reached"],
    body: Body | None = None,
    by_when: date | None = None,
    result: Ref | None = None,
    assign: list[Assignment] | None = None,
    by: Actor,
    at: datetime,
) -> AgendaItem:
    """Conclude an item: noted, considered, deferred, referred, not reached, or decided by a result."""
    if (outcome == "decided") != (result is not None):
        raise Refused("form", "an item is decided by a result, and by nothing else")
    if (outcome == "referred") != (body is not None):
        raise Refused("form", "an item is referred to a body")
    before = ("listed",) if outcome == "not_reached" else ("listed", "under_debate")
    changed = AgendaItem.objects.filter(pk=item.pk, state__in=before).update(
        state="concluded", outcome=outcome, concluded_at=at, conclusion=_conclusion(body, by_when, result, assign)
    )
    if not changed:
        raise Refused("order", f"item {item.key} is {item.state.replace('_', ' ')}")
    item.outcome = outcome
    return item


def _conclusion(
    body: Body | None, by_when: date | None, result: Ref | None, assign: list[Assignment] | None
) -> dict[str, object]:
    value = {"body": body, "by_when": by_when, "result": result, "assign": assign}
    return {key: written(part, []) for key, part in value.items() if part is not None}
