"""What is new for a person since they last looked, and the proof of delivery of legal notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat, Greatest

from chancery.council.models import Person
from chancery.papers import access as papers
from chancery.trail.models import Mention, Record

from .access import audiences
from .hearing import suggested
from .models import Mailing, Preference, Subscription

SHOWN = 50
# What is older than so many acts is no news, however long somebody was away.
LOOKED_BACK = 5000


def _heard(person: Person, at: datetime) -> QuerySet[Record]:
    """The acts that the person hears of, as chosen, else by role, and may see today: all in one query."""
    mine = Subscription.objects.filter(person=person)
    ref = ExpressionWrapper(OuterRef("ref"), output_field=CharField())
    named = mine.exclude(about="act").annotate(named=ref).filter(named__endswith=Concat(Value("/"), F("value")))
    unchosen = ~Exists(Preference.objects.filter(person=person, chosen=True))
    wanted = (
        Q(act__in=mine.filter(about="act").values("value"))
        | Q(pk__in=Mention.objects.filter(Exists(named), record__gt=_looked(person)).values("record"))
        | Q(unchosen, act__in=[act for _, act in suggested(person, at)])
        | Q(pk__in=Mailing.objects.filter(person=person).values("record"))
    )
    seen = papers.acts_seen(person, at, audiences(person, at))
    return Record.objects.filter(wanted, seen, outcome="done").exclude(by=person.ref)


def new_for(person: Person, at: datetime) -> QuerySet[Record]:
    """What is new since the person last looked, the newest first."""
    return _heard(person, at).filter(pk__gt=_looked(person)).order_by("-pk")


def _looked(person: Person) -> Greatest:
    """The last act that the person has seen or that is too old to be news."""
    seen = Subquery(Preference.objects.filter(person=person).values("seen"))
    last = Subquery(Record.objects.order_by("-pk").values("pk")[:1])
    return Greatest(Coalesce(seen, 0), Coalesce(last, 0) - LOOKED_BACK)


def count_new(person: Person, at: datetime) -> Coalesce:
    """How much of it, as a column for the query with which every page of the house begins."""
    counted = new_for(person, at).order_by().values("outcome").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


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
