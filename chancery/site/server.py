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


def serve(host: str, port: int) -> None:
    """Serve until told to stop. The worker ends with the web process, whatever happens to it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    import chancery.site.asgi  # noqa: F401 (everything is loaded before the fork; no connection is open)

    gc.collect()
    gc.freeze()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _work(parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it is down; the worker must still be stopped after it.
        signal.signal(number, lambda *_: None)
    try:
        config = uvicorn.Config(
            "chancery.site.asgi:application",
            host=host,
            port=port,
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=4,
            server_header=False,
        )
        uvicorn.Server(config).run()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _work(parent: int) -> None:
    """The worker's whole life: look at the trail, collect when it moved, and once a minute in any case."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    os.nice(5)
    worker = Worker()
    while os.getppid() == parent:
        worker.glance()
        time.sleep(GLANCE)
    os._exit(0)


class Worker:
    """Looks at the trail often, and does a round when it moved or when its time has come."""

    def __init__(self) -> None:
        self._seen, self._next = -1, 0.0
        self._forgot: date | None = None
        self._collector: Any = None

    def glance(self) -> None:
        """One look. A failure is logged and tried again a little later; nothing is lost by it."""
        from django.db import DatabaseError, connections

        from chancery.ledger import Refused
        from chancery.trail import door

        try:
            newest = door.last_id()
            if newest != self._seen or time.monotonic() >= self._next:
                self._round()
                self._seen = newest
        except (DatabaseError, Refused, OSError) as error:
            log.warning("the collector waits and tries again: %s", error)
            self._next = time.monotonic() + PAUSE
        finally:
            connections.close_all()

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

        at = datetime.now(UTC)
        if self._forgot != at.date():
            reading.forget_openings(at)
            self._forgot = at.date()
