"""Pages of the house: queries that do not grow, the act that waits for a person, reasons beside closed buttons."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

LISTS = {
    "/house/session/51/agenda/": 12,
    "/house/session/51/papers/": 12,
    "/house/session/51/texts/": 12,
    "/house/session/51/decisions/": 11,
    "/house/session/51/register/": 8,
    "/house/session/51/press/": 12,
    "/house/session/51/delegations/": 12,
}


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_page_takes_few_queries_and_no_more_with_more_rows(address, demo, enter):
    from tests.test_walk import plant_paper, plant_release

    client = enter("secretary.ansgar")
    before = queries(client, address)
    assert before <= LISTS[address]
    for n in range(3):
        plant_paper(f"more-{n}", "CLEAR")
        plant_release(f"more-{n}")
    assert queries(client, address) == before


def test_the_public_pages_take_few_queries(demo, enter):
    client = enter("")
    assert queries(client, "/en/sessions/51/") <= 16
    assert queries(client, "/en/press/51/4-nine-rivers-one-format-council-agrees-to-share-gauge-data/") <= 16


def test_a_closed_button_says_why_with_the_rule(demo, enter):
    from tests.test_walk import perform, stored

    raw = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": "One"}}
    item = perform("release.draft", "press.ellend", None, raw | {"body": {"en": stored("one")}})
    page = enter("press.ellend").get(f"/house/release/{item.key}/").content.decode()
    assert "is not cleared yet (order)." in page
    assert "only the chair or a head of delegation clears a wording (roles)." in page


def test_a_refused_form_keeps_what_was_typed_and_records_nothing(demo, enter):
    from chancery.trail.models import Record
    from tests.test_walk import perform, stored

    raw = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": "One"}}
    item = perform("release.draft", "press.ellend", None, raw | {"body": {"en": stored("one")}})
    perform("release.clear", "dov.head", str(item.ref), {})
    before = Record.objects.count()
    client = enter("press.ellend")
    answer = client.post("/house/act/release.issue/", {"to": str(item.ref), "embargo_until": "2020-01-01T09:00"})
    assert answer.status_code == 409 and "2020-01-01T09:00" in answer.content.decode()
    assert "The embargo would end before the release" in answer.content.decode()
    assert Record.objects.count() == before


def test_a_double_click_releases_once(demo, enter):
    from chancery.press.models import Release
    from tests.test_walk import perform, stored

    raw = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": "One"}}
    item = perform("release.draft", "press.ellend", None, raw | {"body": {"en": stored("one")}})
    perform("release.clear", "dov.head", str(item.ref), {})
    client = enter("press.ellend")
    answers = [client.post("/house/act/release.issue/", {"to": str(item.ref), "request_id": "same"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Release.objects.filter(item=item).count() == 1


def test_history_is_a_page_and_json_lines(demo, enter):
    import json

    client = enter("secretary.ansgar")
    lines = b"".join(client.get("/house/history/?of=draft/51/D1&form=jsonl")).decode().splitlines()
    acts = [json.loads(line)["act"] for line in lines]
    assert acts[-1] == "draft.table" and "draft.freeze" in acts
    assert client.get("/house/history/?of=nonsense").status_code == 404


def test_a_question_that_is_a_symbol_opens_the_paper(demo, enter):
    client = enter("observer.lindqvar")
    assert client.get("/house/search/?q=CNR/51/DOC/1")["Location"] == "/house/paper/CNR/51/DOC/1/"
    assert "No match" in client.get("/house/search/?q=zzz").content.decode()
