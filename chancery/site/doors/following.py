"""What follows an act at the doors: a newcomer is invited; who begins anew loses the old means and is invited again."""

from __future__ import annotations

import logging
import smtplib
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator

from chancery.council.models import Person, SignIn
from chancery.trail.models import Record

from . import letters, signed_in

log = logging.getLogger(__name__)

KEPT = timedelta(days=180)
TRIED = timedelta(days=1)


def follow(records: list[Record]) -> None:
    """After acts that people did just now; what was played from a folder invites nobody."""
    for record in records:
        if record.outcome != "done" or record.via not in ("page", "api"):
            continue
        if record.act == "person.appoint":
            ask(Person.objects.get(pk=record.result.removeprefix("person/")))
        if record.act == "person.recover" and record.by != record.subject:
            begin_anew(Person.objects.get(pk=record.subject.removeprefix("person/")))
        if record.act == "person.release":
            signed_in.end_all(Person.objects.get(pk=record.subject.removeprefix("person/")))


def ask(person: Person) -> None:
    """Put an invitation into the queue; the worker mails it."""
    SignIn.objects.create(person=person, at=datetime.now(UTC), means=letters.INVITATION, outcome="asked")


def begin_anew(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()
    letters.void(person)
    signed_in.end_all(person)
    ask(person)
    letters.tell(person, letters.RESET)


def hand_over(at: datetime | None = None) -> int:
    """Mail the links that were asked for; a mail server that is down is tried again for a day."""
    at = at or datetime.now(UTC)
    waiting = SignIn.objects.filter(outcome="asked", at__gt=at - TRIED).select_related("person").order_by("pk")
    handed = 0
    for line in waiting[:100]:
        person = line.person
        try:
            if person and person.released_at is None:
                letters.invite(person) if line.means == letters.INVITATION else letters.help_back(person)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("a link could not be mailed and is tried again: %s", error)
            break
        handed += SignIn.objects.filter(pk=line.pk, outcome="asked").update(outcome="sent")
    return handed


def forget(at: datetime) -> None:
    """The sign-in log is kept for 180 days; lines of a sign-in that is open stay."""
    SignIn.objects.filter(at__lt=at - KEPT, session="").delete()
