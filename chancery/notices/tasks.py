"""The collector of notices: from new records to a queue, from the queue to the mail server. A crash costs nothing.

A legal notice goes at least once: after a crash it is handed over again under the same Message-ID. Any other goes at
most once: where a process died while it spoke to the mail server, the notice is not sent again.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.mail import get_connection
from django.db import transaction

from chancery.council.models import Council, Person
from chancery.search import reading
from chancery.trail import faults
from chancery.trail.models import Record
from chancery.trail.refs import Referable

from . import access, hearing, letters
from .clock import next_digest, pause
from .models import Followed, Mailing, Preference

log = logging.getLogger(__name__)

AT_A_TIME = 200
LEASE = timedelta(minutes=10)


def collect(at: datetime | None = None) -> int:
    """Queue what new acts call for, then hand over what is due. Gives how many notices were handed over."""
    at = at or datetime.now(UTC)
    if not Council.objects.exists():
        return 0
    while queue(at):
        pass
    _take_back(at)
    return hand_over(at)


def queue(at: datetime) -> int:
    """Make the notices of the next records, once. Gives how many records were worked off."""
    with transaction.atomic():
        followed, _ = Followed.objects.select_for_update().get_or_create(pk=1)
        records = list(Record.objects.filter(pk__gt=followed.record).order_by("pk")[:AT_A_TIME])
        if not records:
            return 0
        people = list(Person.objects.filter(released_at=None))
        wanted = hearing.wishes(people, at)
        preferences = Preference.objects.in_bulk()
        made = [m for record in records for m in _mailings(record, people, wanted, preferences, at)]
        Mailing.objects.bulk_create(made, ignore_conflicts=True)
        followed.record = records[-1].pk
        followed.save(update_fields=["record"])
        faults.reach("queued")
    return len(records)


def _mailings(
    record: Record, people: list[Person], wanted: hearing.Wishes, preferences: dict[str, Preference], at: datetime
) -> list[Mailing]:
    if record.outcome != "done":
        return []
    rows = access.objects(record)
    legal = hearing.officers(hearing.addressees(record, rows), people, record.at)
    made = [Mailing(person=p, record=record, legal=True, why=record.act, due_at=at, queued_at=at) for p in legal]
    # What was played from a folder is history: of that only the legal notices of a rehearsal are shown to work.
    if record.via in ("play", "import"):
        return made if Council.objects.filter(rehearsal=True).exists() else []
    known, later = hearing.facts(record, rows), _public_later(rows, at)
    for person in people:
        preference = preferences.get(person.key)
        wish = hearing.wish_for(wanted.get(person.key, {}), known)
        if wish is None or person in legal or record.by == person.ref or (preference and not preference.mail):
            continue
        due = max(at if wish.at_once else _digest(preference, at), later or at)
        queued = {"why": wish.why, "due_at": due, "queued_at": at}
        made.append(Mailing(person=person, record=record, daily=not wish.at_once, **queued))
    return made


def _public_later(rows: list[Referable], at: datetime) -> datetime | None:
    """The end of an embargo: a notice of what is embargoed waits for it, like the thing itself."""
    return max((since for row in rows if (since := reading.public_from(row)) and since > at), default=None)


def _digest(preference: Preference | None, at: datetime) -> datetime:
    zone = preference.zone if preference else Council.objects.get().zone
    return next_digest(at, zone, preference.hour if preference else 7)


def _take_back(at: datetime) -> None:
    """What a process left while it spoke to the mail server: legal notices go again, others are not risked twice."""
    left = Mailing.objects.filter(state="handing", handing_at__lt=at - LEASE)
    left.filter(legal=True).update(state="queued")
    left.filter(legal=False).update(state="unsure")


def hand_over(at: datetime) -> int:
    """Hand over what is due: single notices, and one mail per person for all that is in the digest."""
    due = list(Mailing.objects.filter(state="queued", due_at__lte=at).select_related("record", "person")[:AT_A_TIME])
    due.sort(key=lambda m: (m.person_id, m.daily, m.pk))
    handed = 0
    for (_, daily), group in groupby(due, key=lambda m: (m.person_id, m.daily)):
        mailings = list(group)
        for letter in [mailings] if daily else [[one] for one in mailings]:
            handed += _send(letter, at)
    return handed


def _send(mailings: list[Mailing], at: datetime) -> int:
    """One mail: drop what the person may not see now, write down that we speak, speak, write down the answer."""
    parts = [(mailing, access.objects(mailing.record)) for mailing in mailings]
    person = mailings[0].person
    seen = [(m, rows) for m, rows in parts if access.may_hear(person, m.record, rows, at)]
    _note([m for m, _ in parts if m not in [kept for kept, _ in seen]], state="dropped")
    if not seen:
        return 0
    going = [mailing for mailing, _ in seen]
    if not person.email:
        _note(going, state="refused", answer="no address")
        return 0
    going[0].message_id = going[0].message_id or letters.new_message_id()
    backend: Any = get_connection()
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        return _again(going, str(error), at)
    if not _note(going, was="queued", state="handing", handing_at=at, message_id=going[0].message_id):
        return 0
    return _speak(backend, letters.letter(person, seen, at), going, at)


def _speak(backend: Any, letter: Any, going: list[Mailing], at: datetime) -> int:
    try:
        backend.send_messages([letter])
        faults.reach("handed")
        answer = getattr(backend, "answer", "") or "taken"
        _note(going, state="handed", handed_at=at, answer=answer[:300])
        return len(going)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _refused(going, int(code), said.decode(errors="replace"), at)
    except smtplib.SMTPResponseException as error:
        return _refused(going, error.smtp_code, str(error.smtp_error), at)
    except (OSError, smtplib.SMTPException) as error:
        # Whether the server took the mail is unknown here.
        if going[0].legal:
            return _again(going, str(error), at)
        _note(going, state="unsure", answer=str(error)[:300])
        return 0
    finally:
        backend.close()


def _refused(going: list[Mailing], code: int, said: str, at: datetime) -> int:
    """The server said no: for good (5xx), which is shown to the secretariat, or for now."""
    if code < 500:
        return _again(going, f"{code} {said}", at)
    _note(going, state="refused", answer=f"{code} {said}"[:300])
    return 0


def _again(going: list[Mailing], said: str, at: datetime) -> int:
    log.warning("the mail server failed; tried again later: %s", said)
    tries = going[0].tries + 1
    due = at + pause(tries)
    _note(going, state="queued", tries=tries, due_at=due, answer=said[:300], message_id=going[0].message_id)
    return 0


def _note(mailings: list[Mailing], was: str = "", **values: Any) -> int:
    rows = Mailing.objects.filter(pk__in=[mailing.pk for mailing in mailings])
    return (rows.filter(state=was) if was else rows).update(**values)
