"""How the acts on papers read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "paper.table": _("{result} was tabled in {files}"),
        "paper.revise": _("{subject} was revised as {result}"),
        "paper.add": _("An addendum to {subject} was tabled as {result}"),
        "paper.correct": _("A corrigendum to {subject} was tabled as {result}"),
        "paper.withdraw": _("{subject} was withdrawn: {reason}"),
        "paper.mark": _("{subject} was marked {marking}"),
        "paper.issue": _("{subject} was issued"),
        "paper.translate": _("{subject} was translated into {language}"),
    }
)
