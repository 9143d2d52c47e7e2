"""Few queries on every page, and no more with more rows: the rule is twelve; what still takes more is named here."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chancery.notices.tests.test_notices import circular
from chancery.trail import files
from tests.test_walk import WALK, perform, plant_paper, plant_release

MOST = 12

# Pages that gather the rows of many stations, and how many queries each of them takes today. None may take more;
# whoever brings one down to the rule strikes it out.
STILL = {
    "house-desk": 34,
    "house-mine": 28,
    "house-question": 21,
    "house-room": 21,
    "house-console": 21,
    "house-decision": 20,
    "house-draft": 31,
    "house-paper": 22,
    "house-release": 17,
    "house-instrument": 17,
    "house-item": 16,
    "house-council": 15,
    "house-person": 15,
    "house-agenda": 13,
    "house-act": 13,
    "front": 14,
    "item": 13,
    "version": 13,
    "session": 15,
    "decision": 13,
    "result": 13,
}


def counted(client) -> dict[str, int]:
    """How many queries each page takes, files, posts and redirects left out."""
    found = {}
    for name, (arguments, _, status) in WALK.items():
        address = reverse(name, kwargs=arguments)
        if status == 200 and client.get(address).get("Content-Type", "").startswith("text/html"):
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


@pytest.mark.parametrize("person", ["secretary.ansgar", "cor.head", "lum.delegate"])
def test_every_page_takes_few_queries_and_no_more_with_more_rows(person, demo, enter):
    client = enter(person)
    before = counted(client)
    assert len(before) > 30
    assert {name: n for name, n in before.items() if n > STILL.get(name, MOST)} == {}
    plant()
    after = counted(client)
    assert {name: (before[name], n) for name, n in after.items() if n > before[name]} == {}


def test_no_page_stands_on_the_list_without_need(demo, enter):
    most: dict[str, int] = {}
    for person in ("secretary.ansgar", "cor.head", "lum.delegate"):
        for name, n in counted(enter(person)).items():
            most[name] = max(most.get(name, 0), n)
    assert {name: most[name] for name in STILL if most[name] < STILL[name]} == {}
