"""What follows a paper: new texts before it is issued, then revisions, addenda, corrigenda; withdrawal; marking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chancery.council.models import Person
from chancery.floor.models import QuestionPut
from chancery.papers import access
from chancery.papers.actions import handling, tabling
from chancery.papers.models import Paper, PaperVersion
from chancery.papers.queries import languages
from chancery.search.queries import find
from chancery.trail import files
from chancery.trail.actor import Actor
from chancery.trail.errors import Refused

AT = datetime(2030, 1, 1, tzinfo=UTC)
REGISTRAR = Actor("person/registrar")


def text(words: str = "# Anew\n\nAll is new.\n", name: str = "new.md") -> files.File:
    return files.put(words.encode(), name)


def test_a_revision_takes_the_next_suffix_and_the_old_text_stays(quarry):
    first = Paper.objects.get(pk="QB/3/1/Rev.1")
    second = handling.revise(first, files={"en": text()}, note={"en": "Again"}, by=REGISTRAR, at=AT)
    assert (second.key, second.supersedes, second.parent_id) == ("QB/3/1/Rev.2", first, "QB/3/1")
    assert PaperVersion.objects.filter(paper="QB/3/1").count() == 4


def test_what_was_revised_is_not_revised_twice(quarry):
    with pytest.raises(Refused, match="was revised as QB/3/1/Rev.1") as refused:
        handling.revise(Paper.objects.get(pk="QB/3/1"), files={"en": text()}, note={"en": "x"}, by=REGISTRAR, at=AT)
    assert refused.value.rule == "order"


def test_each_suffix_counts_under_its_own_parent(quarry):
    revision = Paper.objects.get(pk="QB/3/1/Rev.1")
    made = [
        handling.correct(paper, files={"en": text()}, note={"en": "x"}, by=REGISTRAR, at=AT).key
        for paper in (revision, Paper.objects.get(pk="QB/3/1"), Paper.objects.get(pk="QB/3/1/Add.1"))
    ]
    assert made == ["QB/3/1/Rev.1/Corr.1", "QB/3/1/Corr.2", "QB/3/1/Add.1/Corr.1"]


def test_a_new_source_makes_its_translation_stale_until_it_is_translated_anew(quarry):
    paper = tabling.table(
        series=Paper.objects.get(pk="QB/3/1").series,
        session=Paper.objects.get(pk="QB/3/1").session,
        title={"en": "Sand"},
        files={"en": text()},
        by=REGISTRAR,
        at=AT,
    )
    source = languages(paper)[0].version.sha256
    tabling.translate(paper, language="fr", file=text("# Sable\n"), official=True, of=source, by=REGISTRAR, at=AT)
    handling.revise(paper, files={"en": text("# Sand and lime\n")}, note={"en": "x"}, by=REGISTRAR, at=AT)
    assert Paper.objects.get(pk=paper.pk).stale == ["fr"]
    with pytest.raises(Refused, match="is a translation"):
        handling.revise(paper, files={"fr": text("# Chaux\n")}, note={"en": "x"}, by=REGISTRAR, at=AT)


def test_a_withdrawn_paper_keeps_its_symbol_and_text_but_nothing_follows_it(quarry):
    noise = Paper.objects.get(pk="QB/3/2")
    assert noise.withdrawal_reason and noise.versions.count() == 1
    for follow in (handling.add, handling.correct, handling.revise):
        with pytest.raises(Refused, match="is withdrawn"):
            follow(noise, files={"en": text()}, note={"en": "x"}, by=REGISTRAR, at=AT)


def seen_by(person: str, symbol: str) -> bool:
    reader = Person.objects.get(pk=person)
    listed = access.visible(reader, AT).filter(pk=symbol).exists()
    assert listed == (access.paper_for(reader, symbol, AT) is not None)
    return listed


def test_marking_up_and_down_changes_at_once_who_sees_a_paper_and_finds_it(quarry):
    wells = Paper.objects.get(pk="QB/3/3")
    assert not seen_by("watcher", wells.pk) and seen_by("chk.adviser", wells.pk)
    handling.mark(wells, marking="RED", by=REGISTRAR, at=AT)
    assert not seen_by("chk.adviser", wells.pk) and seen_by("chk.head", wells.pk)
    assert not find("wells", {"public", "community", "council"}).exists()
    handling.mark(wells, marking="CLEAR", by=REGISTRAR, at=AT)
    assert seen_by("watcher", wells.pk) and find("wells", {"public"}).exists()
    with pytest.raises(Refused, match="CLEAR already"):
        handling.mark(wells, marking="CLEAR", by=REGISTRAR, at=AT)


def test_a_question_on_a_paper_that_is_marked_up_is_seen_by_its_readers_only(quarry):
    handling.mark(Paper.objects.get(pk="QB/3/1"), marking="RED", by=REGISTRAR, at=AT)
    asked = QuestionPut.objects.get(subject="paper/QB/3/1")
    assert (asked.restricted, asked.audience) == (True, "heads")
