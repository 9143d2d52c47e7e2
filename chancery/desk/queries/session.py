"""The session and its stations: what is there, what is done, what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Model, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from chancery.council.models import Person
from chancery.floor.models import Result
from chancery.meetings.models import AgendaItem, AgendaVersion, Session
from chancery.notices import queries as notices
from chancery.papers.models import Paper
from chancery.press.models import PressItem
from chancery.signing.models import Instrument, SignedAct
from chancery.texts.models import Draft
from chancery.trail.errors import Unknown
from chancery.trail.models import Record

ITEMS = ("decision", "discussion", "information", "without_debate")


def _count(model: type[Model], **where: object) -> Coalesce:
    rows = model._default_manager.filter(session=OuterRef("pk"), **where).order_by().values("session")
    counted = rows.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


Reader = tuple[Person, datetime]


def session_for(number: str, reader: Reader | None = None) -> Session:
    """The session with the counts of its stations and of the reader's news, in one query. Raises Unknown."""
    found = _framed(Session.objects.filter(pk=number), reader).first()
    if found is None:
        raise Unknown(f"session/{number}", "")
    return found


def in_hand(reader: Reader | None = None) -> Session | None:
    """The session in hand: the last one convened, else the last one planned."""
    first = Case(When(convened_at=None, then=1), default=0)
    return _framed(Session.objects.order_by(first, "-number"), reader).first()


def _framed(sessions: QuerySet[Session], reader: Reader | None) -> QuerySet[Session]:
    """What every page shows of a session; for a reader also the news, and the instant that no later act precedes."""
    last = Record.objects.order_by("-at").values("at")
    told = {"news": notices.count_new(*reader), "last_act_at": Subquery(last[:1])} if reader else {}
    return sessions.annotate(
        items=_count(AgendaItem, category__in=ITEMS),
        items_open=_count(AgendaItem, category__in=ITEMS, state__in=["listed", "under_debate"]),
        adopted_agendas=_count(AgendaVersion, adopted_at__isnull=False),
        papers=_count(Paper, issued_at__isnull=False),
        drafts=_count(Draft),
        results=_count(Result),
        instruments=_count(Instrument),
        signed=_count(SignedAct, withdrawal=None),
        press=_count(PressItem),
        press_open=_count(PressItem, state__in=["draft", "cleared"]),
        **told,
    )


@dataclass(frozen=True)
class Station:
    """One station of the navigation: name, address, count, state in a word."""

    name: str
    address: str
    count: int
    state: str
    here: bool


def stations(session: Session, here: str, *, council: bool, press: bool) -> list[Station]:
    """The navigation of the house: the stations in the order in which a text travels."""
    held = session.__dict__
    over = session.state == "closed"
    shown = [
        ("mine", gettext("For you"), 0, "plain"),
        ("desk", gettext("Desk"), 0, "plain"),
        (
            "agenda",
            gettext("Agenda"),
            held["items"],
            "done" if held["adopted_agendas"] else _state(held["items"], over),
        ),
        ("papers", gettext("Papers"), held["papers"], _state(held["papers"], over)),
        ("texts", gettext("Texts"), held["drafts"], _state(held["drafts"], over)),
        ("decided", gettext("Decisions"), held["results"], _state(held["results"], over)),
        ("signing", gettext("Signing"), held["instruments"], _state(held["instruments"], over)),
        ("log", gettext("Register"), 0, "now" if session.convened_at else "ahead"),
        ("press-desk", gettext("Press"), held["press"], _state(held["press"], over and not held["press_open"])),
    ]
    hidden = ({"texts"} if not council else set()) | ({"press-desk"} if not press else set())
    return [
        Station(name, reverse(f"house-{key}", args=[session.key] if key != "mine" else []), count, state, key == here)
        for key, name, count, state in shown
        if key not in hidden
    ]


def _state(count: int, over: bool) -> str:
    return "ahead" if not count else "done" if over else "now"
