"""Press items, their releases, exchange rates, and what is read most."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chancery.council.models import Series, in_language
from chancery.meetings.models import Session
from chancery.trail.reading import Recorded
from chancery.trail.refs import Referable

KINDS = ("communique", "press_statement", "decision_notice", "speech_excerpt", "advisory", "transcript", "event")


class PressItem(Referable):
    """What the council tells the public, under a symbol, from draft to release. The key is its symbol."""

    ref_kind = "release"

    kind = models.CharField(max_length=20)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    dateline = models.JSONField()
    title = models.JSONField()
    body = models.JSONField()
    sources = models.JSONField(default=list)
    related = models.JSONField(default=list)
    slugs = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="draft")
    cleared_digest = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=160)
    cleared_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    public_from = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["-public_from", "-key"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="press_kind"),
            models.CheckConstraint(condition=Q(state__in=["draft", "cleared", "released"]), name="press_state"),
        ]

    @property
    def organ(self) -> str:
        return "council"

    @property
    def audience(self) -> str:
        return "public" if self.state == "released" and self.embargo_until is None else "press"

    @property
    def restricted(self) -> bool:
        """Nothing of an embargoed release enters the register before it is public; then it stands open."""
        return False

    @property
    def status(self) -> str:
        return self.state

    @property
    def languages(self) -> list[str]:
        return list(self.title)

    @property
    def tail(self) -> str:
        """The symbol without its series: `51/3`."""
        return self.key.partition("/")[2]

    def title_in(self, language: str) -> str:
        return in_language(self.title, language)


class Release(Recorded):
    """One release of an item: all its texts as they went out, and their digest. Never changes."""

    never_changes = True

    item = models.ForeignKey(PressItem, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="release_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"


class Rate(Recorded):
    """One published rate, exactly as published. The newest row of an effective date wins."""

    never_changes = True

    bank = models.CharField(max_length=20)
    currency = models.CharField(max_length=8)
    nominal = models.PositiveIntegerField()
    value = models.CharField(max_length=40)
    effective_on = models.DateField()
    fetched_at = models.DateTimeField()
    raw_sha256 = models.CharField(max_length=64)
    held = models.BooleanField(default=False)

    class Meta:
        ordering = ["bank", "currency", "effective_on", "pk"]
        indexes = [models.Index(fields=["bank", "currency", "effective_on"], name="rate_effective")]

    def __str__(self) -> str:
        return f"{self.bank} {self.currency} {self.effective_on}"


class PopularScore(models.Model):
    """How much an item is read in one language: a decaying sum, and distinct visitors of two days. No visitor."""

    item = models.ForeignKey(PressItem, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=20)
    score = models.FloatField(default=0.0)
    day = models.DateField()
    today = models.PositiveIntegerField(default=0)
    yesterday = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="popular_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.language}"


class PopularClock(models.Model):
    """The landmark from which scores decay, and their half-life."""

    landmark = models.DateTimeField()
    half_life_hours = models.PositiveSmallIntegerField(default=24)

    def __str__(self) -> str:
        return f"{self.landmark:%Y-%m-%d} {self.half_life_hours} h"
