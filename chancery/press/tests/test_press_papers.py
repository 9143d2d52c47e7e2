"""A public paper says that it was withdrawn, or by what it was replaced; a revision out of sight is not named."""

from __future__ import annotations

import io
import zipfile

from chancery.council.models import Person
from chancery.meetings.models import Session
from chancery.papers import archive
from chancery.papers.models import Paper
from chancery.trail.door import now


def test_a_withdrawn_paper_says_why_and_a_replaced_one_by_what(quarry, client):
    assert "It belongs to another council" in client.get("/en/papers/QB/3/2/").content.decode()
    assert "Replaced by" in client.get("/en/papers/QB/3/1/").content.decode()


def test_a_revision_that_a_reader_may_not_see_is_named_neither_on_the_page_nor_in_his_zip(quarry, client):
    Paper.objects.filter(pk="QB/3/1/Rev.1").update(marking="RED")
    assert "Rev.1" not in client.get("/en/papers/QB/3/1/").content.decode()
    data = b"".join(archive.zip_of(Person.objects.get(pk="watcher"), Session.objects.get(pk="3"), now()))
    assert "Rev.1" not in zipfile.ZipFile(io.BytesIO(data)).read("INDEX.txt").decode()
