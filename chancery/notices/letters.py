"""How a notice reads: the sentence of the act, a link, and why it came; of what is restricted only the symbol."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from chancery.council import access as council
from chancery.council.models import Person, in_language
from chancery.trail import phrases
from chancery.trail.models import Record
from chancery.trail.refs import Referable

from . import access
from .hearing import ACTS
from .models import Mailing

SALT = "chancery.notices.stop"


def new_message_id() -> str:
    return make_msgid(domain=urlsplit(settings.HOUSE_ADDRESS).hostname or "localhost")


def language_of(person: Person) -> str:
    known = [code for code, _ in settings.LANGUAGES]
    return next((code for code in person.languages if code in known), known[0])


def line(record: Record, rows: list[Referable]) -> str:
    """The act in one sentence; or, where its words are not for a mail, the symbol it is about."""
    if access.may_be_worded(record, rows):
        return phrases.sentence(record)
    return gettext("Something new: {symbol}").format(symbol=rows[0].key if rows else record.act)


def why(mailing: Mailing) -> str:
    if mailing.legal:
        return gettext("The rules of procedure oblige the secretariat to tell you; this notice cannot be stopped.")
    about, _, value = mailing.why.partition(" ")
    what = gettext(ACTS.get(value, value)) if about == "act" else value
    return gettext("You hear of it because of: {what}.").format(what=what)


def link(mailing: Mailing) -> str:
    return settings.HOUSE_ADDRESS + reverse("house-notice", args=[mailing.pk])


def stop_address(person: Person) -> str:
    return settings.HOUSE_ADDRESS + reverse("notices-stop", args=[signing.dumps(person.key, salt=SALT)])


def person_of(token: str) -> Person | None:
    """The person whom a link to stop mail belongs to; none for a forged one."""
    try:
        return Person.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None


def letter(person: Person, parts: list[tuple[Mailing, list[Referable]]], at: datetime) -> EmailMessage:
    """One mail to one person about one act, or a digest of several, in the person's language."""
    with translation.override(language_of(person)):
        name = in_language(council.council().name, language_of(person))
        lines = [line(mailing.record, rows) for mailing, rows in parts]
        blocks = [f"{said}\n{link(m)}\n{why(m)}" for said, (m, _) in zip(lines, parts, strict=True)]
        subject = lines[0] if len(lines) == 1 else gettext("{n} notices").format(n=len(lines))
        headers = {"Message-ID": parts[0][0].message_id, "Auto-Submitted": "auto-generated"}
        if not any(mailing.legal for mailing, _ in parts):
            stop = stop_address(person)
            headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
            blocks.append(gettext("To stop these mails: {address}").format(address=stop))
        title = " ".join(f"{name}: {subject}".split())
        body = "\n\n".join(blocks) + "\n"
    return EmailMessage(title[:200], body, settings.DEFAULT_FROM_EMAIL, [str(person.email)], headers=headers)
