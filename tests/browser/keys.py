"""Hands without a mouse: a thing is reached by Tab alone, as a person without a pointer reaches it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

MOST_TABS = 900


def reach(page: Page, thing: Locator) -> None:
    """Go with Tab until `thing` has the focus, and see that it shows where the focus is."""
    thing.first.wait_for()
    wanted = thing.first.element_handle()
    for _ in range(MOST_TABS):
        if page.evaluate("one => one === document.activeElement", wanted):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"Tab does not reach {thing}")
    assert page.evaluate("one => getComputedStyle(one).outlineStyle !== 'none'", wanted), f"no focus is seen on {thing}"


def press(page: Page, thing: Locator) -> None:
    """Follow a link or press a button."""
    reach(page, thing)
    page.keyboard.press("Enter")


def write(page: Page, field: Locator, words: str) -> None:
    """Write into a field, over what stands there."""
    reach(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)
