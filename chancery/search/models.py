"""The index: what a reference is called and says, per language, and who may find it from when."""

from __future__ import annotations

from django.db import models


class Indexed(models.Model):
    """One object in one language; all of it can be made again from the record.

    `text` is read by people, `title_terms` and `terms` by the database. From `public_from` on anybody may find it.
    """

    ref = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    symbol = models.CharField(max_length=200)
    session = models.CharField(max_length=20, blank=True)
    body = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    title_terms = models.TextField()
    terms = models.TextField()
    audience = models.CharField(max_length=80)
    public_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "language"], name="indexed_once")]
        indexes = [
            models.Index(fields=["audience"], name="indexed_audience"),
            models.Index(fields=["symbol"], name="indexed_symbol"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.language}"


class Reached(models.Model):
    """The last record that the index has followed: what a crash left out is taken up by the next round."""

    record = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.record)
