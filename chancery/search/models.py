"""The index: what a reference is called and says, per language, and who may find it."""

from __future__ import annotations

from django.db import models


class Indexed(models.Model):
    """One object in one language. `words` is folded for comparison; it can be rebuilt from the record."""

    ref = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    words = models.TextField()
    audience = models.CharField(max_length=80)
    session = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "language"], name="indexed_once")]
        indexes = [models.Index(fields=["audience"], name="indexed_audience")]

    def __str__(self) -> str:
        return f"{self.ref} {self.language}"
