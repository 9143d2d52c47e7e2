"""What readers share: asked once while the record stands, never longer, and never one reader's to change."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.council.models import Member
from chancery.papers.models import Paper
from chancery.trail import door
from chancery.trail.memory import remembering
from chancery.trail.reading import reading
from tests.test_walk import plant_paper


def names() -> list[str]:
    return [member.name["en"] for member in Member.objects.all()]


def asked(read) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def read_anew() -> int:
    """How many queries a new reader asks."""
    with reading(door.last_id):
        return asked(names)


def test_the_second_reader_asks_for_the_number_of_the_record_alone(harbour):
    assert (read_anew(), read_anew()) == (2, 1)


def test_after_an_act_everything_is_read_anew(demo):
    read_anew()
    plant_paper("Weirs", "CLEAR")
    assert (read_anew(), read_anew()) == (2, 1)


def test_what_one_reader_writes_on_a_row_no_other_finds(harbour):
    with reading(door.last_id):
        first = Member.objects.first()
        first.name = {"en": "Elsewhere"}
    with reading(door.last_id):
        assert Member.objects.first().name != {"en": "Elsewhere"}


def test_an_act_and_what_is_read_outside_a_page_come_from_the_database(harbour):
    read_anew()
    assert asked(names) == 1
    with reading(door.last_id), remembering():
        assert asked(names) == 1


def test_rows_reached_through_another_row_know_that_very_row(demo):
    for _ in range(2):
        with reading(door.last_id):
            paper = Paper.objects.first()
            assert all(version.paper is paper for version in paper.versions.all())


def test_a_question_with_no_possible_answer_is_not_asked(harbour):
    with reading(door.last_id):
        assert asked(lambda: list(Member.objects.filter(pk__in=[]))) == 0
