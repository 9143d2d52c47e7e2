"""Who may see what a notice tells of, at the instant at which it goes; and who sees the proof of delivery."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.council.models import Person
from chancery.papers.access import audiences_of
from chancery.search import reading
from chancery.trail import refs
from chancery.trail.actor import Actor
from chancery.trail.errors import Unknown
from chancery.trail.models import Record
from chancery.trail.refs import Referable


def audiences(person: Person, at: datetime) -> set[str]:
    """The audiences of a reader of the house; those who clear wordings see the press desk too."""
    found = audiences_of(person, at)
    return found | {"press"} if "heads" in found else found


def objects(record: Record) -> list[Referable]:
    """What an act was about: its subject and its result, as they stand now."""
    found = []
    for ref in filter(None, (record.result, record.subject)):
        try:
            found.append(refs.get(ref))
        except Unknown:
            continue
    return found


def may_hear(person: Person, record: Record, rows: list[Referable], at: datetime) -> bool:
    """Whether all that the act is about is the person's to see at `at`."""
    if not person.is_active:
        return False
    mine = audiences(person, at)
    return all(is_public(row, at) or reading.audience(row) in mine for row in rows) and (
        record.audience in mine or all(is_public(row, at) for row in rows)
    )


def is_public(row: Referable, at: datetime) -> bool:
    since = reading.public_from(row)
    return since <= at if since else reading.audience(row) == "public"


def may_be_worded(record: Record, rows: list[Referable]) -> bool:
    """Whether the sentence of the act may stand in a mail; of anything restricted only its symbol does."""
    return record.audience == "public" and all(reading.audience(row) == "public" for row in rows)


def is_secretary(person: Person, at: datetime) -> bool:
    return council.is_secretary(Actor(str(person.ref)), at)
