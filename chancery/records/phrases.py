"""How the acts on records read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "final.compile": _("The final document of {subject} was compiled as {result}"),
        "record.contest": _("{for} contests what was entered for it on {subject} ({place}): it should be {should_be}"),
    }
)
