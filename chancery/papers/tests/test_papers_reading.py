"""What readers get: lists, jobs, differences, unread marks, one zip, and their names on restricted papers."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from chancery.council.models import Person
from chancery.meetings.models import Invitation, Session
from chancery.papers import access, archive, copies, queries, reading
from chancery.papers.actions import handling, tabling
from chancery.papers.models import Opening, Paper, PaperVersion, TakenZip
from chancery.papers.queries.differences import MOST
from chancery.trail import files
from chancery.trail.actor import Actor
from chancery.trail.door import acts as acts_of_the_house
from chancery.trail.errors import Refused
from chancery.trail.files import File
from chancery.trail.models import Record

AT = datetime(2030, 1, 1, tzinfo=UTC)
REGISTRAR = Actor("person/registrar")


def person(key: str) -> Person:
    return Person.objects.get(pk=key)


def session() -> Session:
    return Session.objects.get(pk="3")


def text(words: str, name: str = "new.md") -> File:
    return files.put(words.encode(), name)


def test_a_list_of_papers_says_what_each_lacks_and_what_replaced_it(quarry):
    lines = {line.paper.key: line for line in queries.lines(Paper.objects.filter(session="3"))}
    assert lines["QB/3/1"].superseded_by == "QB/3/1/Rev.1" and lines["QB/3/1"].missing == []
    assert lines["QB/3/1/Rev.1"].missing == ["fr"] and lines["QB/3/1/Rev.1"].stale == []


def count(run) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run()
    return len(captured)


def more_papers(n: int) -> None:
    series = Paper.objects.get(pk="QB/3/1").series
    for number in range(n):
        paper = tabling.table(
            series=series, session=session(), title={"en": "P"}, files={"en": text(f"# P {number}\n")},
            by=REGISTRAR, at=AT,
        )  # fmt: skip
        tabling.issue(paper, by=REGISTRAR, at=AT)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: queries.lines(Paper.objects.filter(session="3")),
        lambda: queries.jobs(session(), asked=["ru"]),
        lambda: queries.unread(person("chk.head"), Paper.objects.filter(session="3")),
        lambda: list(access.visible(person("chk.head"), AT)),
        lambda: list(Record.objects.filter(access.acts_seen(person("chk.head"), AT, {"public"}))),
    ],
)
def test_more_papers_cost_no_more_queries(ask, quarry):
    before = count(ask)
    more_papers(5)
    assert count(ask) == before <= 12


def test_jobs_name_what_is_missing_and_what_is_stale_with_words_and_a_day(quarry):
    jobs = {(job.paper.key, job.language): job for job in queries.jobs(session(), asked=["ru"])}
    assert ("QB/3/1", "fr") not in jobs, "what was replaced needs no translation"
    assert ("QB/3/2", "fr") not in jobs, "what was withdrawn needs none"
    revised = jobs["QB/3/1/Rev.1", "fr"]
    assert (revised.state, revised.official, revised.words) == ("stale", True, 19)
    assert jobs["QB/3/3", "fr"].state == "missing" and not jobs["QB/3/3", "ru"].official
    assert revised.due_at == session().opens_at, "it came after the deadline for papers"


def test_a_translation_is_a_job_again_when_its_source_changes(quarry):
    paper = Paper.objects.get(pk="QB/3/1/Rev.1")
    source = queries.languages(paper)[0].version.sha256
    tabling.translate(paper, language="fr", file=text("# F\n"), official=True, of=source, by=REGISTRAR, at=AT)
    assert not [job for job in queries.jobs(session()) if job.paper == paper]


def test_a_difference_shows_what_went_and_what_came(quarry):
    old, new = PaperVersion.objects.filter(paper="QB/3/1", language="en")
    rows = queries.difference(old.stored, new.stored).rows
    assert [row.kind for row in rows] == ["same", "changed"]
    pieces = [(piece.kind, piece.text) for piece in rows[1].pieces if piece.kind != "keep"]
    assert ("del", "four") in pieces and ("ins", "five") in pieces
    assert queries.difference(old.stored, old.stored).unchanged


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.4\n%%EOF", "is no text"),
        ("a.docx", b"PK\x03\x04 broken", "no zip"),
        ("a.txt", b"word " * (MOST // 4), "too long"),
    ],
)
def test_what_cannot_be_compared_is_said_in_plain_words(name, data, says, quarry):
    old = text("# One\n")
    found = queries.difference(old, files.put(data, name))
    assert says in found.says and found.rows == [] and not found.unchanged


LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20), max_size=6
)


@given(LINES, LINES)
def test_rows_without_what_came_are_the_old_text_and_without_what_went_the_new(old, new):
    from chancery.papers.queries.differences import _rows
    from chancery.prose.marked import marked

    before, after = ("\n\n".join(lines) for lines in (old, new))
    rows = list(_rows(marked(before, after)))
    for gone, whole in (("ins", before), ("del", after)):
        kept = "".join(piece.text for row in rows for piece in row.pieces if piece.kind != gone)
        assert kept == whole.replace("\n", "")


def test_unread_papers_are_new_or_changed_and_a_late_translation_is_no_news(quarry):
    reader, paper = person("chk.head"), Paper.objects.get(pk="QB/3/1")
    first, second = PaperVersion.objects.filter(paper=paper, language="en")
    assert queries.unread(reader, [paper]) == {"QB/3/1": "new"}
    reading.mark_read(reader, [first], AT)
    assert queries.unread(reader, [paper]) == {"QB/3/1": "changed"}
    reading.mark_read(reader, [second, first], AT)
    assert queries.unread(reader, [paper]) == {}
    assert queries.unread(person("sla.head"), [paper]) == {"QB/3/1": "new"}


def zip_for(key: str, since: datetime | None = None, at: datetime = AT) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(archive.zip_of(person(key), session(), at, since=since))))


def test_a_zip_holds_what_its_reader_may_see_and_an_index(quarry):
    names = set(zip_for("watcher").namelist())
    assert names >= {"INDEX.txt", "QB_3_1.en.md", "QB_3_1.fr.md", "QB_3_1_Rev.1.en.md", "QB_3_1_Add.1.en.md"}
    assert not any("QB_3_3" in name or "QB_3_2" in name for name in names), "restricted, withdrawn"
    assert "QB/3/3" not in zip_for("watcher").read("INDEX.txt").decode()
    assert "QB_3_3.en.pdf" in zip_for("chk.head").namelist()
    index = zip_for("watcher").read("INDEX.txt").decode()
    assert "withdrawn: It belongs to another council" in index and "replaced by QB/3/1/Rev.1" in index


def test_the_next_zip_holds_what_is_new_since_the_last(quarry):
    zip_for("watcher")
    since = archive.last_taken(person("watcher"), session())
    assert since == AT
    assert zip_for("watcher", since).namelist() == ["INDEX.txt"]
    handling.mark(Paper.objects.get(pk="QB/3/3"), marking="CLEAR", by=REGISTRAR, at=AT + timedelta(hours=1))
    assert zip_for("watcher", since, AT + timedelta(hours=2)).namelist() == ["INDEX.txt", "QB_3_3.en.md"]


def test_a_download_that_broke_is_not_remembered(quarry):
    stream = archive.zip_of(person("watcher"), session(), AT)
    next(stream)
    stream.close()
    assert not TakenZip.objects.exists()


@pytest.mark.parametrize("symbol", ["QB/3/1", "A_B/1", "A B/1", "..", "Ж/1", "a\\..\\b", "A-B", "x" * 100])
def test_names_in_a_zip_are_safe_and_two_symbols_never_share_one(symbol):
    version = PaperVersion(language="en", file={"sha256": "0" * 64, "name": "a.MD", "type": "text/markdown"})
    version.paper = Paper(key=symbol, marking="CLEAR")
    name = archive._name(version.paper, version)
    assert not set(name) & set('/\\:*?"<>|') and not name.startswith(".") and name.endswith(".en.md")
    other = Paper(key=symbol.replace("/", "_"), marking="CLEAR")
    assert other.key == symbol or archive._name(other, version) != name


def test_who_opened_a_restricted_paper_is_logged_and_read_by_the_secretariat_alone(quarry):
    wells = Paper.objects.get(pk="QB/3/3")
    version = access.version_for(person("chk.head"), wells.key, "en", AT)
    assert access.version_for(person("watcher"), wells.key, "en", AT) is None
    reading.opened(person("chk.head"), [version], AT)
    open_ = access.version_for(person("chk.head"), "QB/3/1", "en", AT)
    reading.opened(person("chk.head"), [open_], AT)
    assert [(row.person_id, row.version) for row in reading.readers(wells, person("registrar"), AT)] == [
        ("chk.head", version)
    ]
    assert Opening.objects.count() == 1, "papers for everybody are not logged"
    with pytest.raises(Refused):
        reading.readers(wells, person("chk.head"), AT)


def test_a_zip_logs_the_restricted_papers_in_it(quarry):
    zip_for("chk.head")
    assert [row.version.paper_id for row in Opening.objects.all()] == ["QB/3/3"]


def test_the_log_is_forgotten_two_years_after_the_session_was_closed(quarry):
    zip_for("chk.head")
    closed = session().closed_at
    assert reading.forget_openings(closed + timedelta(days=729)) == 0
    assert reading.forget_openings(closed + timedelta(days=731)) == 1


def pages(data: bytes) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_a_restricted_text_is_handed_out_with_the_readers_name_on_each_page(quarry):
    version = access.version_for(person("chk.head"), "QB/3/3", "en", AT)
    copy = copies.copy_for(person("chk.head"), version, AT)
    assert copy.marked and copy.type == "application/pdf" and copy.name == "wells.pdf"
    assert all("Cato Marn" in page and "AMBER" in page for page in pages(copy.data))
    assert "Two wells fell dry" in pages(copy.data)[0]


def test_a_restricted_pdf_is_handed_out_with_the_readers_name_on_each_page(quarry):
    brought = File(**Record.objects.get(act="signature.open").args["pdf"])
    paper = tabling.table(
        series=Paper.objects.get(pk="QB/3/1").series, session=session(), title={"en": "Map"},
        files={"en": brought}, marking="RED", by=REGISTRAR, at=AT,
    )  # fmt: skip
    tabling.issue(paper, by=REGISTRAR, at=AT)
    version = access.version_for(person("chk.head"), paper.key, "en", AT)
    copy = copies.copy_for(person("chk.head"), version, AT)
    assert copy.marked and all("RED. Copy for Cato Marn" in page for page in pages(copy.data))
    assert access.version_for(person("chk.adviser"), paper.key, "en", AT) is None


def test_a_paper_for_everybody_is_handed_out_byte_for_byte(quarry):
    version = access.version_for(None, "QB/3/1", "en", AT)
    copy = copies.copy_for(None, version, AT)
    assert copy.data == version.stored.read() and not copy.marked


def acts(key: str) -> set[str]:
    reader = person(key)
    seen = access.acts_seen(reader, AT, access.audiences_of(reader, AT))
    return {f"{record.act} {record.subject or record.result}" for record in Record.objects.filter(seen)}


def test_acts_on_a_paper_are_seen_by_those_who_may_see_it_as_it_is_marked_now(quarry):
    assert "paper.issue paper/QB/3/3" not in acts("watcher")
    assert {"paper.issue paper/QB/3/3", "paper.table paper/QB/3/3"} <= acts("chk.adviser")
    handling.mark(Paper.objects.get(pk="QB/3/3"), marking="CLEAR", by=REGISTRAR, at=AT)
    assert {"paper.issue paper/QB/3/3", "paper.mark paper/QB/3/3"} <= acts("watcher")


def test_a_public_act_that_names_a_paper_marked_up_is_hidden_from_those_out_of_its_marking(quarry):
    assert "question.put paper/QB/3/1" in acts("watcher")
    handling.mark(Paper.objects.get(pk="QB/3/1"), marking="RED", by=REGISTRAR, at=AT)
    assert not {act for act in acts("chk.adviser") if act.endswith("paper/QB/3/1")}
    assert "question.put paper/QB/3/1" in acts("chk.head")


def invite(at: datetime, rights: list[str], state: str = "sent", to: str = "3") -> None:
    number = Invitation.objects.filter(session=to).count() + 1
    Invitation.objects.create(
        key=f"{to}/{number}", session_id=to, number=number, invitee={"en": "Birds"}, kind="observer", rights=rights,
        people=["watcher"], state=state, sent_at=at,
    )  # fmt: skip


def reads_community_paper(key: str = "watcher") -> set[bool]:
    """Whether a reader sees a paper for the community: alone, in lists, in what may be known of, in the record."""
    handling.mark(Paper.objects.get(pk="QB/3/1"), marking="GREEN", by=REGISTRAR, at=AT)
    reader = person(key)
    return {
        access.paper_for(reader, "QB/3/1", AT) is not None,
        access.visible(reader, AT).filter(pk="QB/3/1").exists(),
        access.in_sight(reader, AT).filter(pk="QB/3/1").exists(),
        "paper.issue paper/QB/3/1" in acts(key),
    }


@pytest.mark.parametrize(
    ("invitations", "reads"),
    [
        ([], True),
        ([(["attend"], "sent")], False),
        ([(["attend", "speak"], "accepted")], False),
        ([(["attend"], "declined")], True),
        ([(["attend", "read_papers"], "sent")], True),
        ([(["attend"], "accepted"), (["attend", "read_papers"], "accepted")], True),
    ],
)
def test_an_observer_invited_without_the_right_to_read_sees_no_paper_for_the_community(invitations, reads, quarry):
    for rights, state in invitations:
        invite(AT, rights, state)
    assert reads_community_paper() == {reads}
    assert access.paper_for(person("watcher"), "QB/3/1/Rev.1", AT) is not None


def test_the_right_to_read_at_one_session_opens_no_paper_of_another(quarry):
    following = session()
    following.key, following.number = "4", 4
    following.save(force_insert=True)
    invite(AT, ["attend", "read_papers"], to="4")
    invite(AT, ["attend"], to="3")
    assert reads_community_paper() == {False}


def test_an_invitation_takes_nothing_from_those_of_the_council(quarry):
    invite(AT, ["attend"])
    Invitation.objects.update(people=["chk.adviser"])
    assert reads_community_paper("chk.adviser") == {True}


def test_a_paper_issued_or_withdrawn_says_why_it_is_not_issued(quarry):
    paper = Paper.objects.get(pk="QB/3/1")
    permit = acts_of_the_house()["paper.issue"].may(paper, REGISTRAR, AT)
    assert (permit.allowed, permit.rule, permit.because) == (False, "order", "QB/3/1 is issued already")
    paper.withdrawn_at = AT
    assert acts_of_the_house()["paper.issue"].may(paper, REGISTRAR, AT).because == "QB/3/1 is withdrawn"
