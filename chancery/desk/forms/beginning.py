"""What a form begins with: what the record already says, so that nobody types it twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chancery.council import access as council
from chancery.council.models import Member, Person
from chancery.floor.models import QuestionPut
from chancery.meetings import access as meetings
from chancery.meetings import queries as sitting
from chancery.meetings.models import AgendaItem, AgendaVersion, Circular, Invitation, Meeting, Session
from chancery.papers.models import Paper
from chancery.papers.queries import languages
from chancery.trail import refs
from chancery.trail.actor import Actor
from chancery.trail.errors import Unknown
from chancery.trail.refs import Referable

from .. import access

Beginning = Callable[[Any, Actor, datetime, Referable | None], dict[str, Any]]


def beginning(act: str, subject: Referable | None, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """The arguments a form of `act` begins with. `like`: a row of the last session whose pattern is followed."""
    return _BEGINNINGS[act](subject, by, at, like) if act in _BEGINNINGS else {}


def like(text: str, person: Person, at: datetime) -> Referable | None:
    """The row that a link names as a pattern; nothing where it names none that the reader may see."""
    try:
        row = refs.get(refs.read(text, "session", "circular", "invitation", "paper")) if text else None
    except (ValueError, Unknown):
        return None
    return row if row is not None and access.sees(row, person, at) else None


def _plan(subject: None, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    last = Session.objects.order_by("-number").first()
    if last is None:
        return {}
    raw: dict[str, Any] = {"number": last.number + 1, "kind": "regular", "zone": last.zone}
    if isinstance(like, Session):
        year = timedelta(days=364)
        raw |= {
            "kind": like.kind,
            "title": renumbered(like.title, like.number, last.number + 1),
            "venue": like.venue,
            "rooms": like.rooms,
            "opens": _local(like.opens_at + year, like.zone),
            "closes": _local(like.closes_at + year, like.zone),
        }
    return raw


def renumbered(titles: dict[str, str], before: int, after: int) -> dict[str, str]:
    """Titles with the number of the next session. One that says the number in words is left to be written anew."""
    ending = "th" if after % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(after % 10, "th")
    found = {}
    for code, text in titles.items():
        ordinal = re.sub(rf"\b{before}(st|nd|rd|th)\b", f"{after}{ending}", text)
        found[code] = re.sub(rf"\b{before}\b", str(after), ordinal)
    return {code: text for code, text in found.items() if text != titles[code]}


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _agenda(session: Session, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """A revised agenda begins with the items as they stand; a new one with those of the session it follows."""
    standing = list(AgendaItem.objects.filter(session=session))
    if standing:
        return {"stage": "revised", "items": [_item(item) for item in standing if item.state != "concluded"]}
    source = like if isinstance(like, Session) else None
    items = AgendaItem.objects.filter(session=source) if source else []
    return {"stage": "provisional", "items": [_item(item) | {"key": None} for item in items]}


def _item(item: AgendaItem) -> dict[str, Any]:
    key = item.key.partition("/")[2]
    return {
        "number": item.number,
        "key": key if key != item.number else None,
        "title": item.title,
        "category": item.category,
        "sponsors": [f"member/{code}" for code in item.sponsors],
        "body": str(item.body.ref) if item.body else None,
        "minutes": item.minutes,
    }


def _presence(meeting: Meeting, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """Every delegation that may take part and is not yet here."""
    here = set(sitting.present(meeting, at))
    required = meetings.credentials_required(meeting.session_id)
    seated = [d for d in meetings.delegations(meeting.session_id) if meetings.may_take_part(d, at, required)]
    own = by.for_.removeprefix("member/")
    wanted = [d.member_id for d in seated if d.member_id not in here and own in ("", d.member_id)]
    return {"delegations": dict.fromkeys(wanted, "room")}


def _translation(paper: Paper, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """The first authentic language that is missing or stale, made from the newest original."""
    held = languages(paper)
    behind = [code for code in council.council().authentic if code not in {one.code for one in held if not one.stale}]
    source = next((one.version.sha256 for one in held if not one.version.translation_of), "")
    return {"language": behind[0] if behind else None, "official": True, "of": source}


def _invite(session: Session, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """An observer or guest of the last session, with the rights it had there; who comes is for it to say."""
    if not isinstance(like, Invitation):
        return {}
    return {"invitee": like.invitee, "as": like.kind, "rights": like.rights}


def _table(subject: None, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """A paper that recurs: the series and title of the last one, for the session that comes next."""
    coming = Session.objects.filter(state__in=("planned", "convened", "open")).order_by("-number").first()
    if not isinstance(like, Paper) or like.session is None or coming is None:
        return {}
    titles = like.title | renumbered(like.title, like.session.number, coming.number)
    return {"series": str(like.series.ref), "session": str(coming.ref), "title": titles}


def _circular(subject: None, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    return {"series": str(like.series.ref), "title": like.title} if isinstance(like, Circular) else {}


def _notify(session: Session, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    return {"member": by.for_ or None}


def _statement(subject: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    return {"authors": [by.for_] if by.for_ else []}


def _freeze(draft: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    return {"languages": council.council().authentic}


def _translate(draft: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """The first authentic language that the draft lacks."""
    return {"language": next((code for code in council.council().authentic if code not in draft.text), None)}


def _put(subject: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    item = getattr(subject, "item_id", None) or getattr(getattr(subject, "draft", None), "item_id", None)
    return {"method": "consensus", "items": [f"item/{item}"] if item else []}


def _conclude(item: AgendaItem, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    """An item on which something was decided is concluded by that result."""
    closed = QuestionPut.objects.filter(session=item.session_id, state="closed").order_by("-number")
    question = next((one for one in closed if item.key in one.items), None)
    return {"outcome": "decided", "result": f"result/{question.key}"} if question else {}


def _sign(decision: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    everyone = Member.objects.all()
    return {"signatories": [str(member.ref) for member in everyone if member.is_member(at.date())]}


def _open_meeting(subject: Any, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    if not isinstance(subject, Session):
        return {}
    return {"number": Meeting.objects.filter(session=subject, body=None).count() + 1}


def _adopt(session: Session, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    newest = AgendaVersion.objects.filter(session=session).last()
    return {"version": newest.number if newest else None}


def _draft_release(subject: None, by: Actor, at: datetime, like: Referable | None) -> dict[str, Any]:
    newest = Session.objects.exclude(convened_at=None).order_by("-number").first()
    if newest is None:
        return {}
    places = {code: place.upper() for code, place in newest.venue.items()}
    return {"kind": "communique", "session": str(newest.ref), "dateline": places}


_BEGINNINGS: dict[str, Beginning] = {
    "session.plan": _plan,
    "agenda.issue": _agenda,
    "agenda.adopt": _adopt,
    "meeting.open": _open_meeting,
    "presence.enter": _presence,
    "invitation.send": _invite,
    "circular.send": _circular,
    "paper.table": _table,
    "paper.translate": _translation,
    "delegation.notify": _notify,
    "statement.file": _statement,
    "draft.translate": _translate,
    "draft.freeze": _freeze,
    "question.put": _put,
    "item.conclude": _conclude,
    "signature.open": _sign,
    "release.draft": _draft_release,
}
