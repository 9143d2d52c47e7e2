"""Acts on single items of the agenda: add one, even late; withdraw one; reopen one that was concluded."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery import canon
from chancery.procedure import agenda as rules
from chancery.procedure.rulesets import RuleSet
from chancery.trail import refs
from chancery.trail.actor import Actor, both, in_state
from chancery.trail.arguments import Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref

from .. import access
from ..models import AgendaItem, AgendaVersion, Session


@act("item.add", may=both(access.may_add_item, in_state("convened", "open")))
def add(
    session: Session,
    *,
    number: str,
    title: Texts,
    category: Literal["decision", "discussion", "information", "without_debate"],
    reason: str,
    urgent: bool = False,
    authority: Ref | None = None,
    waiver: Ref | None = None,
    by: Actor,
    at: datetime,
) -> AgendaItem:
    """Add an item. A late one needs the vote that the rules ask for, and waits, unless a vote waived the wait."""
    key = f"{session.key}/{number}"
    if AgendaItem.objects.filter(pk=key).exists():
        raise Refused("form", f"there is an item {number} already")
    ruleset = access.rules_for(session.key)
    late = _is_late(session, ruleset, at)
    if late:
        _check_late(ruleset, urgent, authority)
        if waiver:
            check_adopted(waiver, "agenda.late_item")
    sponsor = by.for_.removeprefix("member/") if by.for_.startswith("member/") else ""
    return AgendaItem.objects.create(
        key=key,
        session=session,
        number=number,
        position=AgendaItem.objects.filter(session=session).count(),
        title=title,
        category=category,
        sponsors=[sponsor] if sponsor else [],
        discussed_from=rules.discussed_from(ruleset.agenda, at, session.zone, waived=waiver is not None)
        if late
        else None,
    )


def _is_late(session: Session, ruleset: RuleSet, at: datetime) -> bool:
    """After the deadline of the session, else of the rules; and always once the agenda is adopted."""
    issued = AgendaVersion.objects.filter(session=session)
    if issued.filter(adopted_at__isnull=False).exists():
        return True
    first = issued.first()
    due = rules.items_due_at(ruleset, session.opens_at, session.zone, draft_sent_at=first.issued_at if first else None)
    if stated := session.deadlines.get("items"):
        due = canon.instant(stated)
    return due is not None and at >= due


def _check_late(ruleset: RuleSet, urgent: bool, authority: Ref | None) -> None:
    check = rules.may_add(ruleset.agenda, urgent=urgent)
    if not check.ok:
        raise Refused(check.rule, check.because)
    if authority is None:
        raise Refused(check.rule, f"a late item needs a vote: {check.because} Name its result as authority.")
    check_adopted(authority, check.rule)
    satisfies(check.rule)


def check_adopted(authority: Ref, rule: str) -> None:
    """Refused unless the reference is that of a result by which something was adopted."""
    if authority.kind != "result" or getattr(refs.get(authority), "status", "") != "adopted":
        raise Refused(rule, f"{authority} is no result by which this was adopted")


@act("item.withdraw", may=both(access.may_withdraw_item, in_state("listed", "under_debate")))
def withdraw(item: AgendaItem, *, reason: str, authority: Ref | None = None, by: Actor, at: datetime) -> AgendaItem:
    """Withdraw an item from the agenda; it keeps its number."""
    if not AgendaItem.objects.filter(pk=item.pk, state__in=("listed", "under_debate")).update(state="withdrawn"):
        raise Refused("order", f"item {item.key} is {item.state.replace('_', ' ')}")
    item.state = "withdrawn"
    return item


@act("item.reopen", may=both(access.chair_or_secretary, in_state("concluded", "withdrawn")))
def reopen(item: AgendaItem, *, reason: str, authority: Ref | None = None, by: Actor, at: datetime) -> AgendaItem:
    """Reopen an item that was concluded or withdrawn; one that was decided only by a vote to reconsider."""
    if item.session.state == "closed":
        raise Refused("order", f"session {item.session_id} is closed")
    if item.outcome == "decided":
        if authority is None:
            raise Refused("proposals.reconsideration", "a decided item is reopened by a vote; name its result")
        check_adopted(authority, "proposals.reconsideration")
        satisfies("proposals.reconsideration")
    before = AgendaItem.objects.filter(pk=item.pk, state=item.state)
    before.update(state="listed", outcome="", conclusion={}, concluded_at=None)
    item.refresh_from_db()
    return item
