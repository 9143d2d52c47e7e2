"""The one ASGI entry: Django under a2wsgi, which streams and keeps its threads, and live pages beside it."""

from __future__ import annotations

import os
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.site.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 (settings first)

pages = WSGIMiddleware(get_wsgi_application(), workers=32)  # type: ignore[arg-type]  # Django's own WSGI types are narrower

from chancery.live import programs  # noqa: E402 (the apps are loaded)
from chancery.live.app import app  # noqa: E402
from chancery.live.hub import hub  # noqa: E402

live = app(hub)
events = programs.app(hub)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Streams to the app of live pages, everything else to Django; the server's own start and stop to the hub."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"].startswith("/live/"):
        await live(scope, receive, send)
    elif scope["path"] == "/api/events":
        await events(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    await hub.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await send({"type": "lifespan.shutdown.complete"})
