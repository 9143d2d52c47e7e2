"""The streams that are open, and the loop that carries what the tail makes to all of them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from django.db import connections

from chancery.desk import streams
from chancery.desk.streams import Ticket, View
from chancery.trail import door
from chancery.trail.models import Record

from .tail import News, Tail

log = logging.getLogger(__name__)

Made = TypeVar("Made")

# How often the trail is looked at: acts of this process wake the loop at once, those of others are found so.
GLANCE, IDLE = 0.05, 1.0
WAITING = 64
# Each stream is written something at least so often, and one that takes nothing for so long is let go.
HEARTBEAT, STALLED = 20.0, 30.0
# So many streams one person may have open: one for each page in sight, and then some.
EACH = 20
# Pages fetch what is their reader's alone at some moment of so many seconds for each open stream, not all at once.
APART = 0.05

BEAT = b"event: beat\ndata:\n\n"
READY = b"event: ready\ndata:\n\n"
OVER = b"event: over\ndata:\n\n"
LATE = b"event: late\ndata:\n\n"
LAST = (OVER, LATE)
# What is said of a view that could not be made: look for yourself.
LOOK = b'{"own":true,"say":"","parts":{}}'


class Stream:
    """One open page: its ticket, what waits to be written to it, and until when it may be open."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue(WAITING)
        # Tokens given together do not run out together.
        left = max(ticket.until - time.time(), 0)
        self.until = time.monotonic() + left * (60 + secrets.randbelow(40)) / 100
        self.beat = time.monotonic() + HEARTBEAT
        self.busy_since: float | None = None
        self.writing: asyncio.Future[None] | None = None

    def end(self, last: bytes) -> None:
        """Nothing that waits is written any more, but `last`, after which the stream closes."""
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(last)


class Hub:
    """All streams of this process. Its methods are called in the loop; `wake` from anywhere."""

    def __init__(self) -> None:
        self.tail = Tail()
        self.open: dict[View, set[Stream]] = {}
        self.people: Counter[str] = Counter()
        # Streams that were told their last word and have perhaps not taken it yet.
        self.ending: set[Stream] = set()
        self.stopping = False
        self._moved = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = ThreadPoolExecutor(1, "live")
        self._following: asyncio.Task[None] | None = None
        self._catching: dict[tuple[View, int, int], asyncio.Future[bytes | None]] = {}

    @property
    def count(self) -> int:
        return sum(len(some) for some in self.open.values())

    async def start(self) -> None:
        """Begin at the trail's end; what came before is on the pages."""
        self._loop = asyncio.get_running_loop()
        await self.work(self.tail.look)
        door.after(self.wake)
        self._following = asyncio.create_task(self._follow())

    def sweep(self, now: float) -> None:
        """Streams whose time is over end, those that take nothing are cut, the quiet ones get a sign of life."""
        for stream in [one for some in self.open.values() for one in some]:
            if now >= stream.until:
                self.end(stream, OVER)
            elif now >= stream.beat:
                stream.beat = now + HEARTBEAT
                self._give(stream, BEAT)
        self.ending = {one for one in self.ending if one.writing and not one.writing.done()}
        for stream in [*self.ending, *(one for some in self.open.values() for one in some)]:
            if stream.writing and stream.busy_since is not None and now - stream.busy_since > STALLED:
                stream.writing.cancel()

    async def stop(self) -> None:
        """End all streams, and the loop."""
        self.end_all()
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)

    def end_all(self) -> None:
        """The process stops: each stream ends itself, and none begins."""
        self.stopping = True
        for stream in [one for some in self.open.values() for one in some]:
            self.end(stream, OVER)

    def wake(self, records: list[Record]) -> None:
        """An act was done in this process."""
        if self._loop and not self.stopping:
            self._loop.call_soon_threadsafe(self._moved.set)

    def join(self, ticket: Ticket) -> Stream | None:
        """A new stream; none where the person has too many, or the process stops."""
        if self.stopping or self.people[ticket.person] >= EACH:
            return None
        stream = Stream(ticket)
        self.open.setdefault(ticket.view, set()).add(stream)
        self.people[ticket.person] += 1
        self._moved.set()
        return stream

    def leave(self, stream: Stream) -> None:
        """The stream takes no more events."""
        view = stream.ticket.view
        if stream not in self.open.get(view, ()):
            return
        self.open[view].discard(stream)
        self.people[stream.ticket.person] -= 1
        if not self.people[stream.ticket.person]:
            del self.people[stream.ticket.person]
        if not self.open[view]:
            del self.open[view]
            if not self.stopping:
                self._thread.submit(self.tail.forget, [view])

    def end(self, stream: Stream, last: bytes) -> None:
        self.leave(stream)
        self.ending.add(stream)
        stream.end(last)

    async def catch_up(self, stream: Stream, after: int) -> None:
        """Tell a page what happened since its place; pages at the same place share the answer."""
        view, last = stream.ticket.view, self.tail.last
        if after != last:
            key = (view, after, last)
            if key not in self._catching:
                self._catching[key] = asyncio.ensure_future(self.work(lambda: self.tail.caught_up(*key)))
                self._catching[key].add_done_callback(lambda _: self._catching.pop(key, None))
            if event := await asyncio.shield(self._catching[key]):
                self._give(stream, self._framed(event, last))
        self._give(stream, READY)

    async def _follow(self) -> None:
        swept = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), GLANCE if self.open else IDLE)
            self._moved.clear()
            if time.monotonic() >= swept + 1:
                swept = time.monotonic()
                self.sweep(swept)
            try:
                await self._step()
            except Exception:  # noqa: BLE001 (a fault in one look must not silence every page; the next look tries again)
                log.exception("live pages: a look at the trail failed")
                await self.work(connections.close_all)
                await asyncio.sleep(IDLE)

    async def _step(self) -> None:
        news = await self.work(self.tail.look)
        if news is None:
            return
        for ended in news.ended:
            for stream in [one for some in self.open.values() for one in some if ended.ends(one.ticket)]:
                self.end(stream, OVER)
        last = self.tail.last
        # Taken after the place has moved: who joins from now on asks for what came after the page's own place.
        for view in sorted(self.open, key=lambda view: -len(self.open[view])):
            await self._tell(view, news, last)

    async def _tell(self, view: View, news: News, last: int) -> None:
        event: bytes | None = LOOK
        try:
            event = await self.work(lambda: self.tail.event(view, news))
        except Exception:  # noqa: BLE001 (one view that cannot be made must not keep the news from the others)
            log.exception("live pages: %s could not be made", view.about)
        if event:
            framed = self._framed(event, last)
            for stream in list(self.open.get(view, ())):
                self._give(stream, framed)

    def _framed(self, event: bytes, last: int) -> bytes:
        spread = min(int(self.count * APART * 1000), 30_000)
        return b'id: %s\nevent: news\ndata: {"spread":%d,%s\n\n' % (streams.seal(last).encode(), spread, event[1:])

    def _give(self, stream: Stream, event: bytes) -> None:
        try:
            stream.waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.end(stream, LATE)

    async def work(self, work: Callable[[], Made]) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


hub = Hub()


def place() -> int:
    """Where in the trail this process is: a page begun now holds at least everything up to there."""
    return hub.tail.last
