"""The index: words in three scripts, one passage, one order; and nothing that a reader may not see."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.search import queries, tasks
from chancery.search.models import Indexed, Reached
from chancery.search.words import asked, flat, fold, stem, terms
from tests.test_walk import perform, plant_paper, plant_release

KINDS = {"paper", "decision", "draft", "release", "speech", "circular", "statement", "item", "question", "session"}
COUNCIL = {"public", "community", "council"}


def now() -> datetime:
    return datetime.now(UTC)


def search(question: str, audiences: set[str], **options) -> queries.Found:
    return queries.search(question, audiences, now(), kinds=KINDS, **options)


def refs(question: str, audiences: set[str], **options) -> list[str]:
    return [hit.ref for hit in search(question, audiences, **options).hits]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("решения", "решений"),
        ("ещё", "еще"),
        ("المجلس", "مجلس"),
        ("والمجلس", "مجلس"),
        ("قَرَارٌ", "القرارات"),
        ("decisions", "decision"),
        ("Übung", "ubung"),
    ],
)
def test_two_forms_of_a_word_have_one_stem(one, other):
    assert stem(one) == stem(other)


@given(st.text(max_size=200))
def test_any_text_is_folded_sign_by_sign_and_any_question_is_only_words(text):
    assert len(flat(text)) == len(text)
    for one in asked(text):
        assert one.word and not set(one.word) & set("\"'():*&|!^ ")
    assert fold(fold(text)) == fold(text)
    assert not set(terms(text)) & set("\"'\\")


@given(st.text(max_size=300), st.text(max_size=30))
def test_a_passage_is_a_piece_of_the_text(text, question):
    words = asked(question)
    if words:
        joined = "".join(part for part, _ in queries.passage(text, words))
        assert joined.removeprefix("… ").removesuffix(" …") in text


@pytest.mark.parametrize(
    "question", ['"', "a OR b", "NEAR(a b)", "title_terms : x", "*", "'; DROP", "a\x00b", "^x", "-"]
)
def test_nothing_a_reader_types_is_an_operator(question, demo):
    search(question, {"public"})


def test_word_forms_find_each_other_in_russian_and_arabic(demo):
    assert "decision/CNR/DEC/216" in refs("решением рек", {"public"}, language="ru")
    assert "decision/CNR/DEC/216" in refs("مجلس الأنهار", {"public"}, language="ar")


def test_the_words_of_speeches_statements_circulars_and_drafts_are_found(demo):
    found = {ref.partition("/")[0] for q in ("decision", "flood", "session") for ref in refs(q, COUNCIL)}
    assert {"speech", "statement", "circular", "draft", "decision", "release"} <= found


def test_the_words_of_a_word_file_are_found(demo):
    from chancery.prose.docx import write
    from chancery.trail import files

    data = write.write("# A report\n\n1. Weirsmith measured the ford.\n").data
    file = files.put(data, "report.docx")
    raw = {"series": "DOC", "session": "session/51", "item": "item/51/4", "marking": "CLEAR", "title": {"en": "Report"}}
    raw |= {"files": {"en": {"sha256": file.sha256, "name": file.name, "type": file.type}}}
    paper = perform("paper.table", "secretary.ansgar", None, raw)
    perform("paper.issue", "secretary.ansgar", str(paper.ref), {})
    assert refs("weirsmith", {"public"}) == [str(paper.ref)]


def test_a_symbol_comes_first_then_a_title_then_the_words(demo):
    key = plant_paper("gauge", "CLEAR")
    assert refs("CNR/DEC/216", {"public"})[0] == "decision/CNR/DEC/216"
    found = refs("gauge", {"public"})
    assert found[0] == f"paper/{key}"
    titled = [hit for hit in search("gauge", {"public"}).hits if any(word for _, word in hit.title)]
    assert [hit.ref for hit in titled] == found[: len(titled)]


def test_the_words_asked_for_are_marked_in_the_passage(demo):
    (hit,) = [hit for hit in search("решением", {"public"}, language="ru").hits if hit.ref == "decision/CNR/DEC/216"]
    assert any(part.startswith("решени") for part, is_word in hit.passage if is_word)


def test_a_facet_counts_objects_and_narrows(demo):
    found = search("decision", COUNCIL)
    assert {choice.value for choice in found.facets["kind"]} >= {"decision", "draft", "release"}
    for choice in found.facets["kind"]:
        narrowed = search("decision", COUNCIL, chosen={"kind": choice.value})
        assert narrowed.total == choice.count
        assert narrowed.facets["kind"] != [] and len(narrowed.facets["kind"]) == len(found.facets["kind"])


def test_pages_hold_twenty_and_no_object_twice(demo):
    for n in range(24):
        plant_paper(f"waterwheel {n}", "CLEAR")
    pages = [refs("waterwheel", {"public"}, page=page) for page in (1, 2)]
    assert [len(page) for page in pages] == [20, 4] and not set(pages[0]) & set(pages[1])
    assert refs("waterwheel", {"public"}, page=99) == pages[1]


AUDIENCES = [{"public"}, {"public", "community"}, COUNCIL, {*COUNCIL, "press"}]
QUESTIONS = ["zzmole", "gauge", "gauge zzmole", "decision", "zzmo", "CNR/51/DOC"]


def seen(audiences: set[str]) -> list[object]:
    """All that a reader learns: hits in their order, totals, pages, facets."""
    return [asdict(search(question, audiences)) for question in QUESTIONS]


def test_hidden_rows_change_nothing_that_others_see(demo):
    before = [seen(audiences) for audiences in AUDIENCES]
    plant_paper("zzmole gauge decision gauge gauge", "RED")
    plant_paper("zzmole gauge decision", "CLEAR", issue=False)
    assert [seen(audiences) for audiences in AUDIENCES] == before
    assert len(refs("zzmole", {"public", "heads", "secretariat"})) == 2


def test_a_hidden_word_costs_no_more_queries_than_an_unknown_one(demo, enter, forget):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plant_paper("zzmole", "RED")
    client, counted, bodies = enter("lum.delegate"), [], []
    client.get("/house/search/?q=zzmole")
    for word in ("zzmole", "zzmule"):
        forget()
        with CaptureQueriesContext(connection) as captured:
            body = client.get(f"/house/search/?q={word}").content.decode().replace(word, "")
        bodies.append(re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", body))
        counted.append(len(captured))
    assert counted[0] == counted[1] and bodies[0] == bodies[1]


def test_a_hidden_symbol_opens_nothing(demo, enter):
    key = plant_paper("zzmole", "RED")
    assert enter("lum.delegate").get(f"/house/search/?q={key}").status_code == 200
    assert enter("secretary.ansgar").get(f"/house/search/?q={key}")["Location"] == f"/house/paper/{key}/"


@pytest.mark.parametrize("asked_for", ["CNR/DEC/216", "cnr/dec/216"])
def test_a_symbol_opens_its_page_whatever_it_names(asked_for, demo, enter):
    assert enter("lum.delegate").get(f"/house/search/?q={asked_for}")["Location"] == "/house/decision/CNR/DEC/216/"


def test_an_act_that_opens_a_paper_opens_it_to_the_search(demo):
    key = plant_paper("zzmole", "CLEAR", issue=False)
    assert refs("zzmole", {"public"}) == []
    perform("paper.issue", "secretary.ansgar", f"paper/{key}", {})
    assert refs("zzmole", {"public"}) == [f"paper/{key}"]


def test_an_embargo_ends_by_the_clock_without_an_act(demo):
    key = plant_release("zzmole")
    row = Indexed.objects.get(ref=f"release/{key}")
    before, after = row.public_from - timedelta(seconds=1), row.public_from
    assert not queries.find("zzmole", {"public"}, before).exists()
    assert queries.find("zzmole", {"public"}, after).exists()
    assert not queries.find("zzmole", {"community"}, after).exists()


def test_what_a_crash_left_out_is_taken_up_by_the_next_round(demo):
    plant_paper("zzmole", "CLEAR")
    Indexed.objects.filter(title="zzmole").delete()
    Reached.objects.update(record=Reached.objects.get().record - 2)
    assert refs("zzmole", {"public"}) == []
    assert tasks.catch_up() > 0 and len(refs("zzmole", {"public"})) == 1
    assert tasks.catch_up() == 0


def test_the_index_can_be_made_again_and_says_the_same(demo):
    columns = [field.name for field in Indexed._meta.fields if field.name != "id"]
    before = sorted(map(str, Indexed.objects.values(*columns)))
    tasks.rebuild()
    assert sorted(map(str, Indexed.objects.values(*columns))) == before


def test_the_full_text_is_put_back_after_a_migration(demo):
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION search_vector CASCADE")
        else:
            cursor.execute("DROP TABLE search_words")
            cursor.execute("DROP TRIGGER search_indexed_born")
    call_command("migrate", verbosity=0)
    plant_paper("zzmole", "CLEAR")
    assert len(refs("zzmole", {"public"})) == 1 and refs("gauge", {"public"})


def test_the_search_page_takes_few_queries_and_no_more_with_more_rows(demo, enter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = enter("secretary.ansgar"), []
    for n in range(2):
        client.get("/house/search/?q=gauge")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/house/search/?q=gauge&kind=paper").content.decode()
        counted.append(len(captured))
        for more in range(3):
            plant_paper(f"gauge {n} {more}", "CLEAR")
    assert counted[0] == counted[1] <= 12 and "<mark>gauge</mark>" in page


def test_each_hit_leads_to_a_page(demo, enter):
    for person in ("secretary.ansgar", "observer.lindqvar", "lum.delegate"):
        client, followed = enter(person), set()
        for question in ("decision", "session", "gauge", "flood", "Halvar", "fee"):
            page = client.get(f"/house/search/?q={question}").content.decode()
            followed |= set(re.findall(r'<h2><a href="([^"#]+)', page))
        assert len(followed) > 5
        for address in followed:
            assert client.get(address.replace("&amp;", "&"), follow=True).status_code == 200, (person, address)


def test_an_empty_answer_says_what_to_do(demo, enter):
    client = enter("lum.delegate")
    assert "No match" in client.get("/house/search/?q=zzz").content.decode()
    assert "Search without limits" in client.get("/house/search/?q=gauge&body=AC.9").content.decode()
    assert "What do you look for?" in client.get("/house/search/").content.decode()


def test_the_public_search_finds_the_words_of_released_items_only(demo, enter):
    client = enter("")
    assert b"Gauge-station data to be exchanged" in client.get("/en/press/?q=gauges").content
    plant_release("zzmole")
    assert b"No match" in client.get("/en/press/?q=zzmole").content
