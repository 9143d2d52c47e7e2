"""Open pages for tests: streams without a server, and the acts that they are told of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connections

from chancery.council.models import Person
from chancery.desk import streams
from chancery.live.app import app
from chancery.live.hub import Hub
from chancery.trail import door
from chancery.trail.refs import Ref
from tests.test_walk import perform


class Open:
    """The other end of a stream: everything that it was written, until it ended."""

    def __init__(self, app: Any, scope: dict[str, Any], *, stuck: bool = False) -> None:
        self.status, self.written, self.gone, self.stuck = 0, b"", asyncio.Event(), stuck
        self.running = asyncio.ensure_future(app(scope, self._receive, self._send))

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
    def said(self) -> list[dict[str, Any]]:
        """What the events told, one after another."""
        lines = self.written.decode().splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


class Page(Open):
    """An open page."""

    def __init__(
        self, hub: Hub, token: str, after: str = "", method: str = "GET", path: str = "/live/", *, stuck: bool = False
    ) -> None:
        query = urlencode({"token": token, "after": after}).encode()
        scope = {"method": method, "path": path, "query_string": query, "headers": []}
        super().__init__(app(hub), scope, stuck=stuck)


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


def unseat(member: str) -> None:
    raw = {"member": f"member/{member}", "ruling": "unseat", "reason": "No letter came."}
    perform("credentials.rule", "secretary.ansgar", "session/51", raw)


def leave(member: str) -> None:
    perform("presence.leave", "secretary.ansgar", "meeting/51/1", {"delegations": [f"member/{member}"]})


def enter_room(member: str) -> None:
    perform("presence.enter", "secretary.ansgar", "meeting/51/1", {"delegations": {member: "room"}})
