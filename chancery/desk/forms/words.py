"""What acts and their arguments are called on a form. A new act needs no line here: its own name serves."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Arguments whose name alone would not tell a person what to write.
WORDS = {
    "of": _("Of"),
    "to": _("Subject"),
    "by_when": _("By when"),
    "reply_by": _("Reply by"),
    "in": _("Comes in"),
    "out": _("Goes out"),
    "from": _("From"),
    "until": _("Until"),
    "vkey": _("Public key (a .vkey file)"),
    "key": _("Short name"),
    "start": _("First member called"),
    "seat": _("Seat"),
    "join": _("Joins (not ticked: leaves)"),
    "accept_findings": _("Findings accepted"),
    "assign": _("Duties that follow"),
    "shorten": _("Shorter notice, with consent"),
    "number": _("Number"),
    "verb": _("What is done"),
    "note": _("Note"),
    "related": _("Related"),
    "minutes": _("Minutes planned"),
}


def word(name: str) -> str:
    """The name of an argument or value as a person reads it, in the language now active."""
    return gettext(english(name))


def english(name: str) -> str:
    """The same as the catalogue knows it."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def title(act: str) -> str:
    """The label of an act: its verb and noun, `paper.table` as "Table paper"."""
    noun, _, verb = act.partition(".")
    return gettext(f"{verb.replace('_', ' ').capitalize()} {noun}")


def explanation(says: str) -> str:
    """What an act does, in one sentence, in the language now active."""
    return gettext(says)
