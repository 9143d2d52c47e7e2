"""How the acts on decisions read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "decision.issue": _("{subject} was issued as decision {result}"),
        "statement.file": _("{authors} filed a statement ({kind}) on {subject}"),
        "statement.withdraw": _("{for} withdrew {subject}"),
    }
)
