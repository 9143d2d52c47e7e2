"""Streams: who is told what, and when a stream ends."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime

import pytest

from chancery.council.models import Person
from chancery.desk import fragments, streams
from chancery.live import hub as hubs
from chancery.live.hub import Hub
from chancery.live.tail import Tail
from chancery.meetings.models import Invitation, Session
from chancery.trail import door
from chancery.trail.refs import Ref
from tests.test_walk import ROLES, perform

from .pages import Page, done, enter_room, here, leave, live, token, unseat


def test_a_stream_does_not_outlive_an_unseating(sitting):
    lum, cor, place = token("lum.head", "meeting/51/1"), token("cor.head", "meeting/51/1"), here()

    async def test(hub: Hub) -> None:
        unseated, other = Page(hub, lum, place), Page(hub, cor, place)
        await other.until(b"event: ready")
        await unseated.until(b"event: ready")
        await done(unseat, "LUM")
        await asyncio.wait_for(unseated.running, 10)
        assert unseated.written.endswith(b"event: over\ndata:\n\n") and unseated.said == []
        await other.until(b"event: news")
        assert not other.running.done()
        await other.leave()

    live(test)


def test_an_unseated_delegation_finds_the_room_shut_and_gets_no_new_token(sitting, enter):
    addresses = ("/house/room/51/1/", "/house/live/?about=meeting/51/1")
    assert [enter("lum.head").get(address).status_code for address in addresses] == [200, 200]
    unseat("LUM")
    assert [enter("lum.head").get(address).status_code for address in addresses] == [404, 404]
    assert [enter("cor.head").get(address).status_code for address in addresses] == [200, 200]


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
        first, second, russian = (page.said[0] for page in pages)
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
        assert set(page.said[1]["parts"]) == {"room-head", "room-presence", "acts"}
        assert "room-question" in page.said[0]["parts"]
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
        assert behind.said[0]["own"] and "8 of 9 present" in behind.said[0]["parts"]["room-head"]
        assert level.said == [] and lost.said[0]["own"]
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
    enter_room("LUM")
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
