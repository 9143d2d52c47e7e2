"""How the acts of signing read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "signature.open": _("{subject} was opened for signature by {signatories}"),
        "signature.give": _("{for} signed {subject}"),
        "signature.decline": _("{for} declined to sign {subject}: {reason}"),
        "signature.withdraw": _("{for} took its signature back from {subject}: {reason}"),
        "signature.close": _("The round of signatures of {subject} was closed"),
    }
)
