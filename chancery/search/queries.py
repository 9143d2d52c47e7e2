"""Finding what a reader may see: every word of the question must stand in the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Set

from django.db.models import Q, QuerySet

from .models import Indexed

MOST = 50


def fold(text: str) -> str:
    """`text` for comparison: lower case, without accents; ё reads as е."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ё", "е"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def find(question: str, audiences: Set[str]) -> QuerySet[Indexed]:
    """The objects whose words hold every word of `question` and that one of `audiences` may see."""
    words = fold(question).split()
    if not words:
        return Indexed.objects.none()
    wanted = Q(audience__in=audiences)
    for word in words:
        wanted &= Q(words__contains=word)
    return Indexed.objects.filter(wanted).order_by("ref", "language")
