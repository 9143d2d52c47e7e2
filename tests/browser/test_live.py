"""Pages that follow what happens: others see what one does, without loading anew and without losing what they type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import SITTING, Served, serve
from .test_sitting import person

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The second meeting, just before the vote on the gauge data is put."""
    yield from serve(tmp_path_factory.mktemp("live"), SITTING)


def loaded_once(page: Any) -> None:
    """From here on the page must not be loaded again: a mark in its window would be gone."""
    page.evaluate("window.notLoadedAgain = true")


def was_not_loaded_again(page: Any) -> bool:
    return bool(page.evaluate("window.notLoadedAgain === true"))


def put_question(chair: Any, room: Served) -> None:
    chair.goto(f"{room.url}/house/item/51/13/")
    chair.get_by_role("link", name="D3").or_(chair.locator("a", has_text="auge")).last.click()
    chair.get_by_role("link", name="Put question").click()
    chair.get_by_label("Method").select_option("vote")
    chair.get_by_label("Test").fill("substantive")
    chair.get_by_role("button", name="Put question").click()
    chair.get_by_role("heading", name="Recorded").wait_for()


def test_a_question_its_ballots_and_its_result_reach_every_open_page(chromium, room: Served):
    from playwright.sync_api import expect

    chair = person(chromium, room, "dov.head", 1024, 768)
    clerk = person(chromium, room, "secretary.ansgar", 1280)
    delegate = person(chromium, room, "lum.head", 360)
    mine = person(chromium, room, "cor.head", 360)

    clerk.goto(f"{room.url}/house/console/51/2/")
    delegate.goto(f"{room.url}/house/room/51/2/")
    mine.goto(f"{room.url}/house/mine/")
    for page in (clerk, delegate, mine):
        loaded_once(page)
    delegate.set_viewport_size({"width": 360, "height": 640})
    assert delegate.locator(".announce").count() == 0

    put_question(chair, room)
    expect(delegate.locator(".announce h2")).to_contain_text("auge", timeout=3_000)
    expect(clerk.get_by_role("heading", name=re.compile("^Roll-call"))).to_be_visible(timeout=3_000)
    expect(mine.get_by_role("heading", name="Your vote on question 3")).to_be_visible(timeout=5_000)
    assert "put" in delegate.locator("[data-live-said]").inner_text()

    # The delegate loses the line while the roll is called, types on, and catches up by itself.
    delegate.context.set_offline(True)
    expect(delegate.get_by_text("Connection lost; catching up")).to_be_visible()
    for key in "112113122":
        clerk.keyboard.press(key)
    clerk.get_by_role("button", name="Record the roll").click()
    clerk.get_by_role("heading", name="Recorded").wait_for()
    loaded_once(clerk)
    assert delegate.get_by_text("9 have voted").count() == 0
    delegate.context.set_offline(False)
    expect(delegate.get_by_text("9 have voted")).to_be_visible(timeout=10_000)
    expect(delegate.get_by_text("Connection lost; catching up")).to_be_hidden()

    chair.goto(f"{room.url}/house/room/51/2/")
    loaded_once(chair)
    chair.get_by_role("link", name="Close question").first.click()
    chair.get_by_role("button", name="Close question").click()
    expect(delegate.locator(".announce")).to_contain_text("Decided last", timeout=3_000)
    expect(delegate.locator(".announce .chip")).to_contain_text(re.compile("dopted"))
    expect(clerk.get_by_role("heading", name=re.compile("^Roll-call"))).to_have_count(0, timeout=5_000)
    for page in (clerk, delegate, mine):
        assert was_not_loaded_again(page)


def test_half_typed_words_focus_and_place_stay_when_others_act(chromium, room: Served):
    from playwright.sync_api import expect

    clerk = person(chromium, room, "secretary.ansgar", 1280)
    other = person(chromium, room, "secretary.ansgar", 1280)
    delegate = person(chromium, room, "lum.head", 360)
    clerk.goto(f"{room.url}/house/console/51/2/")
    clerk.locator("input[name=delegations][value='member/TAV']").check()
    delegate.set_viewport_size({"width": 360, "height": 500})
    delegate.goto(f"{room.url}/house/room/51/2/")
    shut = delegate.locator("details", has_text="Not possible now").last
    shut.locator("summary").click()
    place = delegate.evaluate("scrollY")
    for page in (clerk, delegate):
        loaded_once(page)

    other.goto(f"{room.url}/house/console/51/2/")
    other.locator("input[name=delegations][value='member/ALD']").check()
    other.get_by_role("button", name="Has left").click()
    other.get_by_role("heading", name="Recorded").wait_for()

    expect(clerk.locator("select[name='delegations.ALD']")).to_be_visible(timeout=3_000)
    assert clerk.locator("input[name=delegations][value='member/TAV']").is_checked()
    assert clerk.evaluate("document.activeElement.value") == "member/TAV"
    expect(delegate.get_by_text("8 of 9 present")).to_be_visible(timeout=3_000)
    delegate.wait_for_timeout(1_500)
    assert shut.evaluate("details => details.open")
    assert abs(delegate.evaluate("scrollY") - place) < 60
    assert was_not_loaded_again(clerk) and was_not_loaded_again(delegate)


def test_a_page_without_scripts_is_whole(chromium, room: Served):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(room.link("lum.head"))
    page.goto(f"{room.url}/house/room/51/2/")
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("[data-live-state]").is_hidden()
    context.close()
