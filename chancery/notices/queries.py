"""What is new for a person since they last looked, and the proof of delivery of legal notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from chancery.council.models import Person
from chancery.trail.models import Mention, Record

from .access import audiences
from .hearing import held_by, preference_of
from .models import Mailing

SHOWN = 50


def _heard(person: Person, at: datetime) -> QuerySet[Record]:
    """The acts that the person hears of and may see, in one condition."""
    held = held_by(person, at)
    acts = [value for about, value in held if about == "act"]
    refs = [value for about, value in held if about != "act"]
    named = Q()
    for value in refs:
        named |= Q(ref__endswith=f"/{value}")
    wanted = Q(act__in=acts)
    if refs:
        wanted |= Q(pk__in=Mention.objects.filter(named).values("record"))
    legal = Q(pk__in=Mailing.objects.filter(person=person).values("record"))
    mine = Record.objects.filter(audience__in=audiences(person, at), outcome="done")
    return mine.filter(wanted | legal).exclude(by=person.ref)


def new_for(person: Person, at: datetime) -> QuerySet[Record]:
    """What is new since the person last looked, the newest first."""
    return _heard(person, at).filter(pk__gt=preference_of(person).seen).order_by("-pk")


def count_new(person: Person, at: datetime) -> int:
    """How much of it, as the desk says it: more than fifty is not counted further."""
    return len(new_for(person, at).values_list("pk", flat=True)[: SHOWN + 1])


@dataclass
class Notice:
    """A legal notice with its deliveries."""

    record: Record
    deliveries: list[Mailing] = field(default_factory=list)


def legal_notices(before: int | None = None) -> list[Notice]:
    """The newest legal notices with the delivery to each person. Two queries."""
    acts = Mailing.objects.filter(legal=True)
    if before:
        acts = acts.filter(record__lt=before)
    newest = list(acts.order_by("-record").values_list("record", flat=True).distinct()[:20])
    rows = Mailing.objects.filter(legal=True, record__in=newest).select_related("record", "person")
    return _grouped(rows.order_by("-record", "person__member__seat", "person"))


def _grouped(rows: Iterable[Mailing]) -> list[Notice]:
    found: dict[int, Notice] = {}
    for row in rows:
        found.setdefault(row.record_id, Notice(row.record)).deliveries.append(row)
    return list(found.values())


def mailing_for(person: Person, number: int) -> Mailing | None:
    """The person's own notice of this number."""
    return Mailing.objects.filter(pk=number, person=person).select_related("record").first()
