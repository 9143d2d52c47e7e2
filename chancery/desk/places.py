"""Where a thing has its page in the house: the one home of these addresses."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from chancery.press import decided
from chancery.trail.refs import Ref

# Kinds that have a page of their own, in the order in which an exact symbol opens them.
OWN = {
    "paper": "house-paper",
    "decision": "house-decision",
    "instrument": "house-instrument",
    "draft": "house-draft",
    "question": "house-question",
    "session": "house-desk",
    "meeting": "house-room",
    "item": "house-item",
    "circular": "house-circular",
}


def place(ref: Ref, *, press: bool = True) -> str:
    """The address of a thing's page, or nothing where it has none. Releases have theirs in the house for `press`."""
    kind, key = ref.kind, ref.key
    session, _, rest = key.partition("/")
    if kind in OWN:
        return reverse(OWN[kind], args=[key])
    match kind:
        case "council" | "member" | "body" | "series" | "person":
            return reverse("house-council") + (f"#{key}" if key else "")
        case "invitation":
            return reverse("house-delegations", args=[session]) + f"#invitation-{rest}"
        case "letter":
            return reverse("house-circulars")
        case "release":
            return reverse("house-release", args=[key]) if press else reverse("short", args=[rest])
        case "agenda":
            return reverse("house-agenda-versions", args=[session])
        case "delegation":
            return reverse("house-delegations", args=[session]) + f"#{rest}"
        case "version" | "statement":
            return reverse(OWN["draft" if kind == "version" else "question"], args=[key.rpartition("/")[0]])
        case "result":
            return reverse("house-question", args=[key])
        case "speech":
            return reverse("speech", args=[decided.language(), session, rest])
        case _:
            return ""


def place_or_history(ref: Ref, *, press: bool) -> str:
    """The page on which a reader finds what `ref` names; what has none is found in its history."""
    return place(ref, press=press) or f"{reverse('house-history')}?{urlencode({'of': ref})}"
