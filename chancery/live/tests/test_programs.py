"""The stream of programs: each act that the token's person may see, in order, while the token holds."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from chancery.council import tokens
from chancery.council.models import ApiToken, Person
from chancery.live import programs
from chancery.live.hub import Hub
from chancery.trail import door
from tests.test_walk import plant_paper

from .pages import Open, done, live


class Program(Open):
    """An open stream of a program."""

    def __init__(self, app: Any, secret: str, after: str = "", method: str = "GET") -> None:
        headers = [(b"authorization", f"Bearer {secret}".encode())]
        super().__init__(
            app, {"method": method, "query_string": urlencode({"after": after}).encode(), "headers": headers}
        )

    @property
    def places(self) -> list[str]:
        return [text[4:] for text in self.written.decode().splitlines() if text.startswith("id: ")]


@pytest.fixture
def secret(demo):
    def of(person: str) -> str:
        at = door.now()
        return tokens.make(Person.objects.get(pk=person), "watch", [], at + timedelta(days=1), at)[1]

    return of


def test_a_program_hears_of_each_act_in_order_and_goes_on_from_its_place(secret):
    bearer = secret("secretary.ansgar")

    async def hearing(hub: Hub) -> None:
        app = programs.app(hub)
        first = Program(app, bearer)
        await first.until(b":\n\n")
        await done(plant_paper, "Weirs", "CLEAR")
        await first.until(b"paper.issue")
        assert [act["act"] for act in first.said] == ["paper.table", "paper.issue"]
        await first.leave()
        await done(plant_paper, "Sluices", "CLEAR")
        again = Program(app, bearer, after=first.places[0])
        for _ in range(500):
            if len(again.said) == 3:
                break
            await asyncio.sleep(0.01)
        assert [act["act"] for act in again.said] == ["paper.issue", "paper.table", "paper.issue"]
        await again.leave()

    live(hearing)


def test_what_a_person_may_not_see_is_not_told_and_leaves_no_gap(secret):
    bearer = secret("lum.delegate")

    async def hearing(hub: Hub) -> None:
        one = Program(programs.app(hub), bearer)
        await one.until(b":\n\n")
        await done(plant_paper, "zzmole", "RED")
        await done(plant_paper, "Weirs", "CLEAR")
        await one.until(b"paper.issue")
        await one.leave()
        assert b"zzmole" not in one.written and b'"id":' not in one.written
        assert not any(place.isdecimal() for place in one.places)

    live(hearing)


def test_a_stream_ends_when_its_token_does(secret, monkeypatch):
    bearer = secret("lum.delegate")
    monkeypatch.setattr(programs, "HEARTBEAT", 0.1)

    async def hearing(hub: Hub) -> None:
        one = Program(programs.app(hub), bearer)
        await one.until(b":\n\n")
        await done(lambda: ApiToken.objects.update(revoked_at=door.now()))
        await one.until(b"event: over")
        await one.running

    live(hearing)


def test_without_a_good_token_or_with_too_many_streams_there_is_a_problem_document(secret):
    bearer = secret("lum.delegate")

    async def hearing(hub: Hub) -> None:
        app = programs.app(hub)
        for given, method, status in ((bearer, "POST", 405), ("forged", "GET", 401), ("", "GET", 401)):
            refused = Program(app, given, method=method)
            await refused.running
            assert refused.status == json.loads(refused.written)["status"] == status
        several = [Program(app, bearer) for _ in range(programs.EACH)]
        for one in several:
            await one.until(b":\n\n")
        more = Program(app, bearer)
        await more.running
        assert more.status == 429
        for one in several:
            await one.leave()
        once_more = Program(app, bearer)
        await once_more.until(b":\n\n")
        await once_more.leave()

    live(hearing)
