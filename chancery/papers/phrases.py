"""How the acts on papers read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "paper.table": _("{result} was tabled in {files}"),
        "paper.issue": _("{subject} was issued"),
        "paper.translate": _("{subject} was translated into {language}"),
    }
)
