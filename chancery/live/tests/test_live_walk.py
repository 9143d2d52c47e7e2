"""What streams keep from those who may not see it: planted words, and that anything happened at all."""

from __future__ import annotations

import asyncio

from chancery.live.hub import Hub
from tests.test_walk import ROLES, plant_paper, plant_release

from .pages import Page, done, here, leave, live, token


def test_no_stream_of_a_role_holds_a_planted_word_that_its_marking_keeps_from_it(sitting):
    pages_of = ("session/51", "item/51/4", "meeting/51/1", "question/51/4")
    may = {
        "zzgreen": {"observer", "delegate", "press", "secretary"},
        "zzamber": {"delegate", "press", "secretary"},
        "zzred": {"secretary"},
        "zztabled": {"secretary"},
        "zzembargo": {"press", "secretary"},
    }
    place = here()
    tokens = {(role, about): token(key, about) for role, key in ROLES.items() if key for about in pages_of}
    symbols: dict[str, str] = {}

    def plant() -> None:
        for word, marking in (("zzgreen", "GREEN"), ("zzamber", "AMBER"), ("zzred", "RED")):
            symbols[word] = plant_paper(word, marking)
        symbols["zztabled"] = plant_paper("zztabled", "CLEAR", issue=False)
        symbols["zzembargo"] = plant_release("zzembargo")

    async def test(hub: Hub) -> None:
        pages = {key: Page(hub, one, place) for key, one in tokens.items()}
        for page in pages.values():
            await page.until(b"event: ready")
        await done(plant)
        await done(leave, "LUM")
        for (_, about), page in pages.items():
            if about in ("session/51", "meeting/51/1"):
                await page.until(b"LUM left")
        late = {key: Page(hub, one, place) for key, one in tokens.items()}
        for page in late.values():
            await page.until(b"event: ready")
        for (role, about), page in [*pages.items(), *late.items()]:
            for word, who in may.items():
                if role not in who:
                    assert word.encode() not in page.written, (role, about, word)
                    assert symbols[word].encode() not in page.written, (role, about, word)
            await page.leave()
        secretary = pages["secretary", "session/51"].written
        assert all(symbol.encode() in secretary for symbol in symbols.values())

    live(test)


def test_a_page_is_told_nothing_not_even_that_something_happened_of_what_it_may_not_see(sitting):
    tokens, place = [token(ROLES[role], "session/51") for role in ("delegate", "secretary")], here()

    async def test(hub: Hub) -> None:
        delegate, secretary = (Page(hub, one, place) for one in tokens)
        await delegate.until(b"event: ready")
        await secretary.until(b"event: ready")
        await done(leave, "LUM")
        await delegate.until(b"event: news")
        told = len(delegate.said)
        await done(plant_paper, "zzred", "RED")
        for _ in range(500):
            if any("issued" in one["say"] for one in secretary.said):
                break
            await asyncio.sleep(0.01)
        assert len(secretary.said) > told and len(delegate.said) == told
        for page in (delegate, secretary):
            await page.leave()

    live(test)
