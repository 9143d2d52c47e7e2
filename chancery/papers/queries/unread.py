"""What a reader has not read yet, and what changed since an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet, prefetch_related_objects

from chancery.council.models import Person

from ..models import Paper, PaperVersion, ReadMark

Unread = Literal["new", "changed"]


def unread(person: Person, papers: Iterable[Paper]) -> dict[str, Unread]:
    """Papers that the person never opened (`new`), or opened in no language's newest text (`changed`); two queries.

    Who has read the newest text in one language has read the paper; a translation that arrives later is no news.
    """
    held = list(papers)
    prefetch_related_objects(held, "versions")
    keys = [paper.pk for paper in held]
    marks = ReadMark.objects.filter(person=person, version__paper__in=keys)
    read = set(marks.values_list("version", flat=True))
    opened: set[str] = set()
    newest: dict[tuple[str, str], int] = {}
    for version in (version for paper in held for version in paper.versions.all()):
        newest[version.paper_id, version.language] = version.pk
        if version.pk in read:
            opened.add(version.paper_id)
    current = {paper for (paper, _), pk in newest.items() if pk in read}
    return {key: "changed" if key in opened else "new" for key in keys if key not in current}


def changed_since(papers: QuerySet[Paper], since: datetime) -> QuerySet[Paper]:
    """Those of `papers` that were issued, marked or withdrawn after an instant, or have a text from after it."""
    later = PaperVersion.objects.filter(entered_at__gt=since).values("paper")
    moved = Q(issued_at__gt=since) | Q(marked_at__gt=since) | Q(withdrawn_at__gt=since)
    return papers.filter(moved | Q(pk__in=later))
