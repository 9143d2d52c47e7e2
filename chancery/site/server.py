"""The web process and, forked from it, the worker that collects. One command, one process tree, a clean stop."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import time
from datetime import UTC, date, datetime
from typing import Any

import uvicorn

log = logging.getLogger(__name__)

MINUTE = 60.0
PAUSE = 2.0
GLANCE = 0.2


class Server(uvicorn.Server):
    """The web server; before it waits for what is open, live pages end themselves."""

    async def shutdown(self, sockets: Any = None) -> None:
        from chancery.live.hub import hub

        hub.end_all()
        await super().shutdown(sockets)


def serve(host: str, port: int) -> None:
    """Serve until told to stop. The worker ends with the web process, whatever happens to it."""
    _get_ready()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _work(parent)
    try:
        _run(host, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def serve_web(host: str, port: int) -> None:
    """A web process alone: one of several, beside a worker that is started on its own."""
    _get_ready()
    _run(host, port)


def work() -> None:
    """The worker alone, until told to stop."""
    _get_ready()
    _work(os.getppid(), alone=True)


def _get_ready() -> None:
    """Many files may be open; everything is loaded, no connection is open and no thread runs: a fork is safe."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    import chancery.site.asgi  # noqa: F401 (loads everything)

    gc.collect()
    gc.freeze()


def _run(host: str, port: int) -> None:
    from django.conf import settings

    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it is down; the worker must still be stopped after it.
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        "chancery.site.asgi:application",
        host=host,
        port=port,
        lifespan="on",
        log_level="warning",
        timeout_graceful_shutdown=4,
        server_header=False,
        proxy_headers=bool(settings.PROXIES),
        forwarded_allow_ips=settings.PROXIES,
    )
    Server(config).run()


def _work(parent: int, *, alone: bool = False) -> None:
    """The worker's whole life: look at the trail, collect when it moved, and once a minute in any case."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # Ctrl-C reaches the whole process tree; a worker forked from the web process is stopped by that one, in order.
    signal.signal(signal.SIGINT, (lambda *_: os._exit(0)) if alone else signal.SIG_IGN)
    if sys.platform == "linux" and not alone:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    os.nice(5)
    worker = Worker()
    while alone or os.getppid() == parent:
        worker.glance()
        time.sleep(GLANCE)
    os._exit(0)


class Worker:
    """Looks at the trail often, and does a round when it moved or when its time has come."""

    def __init__(self) -> None:
        self._seen, self._next, self._mail = -1, 0.0, 0.0
        self._forgot: date | None = None
        self._collector: Any = None

    def glance(self) -> None:
        """One look. A failure is logged and tried again a little later; nothing is lost by it."""
        from django.db import DatabaseError, connections

        from chancery.ledger import Refused
        from chancery.trail import door

        try:
            self._hand_over()
            newest = door.last_id()
            if newest != self._seen or time.monotonic() >= self._next:
                self._round()
                self._seen = newest
        except (DatabaseError, Refused, OSError) as error:
            log.warning("the collector waits and tries again: %s", error)
            self._next = time.monotonic() + PAUSE
        finally:
            connections.close_all()

    def _hand_over(self) -> None:
        """Mail the links that people wait for at the door, every few seconds."""
        from .doors import following

        if time.monotonic() >= self._mail:
            following.hand_over()
            self._mail = time.monotonic() + PAUSE

    def _round(self) -> None:
        from chancery.notices import tasks as notices
        from chancery.press import popular
        from chancery.register import tasks
        from chancery.search.tasks import catch_up
        from chancery.trail import files

        catch_up()
        notices.collect()
        popular.rebase_when_due()
        self._forget()
        files.sweep()
        if tasks.is_founded():
            self._collector = self._collector or tasks.Collector()
            self._collector.round()
            self._next = time.monotonic() + (PAUSE if tasks.asks_witnesses() else MINUTE)
        else:
            self._next = time.monotonic() + MINUTE

    def _forget(self) -> None:
        """Once a day, and at the start: what is kept for a time only goes when its time is over."""
        from chancery.papers import reading

        from .doors import following

        at = datetime.now(UTC)
        if self._forgot != at.date():
            reading.forget_openings(at)
            following.forget(at)
            self._forgot = at.date()
