"""How the acts of the floor read."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from chancery.trail import phrases

phrases.register(
    {
        "question.put": _("{subject} was put to the decision by {method} as {result}"),
        "objection.state": _("{for} objected to {subject}"),
        "ballot.cast": _("{for} voted on {subject}: {value}"),
        "ballots.record": _("The ballots on {subject}: {values}"),
        "question.close": _("The outcome of {subject} was declared: {status}"),
        "question.withdraw": _("{subject} was withdrawn before the vote"),
        "question.postpone": _("{subject} was postponed"),
        "referral.answer": _("The body answered on {subject} with {paper}"),
        "poll.record": _("A show of opinion on {subject}: {values}. It decides nothing"),
        "question.refer": _("{subject} was referred to {body}"),
    }
)
