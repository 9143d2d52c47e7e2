"""Few queries on every page, and no more with more rows.

The rule is twelve. Whoever is the first to read a page after an act asks for more where the page gathers the rows of
many stations; the readers after him share what he found, until the next act.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.notices.tests.test_notices import circular
from chancery.trail import files
from tests.test_walk import WALK, perform, plant_paper, plant_release

MOST = 12

# Pages that gather the rows of many stations, and how many queries the first reader after an act has to ask.
# None may ask more; whoever brings one down to the rule strikes it out.
FIRST = {
    "house-desk": 35,
    "house-mine": 29,
    "house-paper": 23,
    "house-draft": 23,
    "house-question": 22,
    "house-decision": 21,
    "house-room": 20,
    "house-console": 20,
    "house-instrument": 18,
    "house-release": 18,
    "house-item": 17,
    "session": 16,
    "house-council": 16,
    "house-person": 16,
    "front": 15,
    "version": 14,
    "item": 14,
    "decision": 14,
    "result": 14,
    "house-agenda": 14,
    "house-paper-compare": 13,
    "house-delegations": 13,
    "house-preparation": 13,
    "house-act": 13,
}


def counted(client, forget=None) -> dict[str, int]:
    """How many queries each page takes, files, posts and redirects left out; with `forget`, nobody has read before."""
    found = {}
    for name, (arguments, _, status) in WALK.items():
        address = reverse(name, kwargs=arguments)
        first = client.get(address)
        if status == 200 and first.status_code != 302 and first.get("Content-Type", "").startswith("text/html"):
            if forget:
                forget()
            with CaptureQueriesContext(connection) as captured:
                if client.get(address, follow=True).status_code == 200:
                    found[name] = len(captured)
    return found


def plant() -> None:
    """More rows of each kind that pages list: papers, releases, a draft, a circular, and the acts that make them."""
    for n in range(3):
        plant_paper(f"more-{n}", "CLEAR")
        plant_release(f"more-{n}")
        text = files.put(b"# More\n\nThe Council,\n\n1. Decides more.\n", "more.md")
        raw = {"sha256": text.sha256, "name": text.name, "type": text.type}
        draft = {"session": "session/51", "key": f"M{n}", "item": "item/51/4", "title": {"en": "More"}}
        perform("draft.table", "secretary.ansgar", None, draft | {"text": {"en": raw}})
        circular(f"More {n}")


PEOPLE = ["secretary.ansgar", "cor.head", "lum.delegate"]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_takes_at_most_twelve_queries(person, demo, enter):
    found = counted(enter(person))
    assert len(found) > 30
    assert {name: n for name, n in found.items() if n > MOST} == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_the_first_reader_after_an_act_asks_little_more_and_no_more_with_more_rows(person, demo, enter, forget):
    client = enter(person)
    before = counted(client, forget)
    assert {name: n for name, n in before.items() if n > FIRST.get(name, MOST)} == {}
    plant()
    after = counted(client, forget)
    assert {name: (before[name], n) for name, n in after.items() if n > before[name]} == {}


def test_no_page_stands_on_the_list_without_need(demo, enter, forget):
    most: dict[str, int] = {}
    for person in PEOPLE:
        for name, n in counted(enter(person), forget).items():
            most[name] = max(most.get(name, 0), n)
    assert {name: most[name] for name in FIRST if most[name] < FIRST[name]} == {}
