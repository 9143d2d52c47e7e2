"""The letters of the doors: invitations, recovery, and who is told when the means of signing in change."""

from __future__ import annotations

import hashlib
import logging
import smtplib
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from chancery.council import access as council
from chancery.council.models import Person, RoleGrant, in_language, local_day
from chancery.trail import door

log = logging.getLogger(__name__)

INVITATION, RECOVERY = "invitation", "recovery"
# What people are told of.
USED_INVITATION, USED_RECOVERY, CHANGED, ADDED, REMOVED, RESET = (
    "invitation used", "recovery used", "password changed", "means added", "means removed", "means reset",
)  # fmt: skip
LASTING = {INVITATION: timedelta(days=7), RECOVERY: timedelta(minutes=30)}


def link_token(person: Person, purpose: str) -> str:
    """What stands in a link. It is bound to the person's means of signing in, so using one of them ends all."""
    return signing.dumps([person.pk, _state(person)], salt=f"door {purpose}")


def person_of(token: str, purpose: str) -> Person | None:
    """The person of a link that is neither too old nor used nor revoked."""
    try:
        key, state = signing.loads(token, salt=f"door {purpose}", max_age=LASTING[purpose])
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Person.objects.filter(pk=key, released_at=None).first()
    return found if found and _state(found) == state else None


def _state(person: Person) -> str:
    """A digest of the means by which a person signs in, the unusable password of a newcomer among them."""
    keys = Authenticator.objects.filter(user=person).order_by("pk").values_list("pk", flat=True)
    return hashlib.sha256(f"{person.password} {person.email} {[*keys]}".encode()).hexdigest()[:24]


def void(person: Person) -> None:
    """Make every link of a person who has no password worthless: the unusable password is made anew."""
    person.set_unusable_password()
    person.save(update_fields=["password"])


def invite(person: Person) -> None:
    """Mail a person the link by which the first means of signing in is set; earlier links end."""
    void(person)
    address = reverse("invitation", args=[link_token(person, INVITATION)])
    send(person, "invitation", {"address": f"{settings.HOUSE_ADDRESS}{address}"})


def help_back(person: Person) -> None:
    """Mail a person the link by which a forgotten password is set anew."""
    address = reverse("recover", args=[link_token(person, RECOVERY)])
    send(person, "recovery", {"address": f"{settings.HOUSE_ADDRESS}{address}"})


def tell(person: Person, what: str) -> None:
    """Tell a person, the focal points of the member and the secretariat that the means of signing in changed."""
    for one in {person, *keepers(person)}:
        try:
            send(one, "told", {"about": person, "what": what, "own": one == person})
        except (OSError, smtplib.SMTPException) as error:
            log.warning("%s could not be told: %s", one.pk, error)


def keepers(person: Person) -> list[Person]:
    """Those who bring a person in and out: the focal points of the member, else the secretariat; and the latter."""
    at = door.now()
    day = local_day(at, council.council().zone)
    roles = RoleGrant.objects.filter(role__in=("focal", "secretary"), scope="", body="", person__released_at=None)
    grants = [grant for grant in roles.select_related("person") if grant.in_force(day)]
    own = person.member_id or "nobody's"
    mine = [grant for grant in grants if grant.role == "secretary" or grant.person.member_id == own]
    return list({grant.person_id: grant.person for grant in mine}.values())


def send(person: Person, letter: str, context: dict[str, Any]) -> None:
    """Mail one letter in the language of its reader. Who has no address gets none."""
    if not person.email:
        return
    known = [code for code, _ in settings.LANGUAGES]
    language = next((code for code in person.languages if code in known), known[0])
    with translation.override(language):
        house = in_language(council.council().name, language)
        given = context | {"person": person, "house": house, "rehearsal": council.council().rehearsal}
        text = render_to_string(f"site/letters/{letter}.txt", given)
    subject, _, body = text.partition("\n")
    EmailMessage(f"{house}: {subject}", body.lstrip("\n"), settings.DEFAULT_FROM_EMAIL, [person.email]).send()
