"""How the acts on texts read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "draft.table": _("{result} was tabled in {text}"),
        "draft.translate": _("{subject} was translated into {language}"),
        "draft.sponsor": _("The sponsors of {subject} changed: {member}"),
        "draft.withdraw": _("{subject} was withdrawn"),
        "draft.freeze": _("{subject} was frozen in {languages} as {result}"),
    }
)
