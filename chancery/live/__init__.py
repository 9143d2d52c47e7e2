"""Live pages: server-sent events from a plain ASGI app beside Django, which tails the trail."""
