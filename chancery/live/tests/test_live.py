"""Streams: who is told what, and when a stream ends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections

from chancery.council.models import Person
from chancery.desk import fragments, streams
from chancery.live import hub as hubs
from chancery.live.app import app
from chancery.live.hub import Hub
from chancery.live.tail import Tail
from chancery.meetings.models import Invitation, Meeting, Presence, Session
from chancery.trail import door
from chancery.trail.refs import Ref
from tests.test_walk import ROLES, perform, plant_paper, plant_release


class Page:
    """An open page: everything that its stream wrote, until it ended."""

    def __init__(
        self, hub: Hub, token: str, after: str = "", method: str = "GET", path: str = "/live/", *, stuck: bool = False
    ) -> None:
        self.status, self.written, self.gone, self.stuck = 0, b"", asyncio.Event(), stuck
        query = urlencode({"token": token, "after": after}).encode()
        scope = {"method": method, "path": path, "query_string": query, "headers": []}
        self.running = asyncio.ensure_future(app(hub)(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.written += message.get("body", b"")
        if self.stuck and b"event" in self.written:
            await asyncio.Event().wait()

    async def until(self, word: bytes) -> None:
        for _ in range(1000):
            if word in self.written:
                return
            await asyncio.sleep(0.01)
        raise AssertionError((word, self.written[-300:]))

    async def leave(self) -> None:
        self.gone.set()
        await self.running

    @property
    def news(self) -> list[dict[str, Any]]:
        lines = self.written.decode().splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


def token(key: str, about: str, ago: int = 0) -> str:
    return streams.token(Person.objects.get(pk=key), Ref(about), datetime.now(UTC) - timedelta(seconds=ago))


def here() -> str:
    return streams.seal(door.last_id())


async def done(*args: Any) -> Any:
    """An act of another thread, which closes what it opened."""

    def work() -> Any:
        try:
            return args[0](*args[1:])
        finally:
            connections.close_all()

    return await asyncio.to_thread(work)


def live(test: Callable[[Hub], Awaitable[None]]) -> None:
    """Run a test with a hub that follows the open house."""

    async def run() -> None:
        hub = Hub()
        await hub.start()
        try:
            await test(hub)
        finally:
            await hub.stop()
            door._after.remove(hub.wake)

    asyncio.run(run())


@pytest.fixture
def sitting(demo):
    """The 51st session and its first meeting, open again, with all members present."""
    Session.objects.filter(pk="51").update(state="open")
    Meeting.objects.filter(pk="51/1").update(state="open")
    Presence.objects.filter(meeting="51/1").update(to_at=None)
    return demo


def unseat(member: str) -> None:
    raw = {"member": f"member/{member}", "ruling": "unseat", "reason": "No letter came."}
    perform("credentials.rule", "secretary.ansgar", "session/51", raw)


def leave(member: str) -> None:
    perform("presence.leave", "secretary.ansgar", "meeting/51/1", {"delegations": [f"member/{member}"]})


def enter(member: str) -> None:
    perform("presence.enter", "secretary.ansgar", "meeting/51/1", {"delegations": {member: "room"}})


def test_a_stream_does_not_outlive_an_unseating(sitting):
    lum, cor, place = token("lum.head", "meeting/51/1"), token("cor.head", "meeting/51/1"), here()

    async def test(hub: Hub) -> None:
        unseated, other = Page(hub, lum, place), Page(hub, cor, place)
        await other.until(b"event: ready")
        await unseated.until(b"event: ready")
        await done(unseat, "LUM")
        await asyncio.wait_for(unseated.running, 10)
        assert unseated.written.endswith(b"event: over\ndata:\n\n") and unseated.news == []
        await other.until(b"event: news")
        assert not other.running.done()
        await other.leave()

    live(test)


def test_an_act_on_rights_that_names_nobody_ends_every_stream(sitting):
    lum, place = token("lum.head", "session/51"), here()

    async def test(hub: Hub) -> None:
        page = Page(hub, lum, place)
        await page.until(b"event: ready")
        await done(perform, "body.dissolve", "secretary.ansgar", "body/AC.1", {})
        await asyncio.wait_for(page.running, 10)

    live(test)


def test_a_stream_ends_when_its_token_runs_out_and_an_old_token_opens_none(sitting):
    short, old, place = token("lum.head", "session/51", ago=298), token("lum.head", "session/51", ago=302), here()

    async def test(hub: Hub) -> None:
        page, late = Page(hub, short, place), Page(hub, old, place)
        await asyncio.wait_for(page.running, 10)
        assert page.written.endswith(b"event: over\ndata:\n\n")
        await late.running
        assert (late.status, late.written) == (403, b"")

    live(test)


def test_what_is_no_good_token_is_answered_alike_and_opens_nothing(sitting):
    good, place = token("lum.head", "session/51"), here()

    async def test(hub: Hub) -> None:
        answers = [Page(hub, bad, place) for bad in ("", "forged", good[:-2] + "AA", "ж", streams.seal(3))]
        answers += [Page(hub, good, place, "POST"), Page(hub, good, place, "GET", "/live/x")]
        await asyncio.gather(*(page.running for page in answers))
        assert [page.status for page in answers] == [403, 403, 403, 403, 403, 405, 404]
        assert {page.written for page in answers} == {b""} and hub.count == 0

    live(test)


def test_all_of_an_audience_are_written_the_same_bytes_in_their_own_language(sitting):
    people, place = ("lum.delegate", "ald.delegate"), here()
    tokens = [token(key, "meeting/51/1") for key in people]
    from django.utils import translation

    with translation.override("ru"):
        tokens.append(token("lum.delegate", "meeting/51/1"))

    async def test(hub: Hub) -> None:
        pages = [Page(hub, one, place) for one in tokens]
        for page in pages:
            await page.until(b"event: ready")
        await done(leave, "LUM")
        for page in pages:
            await page.until(b"event: news")
        first, second, russian = (page.news[0] for page in pages)
        assert first == second and first["say"].startswith("LUM left")
        assert "8 of 9 present" in first["parts"]["room-head"] and "Заседание идет" in russian["parts"]["room-head"]
        assert pages[0].written == pages[1].written
        for page in pages:
            await page.leave()
        assert hub.count == 0 and not hub.people

    live(test)


def test_only_parts_that_changed_are_sent_again(sitting):
    lum, place = token("lum.head", "meeting/51/1"), here()

    async def test(hub: Hub) -> None:
        page = Page(hub, lum, place)
        await page.until(b"event: ready")
        await done(leave, "LUM")
        await page.until(b"LUM left")
        await done(perform, "presence.enter", "secretary.ansgar", "meeting/51/1", {"delegations": {"LUM": "room"}})
        await page.until(b"Present at")
        assert set(page.news[1]["parts"]) == {"room-head", "room-presence", "acts"}
        assert "room-question" in page.news[0]["parts"]
        await page.leave()

    live(test)


def test_a_page_catches_up_from_its_place_and_from_none(sitting):
    lum, place = token("lum.head", "meeting/51/1"), here()
    leave("LUM")
    now = here()

    async def test(hub: Hub) -> None:
        behind, level, lost = Page(hub, lum, place), Page(hub, lum, now), Page(hub, lum, "forged")
        for page in (behind, level, lost):
            await page.until(b"event: ready")
        assert behind.news[0]["own"] and "8 of 9 present" in behind.news[0]["parts"]["room-head"]
        assert level.news == [] and lost.news[0]["own"]
        for page in (behind, level, lost):
            await page.leave()

    live(test)


def test_what_one_page_caught_up_with_is_still_told_to_the_others(sitting):
    """The parts made for one that catches up are not taken for sent to all."""
    leave("LUM")
    view = streams.view_of(Person.objects.get(pk="lum.head"), Ref("meeting/51/1"), datetime.now(UTC))
    tail = Tail()
    tail.look()
    before = tail.last
    enter("LUM")
    assert tail.caught_up(view, before, door.last_id())
    news = tail.look()
    told = tail.event(view, news)
    assert told and "9 of 9 present" in json.loads(told)["parts"]["room-head"]


def test_a_slow_page_is_let_go_and_nobody_waits_for_it(sitting):
    slow, quick, place = token("lum.head", "meeting/51/1"), token("cor.head", "meeting/51/1"), here()

    async def test(hub: Hub) -> None:
        stream, page = hub.join(streams.read(slow)), Page(hub, quick, place)
        await page.until(b"event: ready")
        for _ in range(hubs.WAITING):
            stream.waiting.put_nowait(b"x")
        await done(leave, "LUM")
        await page.until(b"event: news")
        for _ in range(200):
            if hub.count == 1:
                break
            await asyncio.sleep(0.01)
        assert hub.count == 1 and stream.waiting.get_nowait() == hubs.LATE and stream.waiting.empty()
        await page.leave()

    live(test)


def test_a_quiet_stream_gives_a_sign_of_life_and_one_that_takes_nothing_is_cut(sitting):
    lum, cor, place = token("lum.head", "session/51"), token("cor.head", "session/51"), here()

    async def test(hub: Hub) -> None:
        quiet, stuck = Page(hub, lum, place), Page(hub, cor, place, stuck=True)
        await quiet.until(b"event: ready")
        await stuck.until(b"retry")
        hub.sweep(time.monotonic() + hubs.HEARTBEAT)
        await quiet.until(b"event: beat")
        hub.sweep(time.monotonic() + hubs.STALLED)
        assert not stuck.running.done()
        hub.sweep(time.monotonic() + hubs.STALLED + 5)
        await asyncio.wait_for(stuck.running, 10)
        assert hub.count == 1
        await quiet.leave()

    live(test)


def test_a_person_has_few_streams_and_a_stopping_house_none(sitting):
    lum, cor, place = token("lum.head", "session/51"), token("cor.head", "session/51"), here()

    async def test(hub: Hub) -> None:
        pages = [Page(hub, lum, place) for _ in range(hubs.EACH)]
        await pages[-1].until(b"event: ready")
        refused, other = Page(hub, lum, place), Page(hub, cor, place)
        await refused.running
        await other.until(b"event: ready")
        assert refused.status == 429
        hub.end_all()
        await asyncio.wait_for(asyncio.gather(*(page.running for page in [*pages, other])), 10)
        last = Page(hub, cor, place)
        await last.running
        assert last.status == 503 and hub.count == 0

    live(test)


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
        told = len(delegate.news)
        await done(plant_paper, "zzred", "RED")
        for _ in range(500):
            if any("issued" in one["say"] for one in secretary.news):
                break
            await asyncio.sleep(0.01)
        assert len(secretary.news) > told and len(delegate.news) == told
        for page in (delegate, secretary):
            await page.leave()

    live(test)


@pytest.mark.parametrize("about", ["session/51", "item/51/4", "meeting/51/1", "question/51/4", "question/51/1"])
@pytest.mark.parametrize("role", ["observer", "delegate", "secretary"])
def test_a_part_for_all_holds_no_form_no_button_and_no_name_of_its_reader(about, role, sitting):
    view = streams.view_of(Person.objects.get(pk=ROLES[role]), Ref(about), datetime.now(UTC))
    made = "".join(fragments.parts(view.about, set(view.audiences), datetime.now(UTC)).values())
    assert made and not any(word in made for word in ("<form", "<button", "csrf", "request_id", ROLES[role]))


def test_nobody_reads_a_number_of_acts_from_the_place_of_a_page():
    place = streams.seal(812)
    assert "812" not in place and streams.unseal(place) == 812
    assert streams.unseal("") == streams.unseal("812") == streams.unseal(place[:-2]) == 0


def test_the_next_token_is_given_as_the_page_is(sitting, enter):
    ask = "/house/live/?about="
    assert enter("").get(ask + "session/51").status_code == 302
    for key, about, status in (
        ("observer.lindqvar", "session/51", 200),
        ("observer.lindqvar", "meeting/51/1", 404),
        ("lum.delegate", "meeting/51/1", 200),
        ("lum.delegate", "question/51/4", 200),
        ("lum.delegate", "question/51/99", 404),
        ("lum.delegate", "person/lum.head", 404),
        ("lum.delegate", "nothing", 404),
        ("lum.delegate", "session/99", 404),
    ):
        answer = enter(key).get(ask + about)
        assert answer.status_code == status, (key, about)
        if status == 200:
            ticket = streams.read(answer.json()["token"])
            assert (ticket.person, ticket.view.about) == (key, about)
            assert answer["Cache-Control"] == "private, no-store"


def test_a_guest_invited_without_papers_is_of_no_audience_that_papers_are_issued_to(sitting):
    guest, key = Person.objects.get(pk="observer.lindqvar"), {"key": "51/9", "number": 9, "session_id": "51"}
    Invitation.objects.all().delete()
    named = {"invitee": {"en": "Lindqvar"}, "kind": "observer", "people": [guest.key], "sent_at": door.now()}
    Invitation.objects.create(**key, **named, rights=[])
    reads = key | {"key": "52/1", "number": 1, "session_id": Session.objects.exclude(pk="51").first().key}
    Invitation.objects.create(**reads, **named, rights=["read_papers"])
    audiences = [
        streams.view_of(guest, Ref(f"session/{one['session_id']}"), datetime.now(UTC)).audiences for one in (key, reads)
    ]
    assert audiences == [("public",), ("community", "public")]
