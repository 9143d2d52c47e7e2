"""A page that follows what happens asks here for its next token."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from chancery.trail import refs
from chancery.trail.errors import Unknown

from .. import streams
from ..queries import session as sessions


@require_safe
def live(request: Any) -> HttpResponse:
    """A fresh token and the count of news where the fetchers still let the reader in; else what is unknown gives."""
    asked = request.GET.get("about", "")
    try:
        about = refs.read(asked, "meeting", "question", "item", "session")
    except ValueError:
        raise Unknown(asked, "") from None
    streams.may_follow(request.person, about, request.at)
    session = sessions.session_for(about.key.partition("/")[0], (request.person, request.at))
    news = render_to_string("desk/live/news.html", {"news": session.__dict__["news"]})
    return JsonResponse({"token": streams.token(request.person, about, request.at), "news": news})
