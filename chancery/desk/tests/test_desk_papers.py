"""The pages of papers over HTTP: list, zip, paper, comparison, translation desk, for each kind of reader."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chancery.council.models import Person, RoleGrant
from chancery.papers.actions import handling, tabling
from chancery.papers.models import Opening, Paper, PaperVersion, ReadMark, TakenZip
from chancery.trail import door, files
from chancery.trail.actor import Actor

REGISTRAR = Actor("person/registrar")
LIST = "/house/session/3/papers/"
ZIP = "/house/session/3/papers.zip"
DESK = "/house/session/3/translation/"
COMPARE = "/house/paper/QB/3/1/compare/"
SECRET = "zzmarmot"


def body(answer: Any) -> str:
    return b"".join(answer).decode()


def plant(word: str, marking: str = "CLEAR", *, issue: bool = True) -> Paper:
    paper = tabling.table(
        series=Paper.objects.get(pk="QB/3/1").series, session=Paper.objects.get(pk="QB/3/1").session,
        title={"en": word}, files={"en": files.put(f"# {word}\n\n{word} words.\n".encode(), f"{word}.md")},
        marking=marking, by=REGISTRAR, at=door.now(),
    )  # fmt: skip
    return tabling.issue(paper, by=REGISTRAR, at=door.now()) if issue else paper


def translator() -> str:
    person = Person.objects.create(key="lingua", name="Lia Gloss", office="translation", email="lia@quarry.example")
    RoleGrant.objects.create(person=person, role="translator")
    return person.key


def zipped(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_list_says_what_is_unread_missing_stale_replaced_and_withdrawn(quarry, enter):
    client = enter("chk.head")
    shown = body(client.get(LIST))
    assert "missing: fr" in shown and "replaced by QB/3/1/Rev.1" in shown and "withdrawn" in shown
    before = shown.count('class="unread"')
    client.get("/house/paper/QB/3/1/?language=en")
    after = body(client.get(LIST))
    assert after.count('class="unread"') == before - 1


def test_a_list_is_narrowed_by_item_origin_language_and_what_is_unread(quarry, enter):
    client = enter("chk.head")
    assert "QB/3/3" in body(client.get(f"{LIST}?item=3")) and "QB/3/1<" not in body(client.get(f"{LIST}?item=3"))
    assert "QB/3/1<" in body(client.get(f"{LIST}?from=DUST")) and "QB/3/3" not in body(client.get(f"{LIST}?from=DUST"))
    assert "QB/3/3" not in body(client.get(f"{LIST}?language=fr"))
    client.get("/house/paper/QB/3/3/")
    assert "QB/3/3" not in body(client.get(f"{LIST}?unread=1"))
    assert "No paper is left" in body(client.get(f"{LIST}?item=99"))


def test_what_changed_since_the_last_zip_is_shown_and_taken(quarry, enter):
    client = enter("chk.head")
    assert "You have not taken the papers yet" in body(client.get(LIST))
    assert "QB_3_1.en.md" in zipped(client.get(ZIP)).namelist()
    shown = body(client.get(f"{LIST}?changed=1"))
    assert "Changed since my last zip" in shown and "No paper is left" in shown
    TakenZip.objects.update(taken_at=door.now() - timedelta(hours=1))
    fresh = plant("Slurry")
    shown = body(client.get(f"{LIST}?changed=1"))
    assert fresh.key in shown and "QB/3/1<" not in shown
    address = shown.partition("papers.zip?since=")[2].partition('"')[0]
    names = zipped(client.get(f"{ZIP}?since={address}")).namelist()
    assert sorted(names) == ["INDEX.txt", f"{fresh.key.replace('/', '_')}.en.md"]


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01T00:00:00Z", "%00"])
def test_a_zip_since_no_instant_is_no_address(since, quarry, enter):
    assert enter("chk.head").get(f"{ZIP}?since={since}").status_code == 404


def test_a_look_at_the_head_of_a_zip_or_paper_marks_nothing_read(quarry, enter):
    client = enter("chk.head")
    assert client.head(ZIP).status_code == 405
    client.head("/house/paper/QB/3/1/")
    assert not ReadMark.objects.exists()


def test_a_paper_shows_every_version_and_a_chosen_one(quarry, enter):
    client = enter("chk.head")
    newest = body(client.get("/house/paper/QB/3/1/?language=en"))
    older = body(client.get("/house/paper/QB/3/1/?language=en&version=1"))
    assert "This paper was replaced" in newest and "QB/3/1/Corr.1" in newest and "corrigendum" in newest
    assert "not the newest" in older and "not the newest" not in newest
    assert "?version=1" in older
    for strange in ("language=zz", "language=en&version=9", "language=en&version=x", "language=en&version=0"):
        assert client.get(f"/house/paper/QB/3/1/?{strange}").status_code == 404


def test_an_older_file_is_given_byte_for_byte(quarry, enter):
    version = PaperVersion.objects.get(paper="QB/3/1", language="en", number=1)
    answer = enter("chk.head").get("/house/file/paper/en/QB/3/1?version=1")
    assert answer.content == version.stored.read()
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Content-Disposition"].startswith("attachment")


def test_a_withdrawn_paper_says_so_and_why(quarry, enter):
    assert "It belongs to another council" in body(enter("watcher").get("/house/paper/QB/3/2/"))


def test_a_plain_text_and_a_pdf_are_shown_as_far_as_they_can_be(quarry, enter):
    series, session = Paper.objects.get(pk="QB/3/1").series, Paper.objects.get(pk="QB/3/1").session
    given = {"en": files.put(b"<b>Dust</b> & wind\n", "dust.txt"), "fr": files.put(b"%PDF-1.4\n%%EOF", "dust.pdf")}
    paper = tabling.table(series=series, session=session, title={"en": "D"}, files=given, by=REGISTRAR, at=door.now())
    tabling.issue(paper, by=REGISTRAR, at=door.now())
    client = enter("chk.head")
    assert "&lt;b&gt;Dust&lt;/b&gt; &amp; wind" in body(client.get(f"/house/paper/{paper.key}/?language=en"))
    assert "A PDF is not shown here" in body(client.get(f"/house/paper/{paper.key}/?language=fr"))


def test_a_restricted_paper_is_marked_and_logged_and_the_secretariat_reads_the_log(quarry, enter):
    delegate = enter("chk.head")
    assert "that you opened it is logged" in body(delegate.get("/house/paper/QB/3/3/"))
    copy = delegate.get("/house/file/paper/en/QB/3/3")
    assert copy["Content-Type"] == "application/pdf" and copy.content.startswith(b"%PDF")
    assert Opening.objects.filter(person="chk.head").count() == 2
    assert "Who opened it" not in body(delegate.get("/house/paper/QB/3/3/"))
    log = body(enter("registrar").get("/house/paper/QB/3/3/"))
    assert "Who opened it" in log and "Cato Marn" in log


def test_two_versions_are_compared_with_words_for_those_who_listen(quarry, enter):
    shown = body(enter("chk.head").get(f"{COMPARE}?from=QB/3/1 en 1&to=QB/3/1 en 2"))
    assert '<del><span class="sr" lang="en">deleted </span>four' in shown
    assert '<ins><span class="sr" lang="en">inserted </span>five' in shown
    assert "Nothing changed" in body(enter("chk.head").get(f"{COMPARE}?from=QB/3/1 en 1&to=QB/3/1 en 1"))


def test_a_revision_is_compared_with_what_it_replaced(quarry, enter):
    shown = body(enter("chk.head").get("/house/paper/QB/3/1/Rev.1/compare/?from=QB/3/1 en 2&to=QB/3/1/Rev.1 en 1"))
    assert "<ins>" in shown


def test_versions_of_another_paper_are_not_reached_through_a_comparison(quarry, enter):
    assert enter("chk.head").get(f"{COMPARE}?from=QB/3/3 en 1&to=QB/3/1 en 1").status_code == 404
    assert enter("watcher").get("/house/paper/QB/3/3/compare/").status_code == 404


def test_the_translation_desk_is_the_translators_and_the_secretariats(quarry, enter):
    key = translator()
    assert [enter(who).get(DESK).status_code for who in ("registrar", key, "chk.head", "watcher", "")] == [
        200, 200, 404, 404, 302
    ]  # fmt: skip


def test_a_translator_finds_late_jobs_delivers_and_the_job_is_gone(quarry, enter):
    client = enter(translator())
    shown = body(client.get(DESK))
    assert "late" in shown and "QB/3/1/Rev.1" in shown
    source = PaperVersion.objects.get(paper="QB/3/1/Rev.1", language="en")
    form = client.get(f"/house/act/paper.translate/?to=paper/QB/3/1/Rev.1&language=fr&of={source.sha256}&official=true")
    assert form.status_code == 200 and source.sha256 in body(form)
    sent = {"to": "paper/QB/3/1/Rev.1", "language": "fr", "of": source.sha256, "official": "true", "next": DESK}
    upload = SimpleUploadedFile("d.fr.md", b"# Poussi\xc3\xa8res\n", content_type="text/markdown")
    done = client.post("/house/act/paper.translate/", sent | {"file": upload})
    assert done.status_code == 302 and done["Location"].startswith(DESK)
    assert "QB/3/1/Rev.1" not in body(client.get(DESK))


def test_a_translator_sees_a_paper_before_it_is_issued_but_none_for_heads_only(quarry, enter):
    early, secret = plant("Early", issue=False), plant(SECRET, "RED")
    client = enter(translator())
    shown = body(client.get(DESK))
    assert early.key in shown and secret.key not in shown
    assert client.get(f"/house/paper/{early.key}/").status_code == 200
    assert client.get(f"/house/paper/{secret.key}/").status_code == 404
    assert client.get(f"/house/act/paper.translate/?to=paper/{secret.key}").status_code == 404
    assert enter("chk.head").get(f"/house/paper/{early.key}/").status_code == 404
    assert enter("chk.head").get("/house/act/paper.translate/?to=paper/QB/3/1").status_code == 403


@pytest.mark.parametrize("who", ["watcher", "chk.adviser", "press", "lingua"])
def test_a_paper_for_heads_is_in_no_list_zip_comparison_or_desk_of_others(who, quarry, enter):
    translator()
    secret = plant(SECRET, "RED")
    handling.add(secret, files={"en": files.put(b"# Annex\n", "a.md")}, note={"en": "N"}, by=REGISTRAR, at=door.now())
    client = enter(who)
    taken = zipped(client.get(ZIP))
    everything = [body(client.get(address)) for address in (LIST, DESK, f"{LIST}?unread=1", "/house/paper/QB/3/1/")]
    everything += [" ".join(taken.namelist()), taken.read("INDEX.txt").decode()]
    assert not [text for text in everything if SECRET in text or secret.key in text]
    for address in (f"/house/paper/{secret.key}/compare/", f"/house/file/paper/en/{secret.key}"):
        assert client.get(address).status_code == 404
    assert SECRET in body(enter("chk.head").get(LIST))


def test_files_dropped_on_the_list_begin_the_form_of_a_paper(quarry, enter):
    client = enter("registrar")
    assert "data-upload" in body(client.get(LIST)) and "20 MiB" in body(client.get(LIST))
    upload = SimpleUploadedFile("note.fr.md", b"# Note\n", content_type="text/markdown")
    form = client.post("/house/act/paper.table/", {"session": "session/3", "more": "files", "files.fr": upload})
    assert form.status_code == 200 and "note.fr.md" in body(form) and "files.fr.kept" in body(form)
    assert "data-upload" not in body(enter("watcher").get(LIST))


def test_the_desk_forgets_what_was_withdrawn_declined_or_closed(quarry, enter):
    shown = body(enter("registrar").get("/house/session/3/"))
    assert "Signature of" not in shown and "Freeze B" not in shown and "Languages of QB/3/2" not in shown


def test_an_instrument_says_who_declined_and_who_took_a_signature_back(quarry, enter):
    from chancery.signing.models import Instrument

    key = Instrument.objects.get().key
    shown = body(enter("registrar").get(f"/house/instrument/{key}/"))
    assert "Our parliament has not spoken" in shown and "The annex is missing" in shown
    assert "The round of signatures is closed" in shown and "0 of 3 signed" in shown


def test_polls_and_the_answers_of_bodies_are_shown(quarry, enter):
    client = enter("chk.head")
    shown = body(client.get("/house/item/3/1/"))
    assert "Shows of opinion, which decide nothing" in shown and "Should dust be measured monthly" in shown
    assert "Advice on nets" in body(client.get("/house/question/3/2/"))
    handling.mark(Paper.objects.get(title__en="Advice on nets"), marking="RED", by=REGISTRAR, at=door.now())
    assert "Advice on nets" not in body(enter("chk.adviser").get("/house/question/3/2/"))


def queries(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize("address", [LIST, DESK])
@pytest.mark.parametrize("who", ["registrar", "lingua"])
def test_lists_take_at_most_twelve_queries_however_long(who, address, quarry, enter):
    translator()
    client = enter(who)
    before = queries(client, address)
    for number in range(5):
        plant(f"P{number}")
    assert queries(client, address) == before <= 12


@pytest.mark.parametrize("address", ["/house/paper/QB/3/1/", COMPARE])
def test_more_versions_cost_no_more_queries(address, quarry, enter):
    client = enter("registrar")
    before = queries(client, address)
    paper = Paper.objects.get(pk="QB/3/1")
    for number in range(3, 7):
        file = files.put(f"# Dust {number}\n".encode(), "d.md")
        PaperVersion.objects.create(
            paper=paper, language="en", number=number, file=PaperVersion.objects.first().file | {"sha256": file.sha256},
            official=True, entered_at=door.now(),
        )  # fmt: skip
    assert queries(client, address) <= before
