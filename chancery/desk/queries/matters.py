"""What is late, blocked, next and ahead in a session, and with whom: read from the record, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from chancery.council.models import Council, Member, Person, local_day
from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut, Result
from chancery.meetings import access as meetings
from chancery.meetings.models import AgendaItem, Delegation, Session
from chancery.papers.access import audiences_of, in_sight
from chancery.papers.models import Paper
from chancery.papers.queries import languages
from chancery.press.models import PressItem
from chancery.procedure import credentials as rules
from chancery.signing.models import Instrument
from chancery.signing.queries import progress_of
from chancery.texts.models import Draft, Version


@dataclass(frozen=True)
class Matter:
    """One thing that waits: its state (late, blocked, next, ahead), where it is, why, with whom, due when."""

    state: str
    title: str
    address: str
    why: str
    with_: str
    due: datetime | None = None


def matters(session: Session, council: Council, person: Person, at: datetime, *, press: bool) -> list[Matter]:
    """All that waits in a session as far as the reader may see it, the late first."""
    found = [
        *_delegations(session, council, at),
        *_papers(session, council, in_sight(person, at)),
        *_drafts(session, council),
        *_questions(session, audiences_of(person, at)),
        *_results(session, audiences_of(person, at)),
        *_signatures(session, at),
        *_items(session),
    ]
    if press:
        found += _press(session)
    order = {"late": 0, "blocked": 1, "next": 2, "ahead": 3}
    return sorted(found, key=lambda matter: order[matter.state])


def _delegations(session: Session, council: Council, at: datetime) -> Iterator[Matter]:
    if session.state not in ("convened", "open"):
        return
    due = rules.due_at(meetings.rules_for(session.key), session.opens_at, session.zone)
    held = {d.member_id: d for d in Delegation.objects.filter(session=session).prefetch_related("credentials")}
    address = reverse("house-delegations", args=[session.key])
    for member in Member.objects.all():
        if not member.is_member(local_day(at, council.zone)):
            continue
        delegation = held.get(member.key)
        if delegation is None:
            yield Matter(
                "next",
                gettext("Delegation of {m}").format(m=member.key),
                address,
                gettext("not notified yet"),
                member.key,
                due,
            )
        elif not delegation.credentials.all():
            state = "late" if due and at >= due else "next"
            yield Matter(
                state,
                gettext("Credentials of {m}").format(m=member.key),
                address,
                gettext("not received yet"),
                member.key,
                due,
            )


def _papers(session: Session, council: Council, seen: QuerySet[Paper]) -> Iterator[Matter]:
    """A paper whose item is to be decided needs all authentic languages; one withdrawn or replaced waits no more."""
    replaced = Paper.objects.filter(session=session, withdrawn_at=None).exclude(issued_at=None)
    papers = (
        seen.filter(session=session, withdrawn_at=None)
        .exclude(pk__in=replaced.exclude(supersedes=None).values("supersedes"))
        .select_related("item")
        .prefetch_related("versions")
    )
    for paper in papers:
        address = reverse("house-paper", args=[paper.key])
        if paper.issued_at is None:
            yield Matter(
                "next",
                gettext("Issue {s}").format(s=paper.key),
                address,
                gettext("tabled, not issued"),
                gettext("Secretariat"),
            )
        elif paper.item and paper.item.category == "decision" and paper.item.state != "concluded":
            held = {language.code for language in languages(paper)}
            if missing := [code for code in council.authentic if code not in held]:
                why = gettext("missing: {l}").format(l=", ".join(missing))
                yield Matter(
                    "blocked", gettext("Languages of {s}").format(s=paper.key), address, why, gettext("Translation")
                )


def _drafts(session: Session, council: Council) -> Iterator[Matter]:
    frozen = set(Version.objects.filter(session=session).values_list("draft_id", flat=True))
    for draft in Draft.objects.filter(session=session, withdrawn_at=None):
        if draft.key in frozen or session.state == "closed":
            continue
        missing = [code for code in council.authentic if code not in draft.text]
        why = (
            gettext("missing: {l}").format(l=", ".join(missing))
            if missing
            else gettext("all authentic languages are there")
        )
        title = gettext("Freeze {d}").format(d=draft.name)
        state = "blocked" if missing else "next"
        yield Matter(state, title, reverse("house-draft", args=[draft.key]), why, gettext("Secretariat"))


def _questions(session: Session, audiences: set[str]) -> Iterator[Matter]:
    for question in QuestionPut.objects.filter(session=session, state="put"):
        if question.audience not in audiences:
            continue
        title = gettext("Declare the outcome of question {n}").format(n=question.number)
        yield Matter("next", title, reverse("house-question", args=[question.key]), question.method, gettext("Chair"))


def _results(session: Session, audiences: set[str]) -> Iterator[Matter]:
    issued = Decision.objects.filter(session=session).values("result")
    adopted = Result.objects.filter(session=session, status="adopted").exclude(pk__in=issued).select_related("question")
    for result in adopted:
        if result.audience not in audiences:
            continue
        title = gettext("Issue the decision on question {n}").format(n=result.key)
        yield Matter(
            "next", title, reverse("house-question", args=[result.key]), gettext("adopted"), gettext("Secretariat")
        )


def _signatures(session: Session, at: datetime) -> Iterator[Matter]:
    """Whose signature is awaited: neither given nor declined, while the round is open."""
    for instrument, signatories in progress_of(Instrument.objects.filter(session=session, closing=None)):
        for one in signatories:
            if one.signed or one.declined:
                continue
            state = "late" if instrument.until and at > instrument.until else "next"
            title = gettext("Signature of {m}").format(m=one.member.key)
            address = reverse("house-instrument", args=[instrument.key])
            yield Matter(state, title, address, instrument.key, one.member.key, instrument.until)


def _items(session: Session) -> Iterator[Matter]:
    address = reverse("house-agenda", args=[session.key])
    for item in AgendaItem.objects.filter(session=session).exclude(category="section").exclude(state="concluded"):
        state = "next" if item.state == "under_debate" else "ahead"
        title = gettext("Item {n}").format(n=item.number)
        yield Matter(state, title, f"{address}#item-{item.number}", item.title_in("en"), gettext("Chair"))


def _press(session: Session) -> Iterator[Matter]:
    for item in PressItem.objects.filter(session=session).exclude(state="released"):
        why = gettext("awaits clearance") if item.state == "draft" else gettext("cleared, not released")
        with_ = gettext("Chair") if item.state == "draft" else gettext("Press")
        yield Matter("next", item.key, reverse("house-release", args=[item.key]), why, with_)
