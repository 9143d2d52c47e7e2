"""The secretary prepares the 52nd session from the 51st, part by part, without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Served, serve
from .keys import press, reach, write
from .test_journeys import findings, no_sideways_scrolling

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.filterwarnings("ignore::ResourceWarning")]

UNPLANNED = "- do: session.plan\n  at: 2026-10-22 17:00"
PREPARATION = "/house/session/52/preparation/"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The house when the 51st session is closed and the 52nd is not planned."""
    yield from serve(tmp_path_factory.mktemp("closed"), UNPLANNED)


def step(page, title: str):
    return page.locator("ol > li").filter(has=page.get_by_role("heading", name=title))


def recorded(page) -> None:
    page.get_by_role("heading", name="Recorded").wait_for()
    assert no_sideways_scrolling(page)


def plan(page, closed: Served) -> None:
    page.goto(f"{closed.url}/house/session/51/")
    press(page, page.get_by_role("link", name="Prepare the next session"))
    press(page, step(page, "Plan the session").get_by_role("link"))
    assert page.get_by_label("Number").input_value() == "52"
    assert page.locator("[name='title.en']").input_value() == "52nd session of the Council of the Nine Rivers"
    assert page.locator("[name='rooms.0.code']").input_value()
    press(page, page.get_by_role("button", name="Plan session"))
    recorded(page)


def convene(page, closed: Served, folder: Path) -> None:
    page.goto(closed.url + PREPARATION)
    assert "Done" in step(page, "Name the rooms").inner_text()
    press(page, step(page, "Send the notice of convening").get_by_role("link"))
    give(page, folder / "notice.en.md", "# Notice of convening\n\nThe 52nd session opens in Velmar.\n")
    press(page, page.get_by_role("button", name="Convene session"))
    recorded(page)


def issue_agenda(page, closed: Served) -> None:
    page.goto(closed.url + PREPARATION)
    press(page, step(page, "Issue the provisional agenda").get_by_role("link"))
    page.get_by_role("button", name="Issue agenda").wait_for()
    assert page.locator("[name^='items.'][name$='.title.en']").count() > 10
    press(page, page.get_by_role("button", name="Issue agenda"))
    recorded(page)


def table_again(page, closed: Served, folder: Path) -> None:
    page.goto(closed.url + PREPARATION)
    offer = step(page, "Table the papers that recur").get_by_role("listitem").get_by_role("link").first
    named = offer.inner_text()
    press(page, offer)
    assert page.locator("#f-session").input_value() == "session/52"
    give(page, folder / "paper.en.md", f"# {named}\n\nAs last time.\n")
    press(page, page.get_by_role("button", name="Table paper"))
    recorded(page)


def send_circular(page, closed: Served, folder: Path) -> None:
    page.goto(closed.url + PREPARATION)
    press(page, step(page, "Send circulars").get_by_role("listitem").get_by_role("link").first)
    give(page, folder / "circular.en.md", "# Arrangements\n\nRooms are booked.\n")
    write(page, page.locator("[name='title.en']"), "Arrangements for the 52nd session")
    press(page, page.get_by_role("button", name="Send circular"))
    recorded(page)


def give(page, file: Path, words: str) -> None:
    """A file for the first field that takes one; the system's own window to choose it is beyond a test."""
    file.write_text(words)
    field = page.locator("main input[type=file]").first
    reach(page, field)
    field.set_input_files(file)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_secretary_prepares_the_next_session_from_the_last_by_keyboard_alone(page, closed: Served, tmp_path):
    page.goto(closed.link("secretary.ansgar"))
    plan(page, closed)
    convene(page, closed, tmp_path)
    issue_agenda(page, closed)
    table_again(page, closed, tmp_path)
    send_circular(page, closed, tmp_path)
    assert findings(page, closed, [PREPARATION, "/house/session/52/", "/house/session/52/agenda/"]) == []
    page.goto(closed.url + PREPARATION)
    for title in ("Plan the session", "Send the notice of convening", "Issue the provisional agenda", "Send circulars"):
        assert "Done" in step(page, title).inner_text()
