"""The ASGI app of /api/events: what happens, for programs, as far as the person of the token may see it.

A program has few streams and reads the record itself, so each of its looks asks again whether the token still holds.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from chancery.council import tokens
from chancery.desk import access, streams
from chancery.desk.queries.history import line
from chancery.trail.memory import remembering

from .app import HEADERS, Receive, Scope, Send
from .hub import Hub

# A stream ends after so many seconds, and the program asks again from its place; so often it looks, or gives a sign.
LIFETIME, GLANCE, HEARTBEAT = 300.0, 0.25, 20.0
# So many acts are written at once, and so many streams one person may have open.
MOST, EACH = 200, 5

PROBLEM = {
    401: b'{"type":"about:blank","title":"No token","status":401,"detail":"a token of this house is needed"}',
    405: b'{"type":"about:blank","title":"Not done","status":405,"detail":"events are read with GET"}',
    429: b'{"type":"about:blank","title":"Not done","status":429,"detail":"you have five streams open already"}',
    503: b'{"type":"about:blank","title":"Not done","status":503,"detail":"the house is being stopped; ask again"}',
}


def app(hub: Hub) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The app that serves programs what a hub's tail has seen."""
    open_: Counter[str] = Counter()

    async def events(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        secret = headers.get(b"authorization", "").removeprefix("Bearer ")
        person = await hub.work(lambda: _holder(secret))
        status = _status(hub, scope, person, open_)
        if status != 200:
            await _refuse(send, status)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
        place = streams.unseal(headers.get(b"last-event-id", "") or asked) or hub.tail.last
        open_[person] += 1
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await _run(hub, secret, place, gone, send)
        finally:
            open_[person] -= 1
            gone.cancel()

    return events


def _status(hub: Hub, scope: Scope, person: str, open_: Counter[str]) -> int:
    if scope["method"] != "GET":
        return 405
    if not person:
        return 401
    if hub.stopping:
        return 503
    return 429 if open_[person] >= EACH else 200


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"application/problem+json"), *HEADERS[1:-1]]
    headers += [(b"www-authenticate", b"Bearer")] if status == 401 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": PROBLEM[status]})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _run(hub: Hub, secret: str, place: int, gone: asyncio.Future[None], send: Send) -> None:
    """Write what is new until the program is gone, the time is over, the token holds no more or the house stops."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"retry: 1500\n\n", "more_body": True})
    until, beat = time.monotonic() + LIFETIME, 0.0
    while not gone.done() and not hub.stopping and time.monotonic() < until:
        last = hub.tail.last
        if last > place or time.monotonic() >= beat:
            told = await hub.work(lambda place=place, last=last: _news(secret, place, last))  # type: ignore[misc]
            if told is None:
                break
            chunk, place = told
            beat = time.monotonic() + HEARTBEAT
            await send({"type": "http.response.body", "body": chunk or b":\n\n", "more_body": True})
        await asyncio.wait({gone}, timeout=GLANCE)
    await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n", "more_body": False})


def _holder(secret: str) -> str:
    found = tokens.known(secret, datetime.now(UTC))
    return str(found.person.pk) if found else ""


def _news(secret: str, place: int, last: int) -> tuple[bytes, int] | None:
    """The acts between two places that the holder of the token may see, and how far was read; none without a token."""
    at = datetime.now(UTC)
    token = tokens.known(secret, at)
    if token is None:
        return None
    with remembering():
        seen = access.visible_acts(token.person, at).filter(id__gt=place, id__lte=last).order_by("id")[:MOST]
        acts = list(seen)
    reached = acts[-1].id if len(acts) == MOST else max(place, last)
    return b"".join(_event(streams.seal(act.id), line(act)) for act in acts), reached


def _event(place: str, act: dict[str, object]) -> bytes:
    said = json.dumps(act, ensure_ascii=False, default=str, separators=(",", ":"))
    return f"id: {place}\nevent: act\ndata: {said}\n\n".encode()
