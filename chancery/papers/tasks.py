"""What follows acts on papers by itself."""

from __future__ import annotations

from chancery.floor.models import QuestionPut
from chancery.search.models import Indexed
from chancery.trail.models import Record


def follow(records: list[Record]) -> None:
    """After a paper is marked, what was asked about it is found by those only who may see the paper now."""
    for record in records:
        if record.act == "paper.mark" and record.outcome == "done":
            for question in QuestionPut.objects.filter(subject=record.subject):
                Indexed.objects.filter(ref=question.ref).update(audience=question.audience)
