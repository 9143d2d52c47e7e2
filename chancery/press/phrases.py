"""How the acts of the press centre read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "release.draft": _("{result} was drafted ({kind}) in {body}"),
        "release.clear": _("The wording of {subject} was cleared"),
        "release.issue": _("{subject} was released"),
        "release.correct": _("{subject} was superseded: {kind}"),
        "release.withdraw": _("{subject} was withdrawn: {reason}"),
        "rates.import": _("Rates of the bank {bank} were imported from {file}"),
    }
)
