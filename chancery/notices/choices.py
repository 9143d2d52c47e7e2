"""What a person chooses to hear of. Choices are no acts: they may be lost without harm to the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext

from chancery.council import access as council
from chancery.council.models import Body, Person
from chancery.trail import door

from .hearing import ACTS, held_by, preference_of
from .models import Preference, Subscription

MOST_NAMED = 100


@dataclass(frozen=True)
class Line:
    """One line of the form: a kind of act or a body, and how it is heard of: no, daily, once."""

    field: str
    name: str
    pace: str


@dataclass(frozen=True)
class Form:
    """All that a person may choose, as it stands or as it was typed."""

    acts: list[Line]
    bodies: list[Line]
    named: str
    named_at_once: bool
    zone: str
    hour: int
    mail: bool


def form_of(person: Person, at: datetime) -> Form:
    """The form as the person's choices, or those of the roles, fill it."""
    held, preference = held_by(person, at), preference_of(person)
    bodies = list(Body.objects.filter(dissolved_at=None).values_list("key", flat=True))
    named = [value for about, value in held if about in ("item", "symbol")]
    acts = [(name, gettext(says)) for name, says in ACTS.items() if name in door.acts()]
    return Form(
        acts=[Line(f"act:{name}", says, _pace(held, "act", name)) for name, says in acts],
        bodies=[Line(f"body:{code}", code, _pace(held, "body", code)) for code in bodies],
        named="\n".join(named),
        named_at_once=any(at_once for (about, _), at_once in held.items() if about in ("item", "symbol")),
        zone=preference.zone,
        hour=preference.hour,
        mail=preference.mail,
    )


def _pace(held: Mapping[tuple[str, str], bool], about: str, value: str) -> str:
    at_once = held.get((about, value))
    return "no" if at_once is None else "once" if at_once else "daily"


def choose(person: Person, typed: Mapping[str, str], at: datetime) -> None:
    """Keep what was chosen in the form. Raises ValueError, in plain words."""
    zone, hour = typed.get("zone", ""), typed.get("hour", "")
    if zone not in available_timezones():
        raise ValueError(gettext("{zone} is no time zone; write one like Europe/Istanbul").format(zone=zone or "–"))
    if not hour.isdecimal() or int(hour) > 23:
        raise ValueError(gettext("the hour of the digest is a number from 0 to 23"))
    named = list(dict.fromkeys(line.strip() for line in typed.get("named", "").splitlines() if line.strip()))
    if len(named) > MOST_NAMED or any(len(name) > 160 for name in named):
        raise ValueError(gettext("name at most {n} items and symbols, one on a line").format(n=MOST_NAMED))
    form = form_of(person, at)
    offered = [line.field for line in (*form.acts, *form.bodies)]
    heard = [field for field in offered if typed.get(field) in ("daily", "once")]
    rows: list[tuple[str, str, bool]] = [(*_parts(field), typed[field] == "once") for field in heard]
    rows += [("symbol", name, typed.get("named_pace") == "once") for name in named]
    with transaction.atomic():
        values = {"zone": zone, "hour": int(hour), "mail": typed.get("mail") == "on", "chosen": True}
        Preference.objects.update_or_create(pk=person.key, defaults=values)
        Subscription.objects.filter(person=person).delete()
        Subscription.objects.bulk_create(
            Subscription(person=person, about=about, value=value, at_once=once) for about, value, once in rows
        )


def _parts(field: str) -> tuple[str, str]:
    about, _, value = field.partition(":")
    return about, value


def stop_mail(person: Person) -> None:
    """No more mail but what the rules oblige us to send; the page still shows everything."""
    Preference.objects.update_or_create(
        pk=person.key, defaults={"mail": False}, create_defaults={"mail": False, "zone": council.council().zone}
    )


def mark_seen(person: Person, newest: int) -> None:
    """The person has seen what there is up to the record `newest`."""
    Preference.objects.update_or_create(
        pk=person.key, defaults={"seen": newest}, create_defaults={"seen": newest, "zone": council.council().zone}
    )
