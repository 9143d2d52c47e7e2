"""Grow the agenda of the house in CHANCERY_DATA and measure its page; used by `bench.path`."""

from __future__ import annotations

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 (after setup)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from chancery.council.models import Person  # noqa: E402
from chancery.trail import door, files, refs  # noqa: E402
from chancery.trail.actor import Actor  # noqa: E402
from chancery.trail.arguments import Reading  # noqa: E402

SECRETARY = Actor("person/clerk")


def act(name: str, to: str | None, raw: dict) -> refs.Referable:
    deed = door.acts()[name]
    subject, values = deed.read(to, raw, Reading(from_record=True))
    return door.perform(deed, subject, values, by=SECRETARY, at=door.now()).product


def grow(items: int) -> None:
    """A planned and convened session with so many items and twice as many papers."""
    stored = vars(files.put(b"# Paper\n\nWords.\n", "paper.md"))
    raw = {"number": "9", "kind": "emergency", "title": {"en": "Ninth"}, "venue": {"en": "Westport"}}
    act("session.plan", None, raw | {"opens": "2035-01-01 10:00+00:00", "closes": "2035-01-02 10:00+00:00"})
    act("session.convene", "session/9", {"notice": {"en": stored}})
    listed = [{"number": str(n), "title": {"en": f"Item {n}"}, "category": "discussion"} for n in range(1, items + 1)]
    act("agenda.issue", "session/9", {"stage": "provisional", "items": listed})
    for n in range(2 * items):
        raw = {"series": "WP", "session": "session/9", "item": f"item/9/{n // 2 + 1}", "title": {"en": f"Paper {n}"}}
        paper = act("paper.table", None, raw | {"files": {"en": stored}})
        act("paper.issue", str(paper.ref), {})


def main(items: int) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    with door.batch():
        grow(items)
    client = Client()
    client.force_login(Person.objects.get(pk="clerk"))
    client.get("/house/session/9/agenda/")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/house/session/9/agenda/")
    assert page.status_code == 200
    print(len(captured), len(page.content))


if __name__ == "__main__":
    main(int(sys.argv[1]))
