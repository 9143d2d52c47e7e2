"""Who may see a paper, a version of it and who opened it; who may table one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat

from chancery.council import access as council
from chancery.council.models import Person
from chancery.meetings.models import Invitation, Session
from chancery.trail.actor import Actor, Permit
from chancery.trail.memory import once
from chancery.trail.models import Mention

from .markings import MARKINGS
from .models import Paper, PaperVersion


def audiences_of(person: Person | None, at: datetime) -> set[str]:
    """The audiences a reader belongs to: public, community, council, heads, secretariat, press.

    Whoever signs in is of the community. An observer whom no invitation names is so too; one who is invited, and
    by no invitation allowed to read papers, is not.
    """
    if person is None:
        return {"public"}
    roles = {grant.role for grant in council.grants(person.key) if grant.in_force(at.date())}
    found = {"public", "community"}
    if person.member_id or roles & {"secretary", "centre", "rapporteur", "translator"}:
        found.add("council")
    if roles & {"head", "chair", "secretary"}:
        found.add("heads")
    if "press" in roles:
        found |= {"press", "council"}
    if "secretary" in roles:
        found |= {"secretariat", "press"}
    if "council" not in found and invited(person) and not any(invited(person).values()):
        found.discard("community")
    return found


def invited(person: Person) -> dict[str, bool]:
    """The sessions to which invitations not declined name a person, each with whether it lets the person read papers.

    The right to read holds from the invitation on, before it is accepted: to be invited takes no paper away that
    the invitation itself gives.
    """
    standing: list[Invitation] = once(
        "standing invitations", lambda: list(Invitation.objects.exclude(state="declined"))
    )
    named = [invitation for invitation in standing if person.key in invitation.people]
    reads = {one.session_id for one in named if "read_papers" in one.rights}
    return {one.session_id: one.session_id in reads for one in named}


def withheld(person: Person | None, audiences: set[str]) -> list[str]:
    """The sessions whose papers for the community a guest or observer may not read, being invited there without it."""
    if person is None or "council" in audiences:
        return []
    return [session for session, reads in invited(person).items() if not reads]


def _within(person: Person | None, at: datetime) -> Q:
    """Papers that the reader may see by their marking."""
    allowed = audiences_of(person, at)
    within = Q(marking__in=[marking for marking, who in MARKINGS.items() if who in allowed])
    if barred := withheld(person, allowed):
        within &= Q(marking="CLEAR") | Q(session=None) | ~Q(session__in=barred)
    return within


def is_translator(person: Person | None, at: datetime) -> bool:
    """Whether the reader translates for the council."""
    held = council.grants(person.key) if person else []
    return any(grant.role == "translator" and grant.in_force(at.date()) for grant in held)


def may_see(paper: Paper, person: Person | None, at: datetime) -> bool:
    """Issued papers go by their marking; a tabled one is seen by the secretariat, its sponsors and translators only."""
    allowed = audiences_of(person, at)
    if paper.audience in allowed:
        return paper.audience == "public" or paper.session_id not in withheld(person, allowed)
    if person is None or paper.issued_at:
        return False
    if is_translator(person, at) and MARKINGS[paper.marking] in allowed:
        return True
    own = {person.member_id, *council.reports_for(person.key, at)}
    return paper.tabled_by == person.ref or bool(set(paper.sponsors) & own)


def visible(person: Person | None, at: datetime) -> QuerySet[Paper]:
    """The issued papers that a reader may see."""
    return Paper.objects.filter(_within(person, at), issued_at__isnull=False)


def paper_for(person: Person | None, symbol: str, at: datetime) -> Paper | None:
    """The paper with this symbol, if the reader may see it; to others it looks like none."""
    found = Paper.objects.filter(pk=symbol).select_related("session", "item").first()
    return found if found and may_see(found, person, at) else None


def version_for(
    person: Person | None, symbol: str, language: str, at: datetime, *, number: int | None = None
) -> PaperVersion | None:
    """A version of a paper, the newest where no number is given, if the reader may see the paper."""
    if paper_for(person, symbol, at) is None:
        return None
    found = PaperVersion.objects.filter(paper=symbol, language=language).select_related("paper__session")
    return found.filter(number=number).first() if number else found.order_by("-number").first()


def in_sight(person: Person | None, at: datetime) -> QuerySet[Paper]:
    """The papers that a reader may know of as they are marked now: issued ones, and his own before that.

    A translator knows of tabled ones too, for they are translated before they are issued.
    """
    within = _within(person, at)
    seen = Q(issued_at__isnull=False) & within
    if "secretariat" in audiences_of(person, at):
        seen |= Q(issued_at=None)
    if is_translator(person, at):
        seen |= Q(issued_at=None) & within
    if person is not None:
        seen |= Q(issued_at=None, tabled_by=str(person.ref))
    return Paper.objects.filter(seen)


def acts_seen(person: Person | None, at: datetime, audiences: set[str]) -> Q:
    """Which records a reader of `audiences` may see, papers taken as they are marked now.

    A record keeps the audience of its instant. An act on a paper is seen by those who may see the paper today,
    and no record that names a paper out of sight is shown, be it ever so public when it was written.
    """
    return _acts_on(in_sight(person, at), audiences)


def acts_seen_by(audiences: set[str]) -> Q:
    """The same for a whole audience: what everybody of it may see, whoever it is; nobody's own papers count."""
    within = Q(issued_at__isnull=False, marking__in=[mark for mark, who in MARKINGS.items() if who in audiences])
    if "secretariat" in audiences:
        within |= Q(issued_at=None)
    return _acts_on(Paper.objects.filter(within), audiences)


