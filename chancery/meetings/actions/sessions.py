"""Acts on a session: plan, convene, postpone, cancel, open, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from chancery import canon
from chancery.council import access as council
from chancery.council import charter, queries
from chancery.council.actions import stored
from chancery.council.models import Council, Member, local_day
from chancery.council.rules import rules_of
from chancery.procedure import notice as notices
from chancery.trail import files
from chancery.trail.actor import Actor, both, in_state
from chancery.trail.arguments import Files, Texts
from chancery.trail.door import act, fill, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.refs import Ref

from .. import access
from ..models import Meeting, Session

# The states of a session that has not opened.
BEFORE_OPENING = ("planned", "convened", "postponed")


@dataclass(frozen=True)
class Shorten:
    """Why the notice may be shorter: who consented, and the reason."""

    consents: list[Member]
    reason: str


@dataclass(frozen=True)
class Room:
    code: str
    name: Texts


def state_after(row: Session | Meeting, before: tuple[str, ...], after: str) -> None:
    """Move a row from one of the states `before` to `after`. Refused by `order` where it stands elsewhere."""
    if not type(row)._default_manager.filter(pk=row.pk, state__in=before).update(state=after):
        raise Refused("order", f"{row.ref} is {row.state}; this needs it {' or '.join(before)}")
    row.state = after


@act("session.plan", may=council.secretary)
def plan(
    *,
    number: int,
    kind: Literal["regular", "special", "emergency"],
    title: Texts,
    venue: Texts,
    zone: str | None = None,
    opens: datetime,
    closes: datetime,
    host: Member | None = None,
    rooms: list[Room] | None = None,
    deadlines: dict[str, datetime] | None = None,
    by: Actor,
    at: datetime,
) -> Session:
    """Plan a session: its number follows the last one's."""
    house = council.council()
    last = Session.objects.order_by("-number").first()
    if last and number != last.number + 1:
        raise Refused("order", f"the number {number} does not follow {last.number}")
    if opens >= closes:
        raise Refused("order", "the session would close before it opens")
    return Session.objects.create(
        key=str(number),
        number=number,
        kind=kind,
        title=title,
        venue=venue,
        zone=zone or house.zone,
        opens_at=opens,
        closes_at=closes,
        host=host,
        rooms=[{"code": room.code, "name": room.name} for room in rooms or []],
        deadlines={name: canon.instant_text(due) for name, due in (deadlines or {}).items()},
        ruleset=council.rules_in_force(local_day(at, house.zone)),
    )


@act("session.convene", may=both(council.secretary, in_state("planned")), official="open")
def convene(
    session: Session,
    *,
    notice: Files,
    recipients: list[Member] | None = None,
    shorten: Shorten | None = None,
    council: File | None = None,  # noqa: A002 (the argument's name in the record)
    by: Actor,
    at: datetime,
) -> Session:
    """Convene a session: the notice goes to the members, and the council is written down as it stands."""
    house = Council.objects.get()
    rules = rules_of(session.ruleset_id)
    check = notices.notice_satisfied(rules, cast(notices.Kind, session.kind), at, session.opens_at, session.zone)
    if not check.ok and shorten is None:
        raise Refused("sessions.notice_days", check.because)
    if shorten is not None and (absent := _withheld(shorten, at, house)):
        raise Refused(
            "sessions.notice_shortening", f"a shorter notice needs the consent of all; missing: {', '.join(absent)}"
        )
    satisfies("sessions.notice_shortening" if shorten else "sessions.notice_days")
    if council is None:
        fill(council=files.put(charter.write(queries.standing(house)), "council.toml"))
    state_after(session, ("planned",), "convened")
    session.notice = {language: stored(file) for language, file in notice.items()}
    session.notice_check = {"rule": check.rule, "need": check.need, "got": check.got, "met": check.ok}
    session.convened_at = at
    session.save(update_fields=["notice", "notice_check", "convened_at"])
    return session


def _withheld(shorten: Shorten, at: datetime, house: Council) -> list[str]:
    consenting = {member.key for member in shorten.consents}
    day = local_day(at, house.zone)
    return [m.key for m in Member.objects.all() if m.is_member(day) and m.key not in consenting]


@act("session.open", may=both(access.chair, in_state("convened")), official="open")
def open_session(session: Session, *, by: Actor, at: datetime) -> Session:
    """Open the session."""
    if at < session.opens_at - timedelta(days=1):
        raise Refused("order", f"session {session.key} opens on {session.opens_at:%d %B %Y}, not earlier")
    state_after(session, ("convened",), "open")
    session.opened_at = at
    session.save(update_fields=["opened_at"])
    return session


@act("session.close", may=both(access.chair, in_state("open")), official="open")
def close_session(session: Session, *, by: Actor, at: datetime) -> Session:
    """Close the session; no meeting of the plenary may still sit."""
    if sitting := Meeting.objects.filter(session=session, body=None, state__in=("open", "suspended")).first():
        raise Refused("order", f"meeting {sitting.key} is still {sitting.state}")
    state_after(session, ("open",), "closed")
    session.closed_at = at
    session.save(update_fields=["closed_at"])
    return session


@act("session.postpone", may=both(council.secretary, in_state(*BEFORE_OPENING)), official="open")
def postpone(
    session: Session,
    *,
    reason: str,
    opens: datetime | None = None,
    closes: datetime | None = None,
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Session:
    """Postpone a session to later dates, or until further notice; then dates put it back among the planned ones."""
    if (opens is None) != (closes is None):
        raise Refused("form", "a session is postponed to a day on which it opens and one on which it closes")
    if opens is None or closes is None:
        state_after(session, ("planned", "convened"), "postponed")
        return session
    if not max(at, session.opens_at) < opens < closes:
        raise Refused("order", "a postponed session opens later than it would have, and closes after that")
    if session.state == "postponed":
        state_after(session, ("postponed",), "planned")
    session.opens_at, session.closes_at = opens, closes
    session.save(update_fields=["opens_at", "closes_at"])
    return session


@act("session.cancel", may=both(council.secretary, in_state(*BEFORE_OPENING)), official="open")
def cancel(session: Session, *, reason: str, authority: Ref | None = None, by: Actor, at: datetime) -> Session:
    """Cancel a session that has not opened; its number is not given again."""
    state_after(session, BEFORE_OPENING, "cancelled")
    return session
