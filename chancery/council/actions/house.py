"""Acts on the house itself: what the charter says, its rules, its series, the operator's access."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import available_timezones

from chancery import canon
from chancery.procedure import rulesets
from chancery.procedure.symbols import BadSymbol, Template
from chancery.trail.actor import Actor, Permit
from chancery.trail.door import act
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.models import Due
from chancery.trail.refs import Ref

from .. import access, charter, symbols
from ..models import Council, OperatorAccess, RuleAdoption, RuleSetVersion, Series, local_day
from .stored import stored

# The operator's access to data lasts one working day at most: a longer task is a new access with its own reason.
LONGEST_OPERATOR_ACCESS = timedelta(hours=8)


@act("council.amend", to="council", may=access.secretary, official="open")
def amend(
    council: Council,
    *,
    field: str,
    value: dict[str, str],
    from_: date,
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Council:
    """Amend what the charter says of the council: name, seat, zone, languages or rates. The origin never changes."""
    if field in ("origin", "code"):
        raise Refused("form", f"the {field} of the council never changes: register and symbols rest on it")
    if field not in charter.AMENDABLE:
        raise Refused("form", f"{field!r} is not amended; it may be {', '.join(charter.AMENDABLE)}")
    if from_ > local_day(at, council.zone):
        raise Refused("order", f"this takes effect on {from_}; enter it on that day or after it")
    setattr(council, field, _amended(council, field, value))
    council.save(update_fields=[field])
    return council


def _amended(council: Council, field: str, value: dict[str, str]) -> object:
    """The new value as the council's row holds it. Refused where the charter could not say it."""
    if field == "zone":
        zone = value.get("zone", "")
        if set(value) != {"zone"} or zone not in available_timezones():
            raise Refused("form", f"{zone!r} is no time zone; write {{zone: Europe/Istanbul}}")
        return zone
    try:
        return charter.amended(field, getattr(council, field), value)
    except ValueError as error:
        raise Refused("form", f"the {field} cannot be amended so: {error}") from None


@act("rules.adopt", may=access.secretary, official="open", folder="texts")
def adopt(*, file: File, from_: date, authority: Ref | None = None, by: Actor, at: datetime) -> Council:
    """Adopt rules of procedure from a day on; a session planned from that day pins them, earlier ones keep theirs."""
    house = Council.objects.get()
    today = local_day(at, house.zone)
    if from_ < today:
        raise Refused("order", f"rules are never retroactive; {from_} lies before {today}")
    if RuleAdoption.objects.filter(from_on__gte=from_).exists():
        raise Refused("order", f"rules that are in force from {from_} or later were adopted already")
    try:
        rules = rulesets.RuleSet.from_toml(file.read())
    except rulesets.RuleSetFaults as error:
        raise Refused("form", f"{file.name} holds no rules that can be adopted: {error}") from None
    if access.rules_in_force(from_).pk == rules.sha256:
        raise Refused("order", "these rules are in force already")
    version, _ = RuleSetVersion.objects.get_or_create(
        sha256=rules.sha256,
        defaults={"name": f"{rules.name}/{rules.version}", "content": file.text(), "adopted_at": at},
    )
    RuleAdoption.objects.create(ruleset=version, from_on=from_, file=stored(file))
    return house


@act("series.add", may=access.secretary)
def add_series(
    *,
    code: str,
    pattern: str,
    for_: Literal["paper", "circular", "decision", "release"],
    authority: Ref | None = None,
    by: Actor,
    at: datetime,
) -> Series:
    """Add a series of symbols. Its counter starts again wherever another field of the pattern changes."""
    if not charter.is_code(code):
        raise Refused("form", f"{code!r} is no code: capital letters, digits and dots, at most 16")
    if Series.objects.filter(pk=code).exists():
        raise Refused("form", f"there is a series {code} already")
    try:
        Template(pattern)
    except BadSymbol as error:
        raise Refused("data.symbols", f"{pattern!r} is no pattern of symbols: {error}") from None
    if "{counter" not in pattern and "{serial" not in pattern:
        raise Refused("data.symbols", f"{pattern!r} counts nothing: two symbols of it would be the same")
    if clash := next((s for s in Series.objects.all() if symbols.may_clash(s.pattern, pattern)), None):
        raise Refused("data.symbols", f"symbols of {pattern!r} could be those of series {clash.key} ({clash.pattern})")
    return Series.objects.create(key=code, pattern=pattern, serves=for_)


@act("operator.enter", may=access.operator)
def enter(*, reason: str, until: datetime, by: Actor, at: datetime) -> OperatorAccess:
    """The operator opens access to the data of the house, for a reason and a limited time; the secretary sees it."""
    if access.operator_access_at(at):
        raise Refused("order", "an access of the operator is open already")
    if not at < until <= at + LONGEST_OPERATOR_ACCESS:
        hours = LONGEST_OPERATOR_ACCESS // timedelta(hours=1)
        raise Refused("roles", f"an access ends after it begins, and {hours} hours after that at the latest")
    number = OperatorAccess.objects.count() + 1
    opened = OperatorAccess.objects.create(key=str(number), reason=reason, entered_at=at, until=until)
    Due.objects.create(at=until, act="operator.leave", subject=opened.ref)
    return opened


def _may_leave(opened: OperatorAccess, by: Actor, at: datetime) -> Permit:
    """The operator leaves; the clock ends the access at its time, the secretariat at any time."""
    allowed = by.id in ("operator", "clock") or access.is_secretary(by, at)
    return access.permit(allowed, "roles", "only the operator, the secretariat or the clock ends this access")


@act("operator.leave", may=_may_leave)
def leave(opened: OperatorAccess, *, by: Actor, at: datetime) -> OperatorAccess:
    """End the operator's access to data."""
    if not OperatorAccess.objects.filter(pk=opened.pk, left_at=None).update(left_at=at):
        raise Refused("order", f"access {opened.key} ended at {canon.instant_text(opened.left_at or at)}")
    opened.left_at = at
    return opened
