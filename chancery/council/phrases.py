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
        "key.confirm": _("The key of {subject} was confirmed by {channel}"),
        "key.revoke": _("A key of {subject} was revoked: {reason}"),
        "council.amend": _("The {field} of the council was amended from {from}"),
        "rules.adopt": _("New rules of procedure were adopted ({file}), in force from {from}"),
        "series.add": _("{result} was added: {pattern}"),
        "member.join": _("{result} joined the council from {from}"),
        "member.leave": _("{subject} leaves the council from {from}"),
        "rights.suspend": _("The right of {subject} to vote is suspended from {from}: {reason}"),
        "rights.restore": _("The right of {subject} to vote is restored from {from}: {reason}"),
        "person.appoint": _("{name} was brought in as {result}"),
        "person.confirm": _("{subject} was confirmed"),
        "person.recover": _("{subject} begins anew, without vote until confirmed: {reason}"),
        "person.release": _("{subject} was released: {reason}"),
        "chair.cede": _("The chair of {subject} was ceded to {member}: {reason}"),
        "body.renew": _("The mandate of {subject} was renewed until {sunset}"),
        "body.merge": _("The body {subject} was merged into {into}"),
        "operator.enter": _("The operator opened access to data until {until}: {reason}"),
        "operator.leave": _("The operator's access to data ended"),
    }
)
