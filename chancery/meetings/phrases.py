"""How the acts of meetings read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "session.plan": _("{result} was planned"),
        "session.convene": _("{subject} was convened; the notice went out in {notice}"),
        "session.postpone": _("{subject} was postponed: {reason}"),
        "session.cancel": _("{subject} was cancelled: {reason}"),
        "letter.receive": _("A letter of {from} came in ({reference}), kept as {result}"),
        "invitation.send": _("{invitee} was invited as {as}: {result}"),
        "invitation.reply": _("{subject} was {answer}"),
        "delegation.substitute": _("{in} takes the place of {out} in {subject}"),
        "credentials.object": _("An objection was made to the credentials of {member}: {reason}"),
        "item.add": _("{result} was added to the agenda: {reason}"),
        "item.withdraw": _("{subject} was withdrawn: {reason}"),
        "item.reopen": _("{subject} was reopened: {reason}"),
        "meeting.plan": _("{result} was planned"),
        "meeting.adjourn": _("{subject} was adjourned"),
        "presence.challenge": _("The quorum was challenged: {subject}"),
        "session.open": _("{subject} was opened"),
        "session.close": _("{subject} was closed"),
        "circular.send": _("Circular {result} was sent"),
        "delegation.notify": _("{member} notified its delegation, headed by {head}"),
        "credentials.receive": _("The credentials of {member} came in ({form})"),
        "credentials.rule": _("The ruling on the credentials of {member}: {ruling}"),
        "agenda.issue": _("The {stage} agenda was issued as {result}"),
        "agenda.adopt": _("{result} was adopted"),
        "item.take_up": _("{subject} was taken up"),
        "item.conclude": _("{subject} was concluded: {outcome}"),
        "meeting.open": _("{result} was opened"),
        "meeting.suspend": _("{subject} was suspended"),
        "meeting.resume": _("{subject} was resumed"),
        "meeting.close": _("{subject} was closed"),
        "presence.enter": _("Present at {subject}: {delegations}"),
        "presence.leave": _("{delegations} left {subject}"),
        "speech.record": _("{speaker} spoke ({capacity}); recorded as {result}"),
    }
)
