"""Members, people, bodies, chairs, keys, series and rule sets of the council."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in `language`, else in English, else in whatever language there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


class RuleSetVersion(Recorded):
    """Rules of procedure as adopted: the file's bytes and the canonical form whose hash sessions pin."""

    never_changes = True

    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=60)
    content = models.TextField()
    adopted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RuleAdoption(Recorded):
    """A rule set adopted after the founding, and the day from which it is in force."""

    never_changes = True

    ruleset = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    file = models.JSONField()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["from_on"], name="rules_adopted_once")]

    def __str__(self) -> str:
        return f"{self.ruleset_id} from {self.from_on}"


class Council(Referable):
    """The one council of this house. Its key is empty: the reference is `council` alone."""

    ref_kind = "council"

    code = models.CharField(max_length=8)
    name = models.JSONField()
    seat = models.JSONField()
    zone = models.CharField(max_length=60)
    languages = models.JSONField()
    origin = models.CharField(max_length=200)
    rates = models.JSONField(default=dict)
    ruleset = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="+")
    rehearsal = models.BooleanField(default=False)
    charter = models.TextField()
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(key=""), name="one_council")]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def authentic(self) -> list[str]:
        return list(self.languages["authentic"])


class Member(Referable):
    """A sovereign member. The key is its code."""

    ref_kind = "member"

    name = models.JSONField()
    seat = models.PositiveSmallIntegerField(unique=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        ordering = ["seat"]

    def is_member(self, day: date) -> bool:
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


class RightsInterval(Recorded):
    """A span in which a member's right to vote is suspended, with the reason."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.member_id} {self.from_on} to {self.to_on}"


class Weight(Recorded):
    """A member's exact weight in a named set, from a date."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    from_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "name", "from_on"], name="weight_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.member_id} {self.value}"


class PersonManager(BaseUserManager["Person"]):
    """People sign in by their e-mail address."""


class Person(AbstractBaseUser, Referable):
    """Who signs in. Records name people by id and office; names are resolved when shown."""

    ref_kind = "person"
    last_login = None
    USERNAME_FIELD = "email"

    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=30, blank=True)
    languages = models.JSONField(default=list)
    email = models.EmailField(unique=True, null=True)
    awaits_confirmation = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)

    objects = PersonManager()  # type: ignore[assignment, misc]  # a password and the last sign-in change without an act

    class Meta:
        ordering = ["key"]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.released_at is None


class RoleGrant(Recorded):
    """A role of a person, from and until given days: in the council, in one body, or in the session or delegation
    that `scope` names."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    body = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=160, blank=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    def in_force(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.body}{self.scope}".strip()


class Body(Referable):
    """An organ of the council with a mandate and, perhaps, a sunset. The key is its code."""

    ref_kind = "body"

    name = models.JSONField()
    mandate = models.JSONField()
    chair = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    established_on = models.DateField()
    sunset_on = models.DateField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    dissolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["key"]

    @property
    def organ(self) -> str:
        return self.key


class Chairmanship(Recorded):
    """A member's term as chair of the council or a body; perhaps one named person of that member.

    A row with `ceded_at` is no term: its member presides in the chair's place from that instant until `ended_at`.
    """

    organ = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    ceded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "from_on"], condition=models.Q(ceded_at=None), name="chairmanship_once"
            ),
            models.UniqueConstraint(
                fields=["organ"], condition=models.Q(ceded_at__isnull=False, ended_at=None), name="chair_ceded_once"
            ),
        ]

    def is_presiding(self, at: datetime, day: date) -> bool:
        """Whether the term, or the time in another's place, has the chair at the instant."""
        if self.ceded_at is None:
            return self.from_on <= day
        return self.ceded_at <= at and (self.ended_at is None or at < self.ended_at)

    def __str__(self) -> str:
        return f"{self.organ} {self.member_id} from {self.from_on}"


class MemberKey(Recorded):
    """A public key enrolled for a person who may sign. `credential`: SHA-256 of the vkey as enrolled."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    vkey = models.CharField(max_length=300, unique=True)
    credential = models.CharField(max_length=64, unique=True)
    file = models.JSONField()
    enrolled_at = models.DateTimeField()
    confirmations = models.JSONField(default=list)
    revoked_at = models.DateTimeField(null=True)

    @property
    def is_confirmed(self) -> bool:
        """Both the secretariat and the member compared the fingerprint on a second channel."""
        return {found["side"] for found in self.confirmations} == {"secretariat", "member"}

    def __str__(self) -> str:
        return f"{self.person_id} {self.vkey}"


class OperatorAccess(Referable):
    """The operator's access to data, for a stated reason and a limited time. The key is its number."""

    ref_kind = "operator"

    reason = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    until = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["entered_at", "key"]

    @property
    def audience(self) -> str:
        return "secretariat"


class SignIn(models.Model):
    """A line of the sign-in log: by which means somebody came in, or tried to. No part of the record; kept for a time.

    `address` is the network that limits count by; `session` the key of the sign-in that a line stands for.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    means = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)
    session = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["address", "at"], name="sign_in_address"),
            models.Index(fields=["person", "at"], name="sign_in_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["in", "refused", "asked", "sent", "used", "revoked"]),
                name="sign_in_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.means} {self.outcome}"


class ApiToken(models.Model):
    """Leave for a program to act and read as a person: some acts, until a date. Only the secret's digest is kept.

    A means of signing in, no part of the record; its acts say in the history that they came by token.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    acts = models.JSONField(default=list)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Series(Referable):
    """A symbol series: the pattern its symbols follow and what it serves. The key is its code."""

    ref_kind = "series"

    pattern = models.CharField(max_length=100)
    serves = models.CharField(max_length=20)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(serves__in=["paper", "circular", "decision", "release"]), name="series_serves"
            )
        ]


class Counter(Recorded):
    """The last number used in one scope of a series. Numbers are never reused."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=120)
    value = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "scope"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.scope} {self.value}"


def member_field(**options: Any) -> models.ForeignKey[Any, Any]:
    """A foreign key to a member that keeps the record: members are never deleted."""
    return models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", **options)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant at a place."""
    from zoneinfo import ZoneInfo

    return instant.astimezone(ZoneInfo(zone)).date()
