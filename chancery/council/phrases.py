"""How the council's acts read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "council.found": _("The council was founded"),
        "chair.assume": _("{member} takes the chair of {subject} from {from}"),
        "body.establish": _("The body {result} was established, chaired by {chair}"),
        "body.dissolve": _("The body {subject} was dissolved"),
        "key.enrol": _("The key of {subject} was enrolled"),
    }
)
