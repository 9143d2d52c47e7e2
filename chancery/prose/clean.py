"""The clean text: what is adopted. Nothing open is left; ids and holders are gone, notes stay."""

from __future__ import annotations

from . import brackets
from .errors import DoesNotApply
from .units import cut, glue, is_meta, prefix


def clean(text: str, *, ids: bool = False) -> str:
    """`text` without ids (unless `ids`). Raises DoesNotApply where a bracket, an option or an ∅ is left."""
    pieces = cut(text)
    open_ = remaining(text)
    if any(open_.values()):
        raise DoesNotApply(", ".join(f"{count} {what}" for what, count in open_.items() if count) + " left open")
    if ids:
        return text
    bodies = [body if is_meta(at, body) else body[: prefix(body).stop] for at, body in enumerate(pieces.bodies)]
    return glue(bodies, pieces.leads, pieces.end)


def remaining(text: str) -> dict[str, int]:
    """What keeps a text from being clean, counted."""
    bodies = cut(text).bodies
    found = brackets.parse(bodies)
    own = [prefix(body) for at, body in enumerate(bodies) if not is_meta(at, body)]
    return {
        "brackets": len(found.pairs),
        "signs without their other half": len(found.unpaired),
        "options": sum(around.kind == "option" for around in own),
        "provisions without text (∅)": sum(body[prefix(body).start :] == brackets.NO_TEXT for body in bodies),
    }
