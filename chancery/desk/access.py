"""What a reader of the house may see; a stranger to a thing gets the page that an unknown name gets."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from chancery.council import access as council
from chancery.council.models import Person
from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut
from chancery.meetings import access as meetings
from chancery.meetings.models import Invitation
from chancery.papers import access as papers
from chancery.papers.access import audiences_of
from chancery.papers.models import Paper
from chancery.press.models import PressItem
from chancery.signing.models import Instrument
from chancery.texts.models import Draft
from chancery.trail.actor import Actor
from chancery.trail.errors import Unknown
from chancery.trail.models import Mention, Record
from chancery.trail.refs import Ref, Referable, get


def actor(person: Person, office: str = "") -> Actor:
    """The signed-in person as an actor, speaking for its own member."""
    return Actor(str(person.ref), office, f"member/{person.member_id}" if person.member_id else "")


def is_council(person: Person, at: datetime) -> bool:
    """Whether the reader belongs to a delegation, the secretariat or the council's bodies, and is no mere observer."""
    return "council" in audiences_of(person, at)


def draft_for(person: Person, key: str, at: datetime) -> Draft:
    """The draft, for those of the council. Unknown to others."""
    found = Draft.objects.filter(pk=key).select_related("session", "item").first()
    if found is None or not is_council(person, at):
        raise Unknown(f"draft/{key}", "")
    return found


def question_for(person: Person, key: str, at: datetime) -> QuestionPut:
    found = QuestionPut.objects.filter(pk=key).select_related("session", "meeting").first()
    if found is None or found.audience not in audiences_of(person, at):
        raise Unknown(f"question/{key}", "")
    return found


def decision_for(person: Person, symbol: str, at: datetime) -> Decision:
    found = Decision.objects.filter(pk=symbol).select_related("session", "result__question__session").first()
    if found is None or found.audience not in audiences_of(person, at):
        raise Unknown(f"decision/{symbol}", "")
    return found


def instrument_for(person: Person, symbol: str, at: datetime) -> Instrument:
    found = Instrument.objects.filter(pk=symbol).select_related("session", "decision").first()
    if found is None or found.decision.audience not in audiences_of(person, at):
        raise Unknown(f"instrument/{symbol}", "")
    return found


def may_see_press_desk(person: Person, at: datetime) -> bool:
    """Press officers, the secretariat, and those who clear wordings: heads and the chair."""
    return bool({"press", "heads"} & audiences_of(person, at))


def press_item_for(person: Person, symbol: str, at: datetime) -> PressItem:
    found = PressItem.objects.filter(pk=symbol).select_related("session").first()
    if found is None or not may_see_press_desk(person, at):
        raise Unknown(f"release/{symbol}", "")
    return found


def history_of(person: Person, at: datetime, *about: Ref | Referable) -> list[Record]:
    """The acts that mention one of `about` and that the reader may see; Unknown where an object is not theirs."""
    for one in about:
        row = one if isinstance(one, Referable) else get(one)
        if row.audience not in audiences(person, at):
            raise Unknown(row.ref, "")
    names = [one.ref if isinstance(one, Referable) else one for one in about]
    mentioned = Mention.objects.filter(ref__in=names).values("record")
    return list(visible_acts(person, at).filter(pk__in=mentioned).order_by("-id")[:200])


def audiences(person: Person, at: datetime) -> set[str]:
    """Every audience of which the reader is, the press desk's too."""
    found = audiences_of(person, at)
    return found | ({"press"} if may_see_press_desk(person, at) else set())


def sees(row: Referable, person: Person, at: datetime) -> bool:
    """Whether the reader may know that a thing exists: its audience, a paper's sponsors, those whom one invites."""
    if isinstance(row, Paper):
        return papers.may_see(row, person, at)
    if isinstance(row, Invitation) and person.key in row.people:
        return True
    return row.audience in audiences(person, at)


def visible_acts(person: Person, at: datetime) -> QuerySet[Record]:
    """The acts that the reader may see, papers taken as they are marked now."""
    return Record.objects.filter(papers.acts_seen(person, at, audiences(person, at)))


def latest_acts(person: Person, session: str, at: datetime, most: int = 12) -> list[Record]:
    """The newest acts of a session that the reader may see."""
    visible = visible_acts(person, at).filter(session=session, outcome="done")
    return list(visible.order_by("-id")[:most])


def acts_of_all(audiences: set[str]) -> QuerySet[Record]:
    """The acts that everybody of an audience may see, whoever it is."""
    return Record.objects.filter(papers.acts_seen_by(audiences), outcome="done")


def is_in_the_room(person: Person, session: str, at: datetime) -> bool:
    """Who may look into the rooms of a session: the council's own people, but for a delegation unseated there."""
    own = [one for one in meetings.delegations(session) if person.member_id and one.member_id == person.member_id]
    return is_council(person, at) and all(meetings.standing_of(one, at) != "unseated" for one in own)


def is_secretary(person: Person, at: datetime) -> bool:
    return council.is_secretary(actor(person), at)