def _acts_on(sight: QuerySet[Paper], audiences: set[str]) -> Q:
    full_ref = Concat(Value("paper/"), F("key"), output_field=CharField())
    shown = sight.annotate(full_ref=full_ref).values("full_ref")
    hidden = Paper.objects.exclude(pk__in=sight.values("pk")).annotate(full_ref=full_ref).values("full_ref")
    own = Q(audience__in=audiences) | Q(subject__in=shown) | Q(result__in=shown)
    return own & ~Q(pk__in=Mention.objects.filter(ref__in=hidden).values("record"))


def may_read_log(person: Person, at: datetime) -> bool:
    """The secretariat reads who opened which restricted paper."""
    return "secretariat" in audiences_of(person, at)


def may_table(subject: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, a rapporteur for the body, or a head of delegation."""
    body = by.for_.removeprefix("body/") if by.for_.startswith("body/") else ""
    rapporteur = bool(body) and council.holds(by, "rapporteur", at, body)
    allowed = council.is_secretary(by, at) or rapporteur or council.holds(by, "head", at)
    return council.permit(allowed, "roles", "only the secretariat, the body's rapporteur or a head may table a paper")


def may_be_issued(paper: Paper, by: Actor, at: datetime) -> Permit:
    """A paper is issued once, and not after it was withdrawn."""
    done = "withdrawn" if paper.withdrawn_at else "issued already"
    return council.permit(not (paper.withdrawn_at or paper.issued_at), "order", f"{paper.key} is {done}")


def may_translate(paper: Any, by: Actor, at: datetime) -> Permit:
    """The secretariat, or a translator of the council for papers that he may see."""
    translator = council.holds(by, "translator", at) and may_see(paper, council.person_for(by), at)
    allowed = translator or bool(council.secretary(paper, by, at))
    return council.permit(allowed, "roles", "only the secretariat or a translator adds a language to a paper")


def may_see_desk(person: Person, session: Session, at: datetime) -> bool:
    """The translation desk of a session is the translators' and the secretariat's."""
    return is_translator(person, at) or council.is_secretary(Actor(str(person.ref)), at, session.key)
