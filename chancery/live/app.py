"""The ASGI app under /live/: one address, which writes events to a page until its token runs out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from chancery.desk import streams

from .hub import LAST, Hub, Stream

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-accel-buffering", b"no"),
]


def app(hub: Hub) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app that serves the streams of a hub."""

    async def live(scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        stream = _admitted(hub, scope, asked)
        if isinstance(stream, int):
            await _refuse(send, stream)
        else:
            seen = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1") or asked.get("after", [""])[0]
            await _run(hub, stream, streams.unseal(seen), receive, send)

    return live


def _admitted(hub: Hub, scope: Scope, asked: dict[str, list[str]]) -> Stream | int:
    """A stream for a good token; else a status, 403 alike for every token that is not good."""
    if scope["path"] != "/live/":
        return 404
    if scope["method"] != "GET":
        return 405
    ticket = streams.read(asked.get("token", [""])[0])
    if ticket is None:
        return 403
    return hub.join(ticket) or (503 if hub.stopping else 429)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": HEADERS[1:-1]})
    await send({"type": "http.response.body", "body": b""})


async def _run(hub: Hub, stream: Stream, after: int, receive: Receive, send: Send) -> None:
    """Write until the stream ends or the page is gone."""
    writing = stream.writing = asyncio.ensure_future(_write(stream, send))
    gone = asyncio.ensure_future(_gone(receive))
    catching = asyncio.ensure_future(hub.catch_up(stream, after))
    try:
        await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(stream)
        for task in (writing, gone, catching):
            task.cancel()
        await asyncio.gather(writing, gone, catching, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(stream: Stream, send: Send) -> None:
    """Whatever is given to the stream, until its last word. The hub says when its time is over."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    # The browser tries again by itself after so many milliseconds; the first bytes open the stream at once.
    await send({"type": "http.response.body", "body": b"retry: 1500\n\n", "more_body": True})
    chunk = b""
    while chunk not in LAST:
        stream.busy_since = None
        chunk = await stream.waiting.get()
        stream.busy_since = time.monotonic()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
