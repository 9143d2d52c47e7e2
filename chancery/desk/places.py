"""Where a thing has its page in the house."""

from __future__ import annotations

from django.urls import reverse

from chancery.trail.refs import Ref

_OWN = {
    "paper": "house-paper",
    "draft": "house-draft",
    "question": "house-question",
    "decision": "house-decision",
    "instrument": "house-instrument",
    "release": "house-release",
    "session": "house-desk",
    "meeting": "house-room",
    "item": "house-item",
    "circular": "house-circular",
}


def place(ref: Ref) -> str:
    """The address of a thing's page, or nothing where it has none of its own."""
    kind, key = ref.kind, ref.key
    session, _, rest = key.partition("/")
    if kind in _OWN:
        return reverse(_OWN[kind], args=[key])
    match kind:
        case "council" | "member" | "body" | "series" | "person":
            return reverse("house-council") + (f"#{key}" if key else "")
        case "invitation":
            return reverse("house-delegations", args=[session]) + f"#invitation-{rest}"
        case "letter":
            return reverse("house-circulars")
        case "agenda":
            return reverse("house-agenda-versions", args=[session])
        case "delegation":
            return reverse("house-delegations", args=[session]) + f"#{rest}"
        case "version":
            return reverse("house-draft", args=[key.rpartition("/")[0]])
        case "result":
            return reverse("house-question", args=[key])
        case _:
            return ""
