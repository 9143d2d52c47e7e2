"""Who hears of an act: what people chose, what their roles suggest, and whom the rules oblige us to tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _

from chancery.council import access as council
from chancery.council.models import Member, Person, RoleGrant, local_day
from chancery.search import reading
from chancery.trail.memory import once
from chancery.trail.models import Mention, Record
from chancery.trail.refs import Ref, Referable

from .models import Preference, Subscription

# Acts that people may choose to hear of, in the order in which a text travels.
ACTS = {
    "session.convene": _("A session is convened"),
    "session.open": _("A session opens"),
    "session.close": _("A session closes"),
    "agenda.issue": _("A version of the agenda is issued"),
    "agenda.adopt": _("The agenda is adopted"),
    "meeting.open": _("A meeting opens"),
    "circular.send": _("A circular is sent"),
    "delegation.notify": _("A delegation is notified"),
    "credentials.receive": _("Credentials come in"),
    "credentials.rule": _("Credentials are ruled on"),
    "question.put": _("A question is put"),
    "objection.state": _("An objection is stated"),
    "question.refer": _("A question is referred to a body"),
    "question.close": _("An outcome is declared"),
    "paper.table": _("A paper is tabled"),
    "paper.issue": _("A paper is issued"),
    "paper.translate": _("A paper gets a translation"),
    "draft.table": _("A draft is tabled"),
    "draft.freeze": _("A text is frozen"),
    "decision.issue": _("A decision is issued"),
    "statement.file": _("A statement is filed"),
    "signature.open": _("A decision is opened for signature"),
    "signature.give": _("A signature is given"),
    "release.draft": _("A press item is drafted"),
    "release.issue": _("A press item is released"),
    "release.correct": _("A press item is corrected"),
}

# What one hears of who has chosen nothing, by role; true: at once.
DEFAULTS: dict[str, dict[str, bool]] = {
    "head": {"question.put": True, "signature.open": True, "decision.issue": False, "paper.issue": False},
    "delegate": {"draft.freeze": False, "decision.issue": False, "paper.issue": False},
    "focal": {"credentials.rule": True, "circular.send": True, "paper.issue": False},
    "chair": {"objection.state": True, "draft.freeze": False, "paper.issue": False},
    "rapporteur": {"question.refer": True, "paper.issue": False},
    "secretary": {"objection.state": True, "credentials.receive": False, "delegation.notify": False},
    "press": {"decision.issue": True, "release.draft": True, "release.issue": False},
    "observer": {"paper.issue": False, "decision.issue": False},
}

LEGAL = ("session.convene", "silence.propose", "circular.send")


@dataclass(frozen=True)
class Wish:
    """Why somebody hears of an act, and whether at once."""

    why: str
    at_once: bool


Wishes = dict[str, dict[tuple[str, str], bool]]


def wishes(people: Iterable[Person], at: datetime) -> Wishes:
    """Per person what is to be heard of and whether at once: as chosen, else by role."""
    chosen = set(Preference.objects.filter(chosen=True).values_list("person_id", flat=True))
    found: Wishes = defaultdict(dict)
    for one in Subscription.objects.filter(person__in=chosen):
        found[one.person_id][one.about, one.value] = one.at_once
    day = local_day(at, council.council().zone)
    for grant in RoleGrant.objects.filter(person__in=[p for p in people if p.key not in chosen]):
        if grant.in_force(day):
            _suggest(found[grant.person_id], grant.role)
    return found


def _suggest(held: dict[tuple[str, str], bool], role: str) -> None:
    for act, at_once in DEFAULTS.get(role, {}).items():
        held["act", act] = held.get(("act", act), False) or at_once


def preference_of(person: Person) -> Preference:
    """The person's row, or one as it would be made."""
    held: Preference | None = once(f"preference {person.key}", lambda: Preference.objects.filter(pk=person.key).first())
    return held or Preference(person=person, zone=council.council().zone)


def held_by(person: Person, at: datetime) -> dict[tuple[str, str], bool]:
    """What one person hears of; on a page it is looked up once."""
    return once(f"wishes {person.key}", lambda: _held_by(person, at))  # type: ignore[no-any-return]


def _held_by(person: Person, at: datetime) -> dict[tuple[str, str], bool]:
    if preference_of(person).chosen:
        return {(one.about, one.value): one.at_once for one in Subscription.objects.filter(person=person)}
    return suggested(person, at)


def suggested(person: Person, at: datetime) -> dict[tuple[str, str], bool]:
    """What one hears of who has chosen nothing, by the roles held."""
    found: dict[tuple[str, str], bool] = {}
    day = local_day(at, council.council().zone)
    for grant in council.grants(person.key):
        if grant.in_force(day):
            _suggest(found, grant.role)
    return found


def facts(record: Record, rows: list[Referable]) -> set[tuple[str, str]]:
    """What an act may be heard of by: its kind, bodies, items and symbols."""
    mentioned = [Ref(ref) for ref in Mention.objects.filter(record=record).values_list("ref", flat=True)]
    found = {("act", record.act)} | {("symbol", ref.key) for ref in mentioned}
    found |= {("item", ref.key) for ref in mentioned if ref.kind == "item"}
    found |= {("item", str(item)) for row in rows if (item := getattr(row, "item_id", None))}
    return found | {("body", body) for row in rows if (body := reading.body_of(row))}


def wish_for(held: dict[tuple[str, str], bool], known: set[tuple[str, str]]) -> Wish | None:
    """The most urgent of a person's wishes that an act fulfils."""
    met = sorted((not at_once, key) for key, at_once in held.items() if key in known)
    return Wish(f"{met[0][1][0]} {met[0][1][1]}", not met[0][0]) if met else None


def addressees(record: Record, rows: list[Referable]) -> list[str]:
    """The members to whom the rules oblige us to give notice of an act; none for most acts."""
    if record.act not in LEGAL or (record.act == "circular.send" and not record.args.get("reply_by")):
        return []
    named: list[str] | None = next(filter(None, (getattr(row, "recipients", None) for row in rows)), None)
    day = local_day(record.at, council.council().zone)
    return named or [member.key for member in Member.objects.all() if member.is_member(day)]


def officers(members: list[str], people: Iterable[Person], at: datetime) -> list[Person]:
    """Head and focal point of each member."""
    held = {*council.holders("head", at), *council.holders("focal", at)}
    return [person for person in people if person.key in held and person.member_id in members]


def unreached(at: datetime) -> list[Member]:
    """The members of today to whom a legal notice would reach nobody: no head and no focal point in office."""
    day = local_day(at, council.council().zone)
    grants = RoleGrant.objects.filter(role__in=("head", "focal"), body="", scope="", person__released_at=None)
    reached = {grant.person.member_id for grant in grants.select_related("person") if grant.in_force(day)}
    return [member for member in Member.objects.all() if member.is_member(day) and member.key not in reached]
