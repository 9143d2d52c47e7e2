"""A meeting, as its people hold it: the chair puts and closes, the clerk writes down by keyboard, a delegate looks on."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Served

pytestmark = pytest.mark.xdist_group("browser")

VOTES = {"Aldera": "1", "Brevia": "1", "Corvane": "2", "Dovrany": "1", "Esmere": "1", "Halvar": "3", "Lumery": "1"}


def person(chromium: Any, sitting: Served, who: str, width: int, height: int = 900) -> Any:
    opened = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    opened.set_default_timeout(10_000)
    opened.goto(sitting.link(who))
    return opened


def test_a_vote_is_put_recorded_by_keyboard_and_declared(chromium, sitting: Served):
    chair = person(chromium, sitting, "dov.head", 1024, 768)
    clerk = person(chromium, sitting, "secretary.ansgar", 1280)
    delegate = person(chromium, sitting, "lum.head", 360)

    chair.goto(f"{sitting.url}/house/room/51/2/")
    assert chair.get_by_role("heading", level=1).inner_text().startswith("13.")
    chair.goto(f"{sitting.url}/house/item/51/13/")
    chair.get_by_role("link", name="D3").or_(chair.locator("a", has_text="auge")).last.click()
    chair.get_by_role("link", name="Put question").click()
    chair.get_by_label("Method").select_option("vote")
    chair.get_by_label("Test").fill("substantive")
    chair.get_by_role("button", name="Put question").click()
    chair.get_by_role("heading", name="Recorded").wait_for()

    delegate.goto(f"{sitting.url}/house/mine/")
    assert delegate.get_by_role("heading", name="Your vote on question 3").is_visible()
    assert delegate.get_by_text("your delegation counts as absent").is_visible()

    clerk.goto(f"{sitting.url}/house/console/51/2/")
    said = clerk.locator("[data-next]")
    for name, key in VOTES.items():
        assert said.inner_text() == name
        clerk.keyboard.press(key)
    clerk.keyboard.press("2")
    assert said.inner_text() == "Tavrin"
    clerk.keyboard.press("u")
    assert said.inner_text() == "Ostvaly"
    clerk.keyboard.press("2")
    clerk.keyboard.press("1")
    clerk.get_by_role("button", name="Record the roll").focus()
    clerk.keyboard.press("Enter")
    clerk.get_by_role("heading", name="Recorded").wait_for()
    assert clerk.get_by_text("9 recorded already").is_visible()

    chair.goto(f"{sitting.url}/house/room/51/2/")
    chair.get_by_role("link", name="Close question").first.click()
    chair.get_by_role("button", name="Close question").click()
    chair.get_by_text("Adopted").first.wait_for()
    delegate.goto(f"{sitting.url}/house/mine/")
    assert delegate.get_by_role("heading", name="Your vote on question 3").count() == 0


def test_a_press_officer_is_stopped_by_a_quotation_that_is_not_in_the_record(chromium, sitting: Served):
    press = person(chromium, sitting, "press.ellend", 1280)
    press.goto(f"{sitting.url}/house/session/51/press/")
    press.get_by_role("link", name="Draft release").click()
    press.get_by_role("group", name="Dateline").get_by_label("English").fill("VELMAR")
    press.get_by_role("group", name="Title").get_by_label("English").fill("Rivers")
    press.get_by_role("group", name="Body").get_by_label("English", exact=True).fill(
        "The President said: [“Nobody said this”](source:1)."
    )
    press.get_by_role("button", name="Add one more").first.click()
    assert press.get_by_role("group", name="Title").get_by_label("English").input_value() == "Rivers"
    press.get_by_label("Quote").fill("Nobody said this")
    press.get_by_label("Of", exact=True).fill("speech/51/1")
    press.get_by_role("button", name="Draft release").click()
    alert = press.get_by_role("alert")
    assert "Nobody said this" in alert.inner_text() and "sources" in alert.inner_text()
    assert press.get_by_role("group", name="Title").get_by_label("English").input_value() == "Rivers"
