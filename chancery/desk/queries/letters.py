"""Circulars and letters: who was asked to reply, who has, what is still awaited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chancery.council.models import Member, Person
from chancery.meetings.models import Circular, Letter, Session
from chancery.trail.errors import Unknown

from .. import access, acting


@dataclass(frozen=True)
class Sent:
    """A circular with its recipients, the letters that answer it, and those who have not answered."""

    circular: Circular
    recipients: list[Member]
    replies: list[Letter]
    silent: list[Member]
    late: bool

    @property
    def answered(self) -> int:
        return len(self.recipients) - len(self.silent)


def circulars(person: Person, at: datetime, session: Session | None = None) -> list[Sent]:
    """The circulars that went out, newest first. Unknown to those who are not of the council."""
    if not access.is_council(person, at):
        raise Unknown("circulars", "")
    rows = Circular.objects.select_related("replies_to").order_by("-sent_at", "-key")
    found = list(rows.filter(session=session) if session else rows)
    replies = list(Letter.objects.filter(replies_to__in=[row.pk for row in found]))
    return [_sent(row, [letter for letter in replies if letter.replies_to_id == row.pk], at) for row in found]


def circular_for(person: Person, symbol: str, at: datetime) -> Circular:
    """The circular with this symbol, for those of the council. Unknown to others."""
    found = Circular.objects.filter(pk=symbol).select_related("session", "replies_to").first()
    if found is None or not access.sees(found, person, at):
        raise Unknown(f"circular/{symbol}", "")
    return found


def letter_for(person: Person, key: str, at: datetime) -> Letter:
    """The letter with this number, for the secretariat. Unknown to others."""
    found = Letter.objects.filter(pk=key).first()
    if found is None or not access.sees(found, person, at):
        raise Unknown(f"letter/{key}", "")
    return found


def sent(circular: Circular, at: datetime) -> Sent:
    return _sent(circular, list(Letter.objects.filter(replies_to=circular)), at)


def letters(person: Person, at: datetime) -> list[Letter]:
    """The letters that came in, newest first, for the secretariat; to others there are none."""
    if not access.is_secretary(person, at):
        return []
    return list(Letter.objects.select_related("replies_to", "item").order_by("-received_at", "-key"))


def _sent(circular: Circular, replies: list[Letter], at: datetime) -> Sent:
    recipients = [member for member in acting.members() if member.key in circular.recipients]
    senders = {letter.sender.strip().casefold() for letter in replies}
    silent = [member for member in recipients if not _names(member) & senders] if circular.reply_by else []
    late = bool(silent) and circular.reply_by is not None and circular.reply_by < at
    return Sent(circular, recipients, replies, silent, late)


def _names(member: Member) -> set[str]:
    """How a member may stand as the sender of a letter: its code, or its name in any language."""
    return {member.key.casefold(), *(name.casefold() for name in member.name.values())}
