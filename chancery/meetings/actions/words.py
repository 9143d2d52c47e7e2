"""Acts on what is said: speeches that are kept."""

from __future__ import annotations

from datetime import datetime

from chancery.council import access as council
from chancery.council.actions import stored
from chancery.council.models import Person
from chancery.prose import canonical, units
from chancery.trail.actor import Actor
from chancery.trail.arguments import TextFiles
from chancery.trail.door import act
from chancery.trail.errors import Refused

from .. import queries
from ..models import AgendaItem, Session, Speech


@act("speech.record", to="item session", may=council.secretary, folder="speeches")
def record(
    subject: AgendaItem | Session,
    *,
    speaker: str,
    capacity: str,
    language: str,
    text: TextFiles,
    person: Person | None = None,
    outside_meeting: bool = False,
    by: Actor,
    at: datetime,
) -> Speech:
    """Record a speech in its language and in translation, as said or marked as read outside a meeting."""
    session = subject if isinstance(subject, Session) else subject.session
    if language not in text:
        raise Refused("form", f"the text in the original language {language} is missing")
    for code, file in text.items():
        try:
            canonical.canonical(units.read(file.read()))
        except units.BadInput as error:
            raise Refused("form", f"the {code} text ({file.name}): {error}") from None
    if not outside_meeting:
        queries.sitting(session, at)
    number = Speech.objects.filter(session=session).count() + 1
    return Speech.objects.create(
        key=f"{session.key}/{number}",
        session=session,
        item=subject if isinstance(subject, AgendaItem) else None,
        number=number,
        speaker=speaker,
        person=person,
        capacity=capacity,
        language=language,
        text={code: stored(file) for code, file in text.items()},
        spoken_at=at,
        outside_meeting=outside_meeting,
    )
