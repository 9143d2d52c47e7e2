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

import uvicorn

log = logging.getLogger(__name__)

MINUTE = 60.0
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
    seen, next_round = -1, 0.0
    while os.getppid() == parent:
        seen, next_round = _glance(seen, next_round)
        time.sleep(GLANCE)
    os._exit(0)


def _glance(seen: int, next_round: float) -> tuple[int, float]:
    from django.db import DatabaseError, connections

    from chancery.ledger import Refused
    from chancery.press import popular
    from chancery.register import tasks
    from chancery.trail import door

    try:
        newest = door.last_id()
        if newest != seen or time.monotonic() >= next_round:
            popular.rebase_when_due()
            if tasks.is_founded():
                tasks.collect()
            return newest, time.monotonic() + MINUTE
    except (DatabaseError, Refused, OSError):
        log.exception("the collector failed; it tries again")
        return seen, time.monotonic() + MINUTE
    finally:
        connections.close_all()
    return seen, next_round
