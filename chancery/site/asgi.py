"""The one ASGI entry: Django under a2wsgi, which streams and keeps its threads."""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.site.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 (settings first)

application = WSGIMiddleware(get_wsgi_application(), workers=32)  # type: ignore[arg-type]  # Django's own WSGI types are narrower
