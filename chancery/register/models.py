"""The index of the register: what waits to be entered, and what is entered. Both can be rebuilt from the files."""

from __future__ import annotations

from django.db import models

from chancery.trail.models import Record


class Pending(models.Model):
    """A leaf that waits. `digest` is that of its text: one text is entered at most once."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="+")
    leaf = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    rejected = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["record_id"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.digest[:12]}"


class Entry(models.Model):
    """One leaf of the log, for ever: its index, its hash, and the act it stands for."""

    never_changes = True

    index = models.BigIntegerField(primary_key=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="+")
    leaf_hash = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.leaf_hash[:12]}"
