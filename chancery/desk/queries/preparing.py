"""The next session prepared from the last one: each step with its state and the form that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from chancery.council.models import in_language
from chancery.meetings.models import AgendaVersion, Circular, Invitation, Session
from chancery.papers.access import visible
from chancery.papers.models import Paper
from chancery.press import decided

from .. import acting
from ..forms.beginning import renumbered


@dataclass(frozen=True)
class Offer:
    """One thing to do within a step, begun from a pattern, or done already."""

    words: str
    address: str
    done: bool = False


@dataclass(frozen=True)
class Step:
    """A part of the preparation: done, next, or not yet and why."""

    title: str
    state: str
    because: str = ""
    address: str = ""
    offers: list[Offer] = field(default_factory=list)


def last_before(session: Session) -> Session | None:
    """The session that this one follows, cancelled ones passed over."""
    return Session.objects.filter(number__lt=session.number).exclude(state="cancelled").order_by("-number").first()


def after(session: Session) -> Session | None:
    return Session.objects.filter(number__gt=session.number).exclude(state="cancelled").order_by("number").first()


def planning(request: Any, last: Session) -> Step:
    """The first step, while no later session is planned."""
    form = acting.panel(request, [("session.plan", None)], like=str(last.ref))
    return _step(gettext("Plan the session"), form, done=False, like=last)


def steps(request: Any, session: Session, last: Session | None) -> list[Step]:
    """What is to be prepared for a session, in its order."""
    panel = acting.panel(request, [(name, session) for name in ("session.convene", "agenda.issue", "invitation.send")])
    issued = AgendaVersion.objects.filter(session=session).exists()
    return [
        Step(gettext("Plan the session"), "done"),
        _step(gettext("Send the notice of convening"), panel, "session.convene", done=session.convened_at is not None),
        _invitations(request, session, last, panel),
        _rooms(session),
        _step(gettext("Issue the provisional agenda"), panel, "agenda.issue", done=issued, like=last),
        _papers(request, session, last),
        _circulars(session, last),
    ]


def _step(title: str, panel: acting.Panel, name: str = "", *, done: bool, like: Session | None = None) -> Step:
    if done:
        return Step(title, "done")
    possible = next((one for one in panel.open if name in ("", one.name)), None)
    if possible:
        return Step(title, "next", "", _like(possible.address, str(like.ref) if like else ""))
    shut = next((one for one in panel.shut if name in ("", one.name)), None)
    return Step(title, "ahead", shut.permit.because if shut else "")


def _like(address: str, ref: str) -> str:
    if not ref:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'like': ref})}"


def _invitations(request: Any, session: Session, last: Session | None, panel: acting.Panel) -> Step:
    """Who was invited last time, each to be chosen anew."""
    title, language = gettext("Invite observers and guests"), decided.language()
    rows = list(Invitation.objects.filter(session__in=[one for one in (session, last) if one]))
    sent = {_name(row, language) for row in rows if row.session_id == session.key}
    form = next((one.address for one in panel.open if one.name == "invitation.send"), "")
    offers = [
        Offer(_name(row, language), _like(form, str(row.ref)), _name(row, language) in sent)
        for row in rows
        if row.session_id != session.key
    ]
    state = "done" if sent and all(offer.done for offer in offers) else "next" if form else "ahead"
    return Step(title, state, "" if form else gettext("nobody is invited to it any more"), form, offers)


def _name(row: Invitation, language: str) -> str:
    return in_language(row.invitee, language)


def _rooms(session: Session) -> Step:
    """Rooms are named when the session is planned."""
    if session.rooms:
        return Step(gettext("Name the rooms"), "done", ", ".join(room["code"] for room in session.rooms))
    return Step(gettext("Name the rooms"), "ahead", gettext("none was named when the session was planned"))


def _papers(request: Any, session: Session, last: Session | None) -> Step:
    """The papers of the last session that the secretariat tabled: those that come again each time."""
    title = gettext("Table the papers that recur")
    if last is None:
        return Step(title, "ahead", gettext("there is no session before it"))
    now = list(Paper.objects.filter(session=session))
    kept = {(paper.series_id, text) for paper in now for text in paper.title.values()}
    form = reverse("house-act", args=["paper.table"])
    before = visible(request.person, request.at).filter(session=last, sponsors=[]).order_by("tabled_at", "key")
    offers = [
        Offer(
            in_language(paper.title, decided.language()),
            _like(form, str(paper.ref)),
            _again(paper, kept, session, last),
        )
        for paper in before
    ]
    state = "done" if offers and all(offer.done for offer in offers) else "next"
    return Step(title, state, "", form, offers)


def _again(paper: Paper, kept: set[tuple[str, str]], session: Session, last: Session) -> bool:
    titles = paper.title | renumbered(paper.title, last.number, session.number)
    return any((paper.series_id, title) in kept for title in titles.values())


def _circulars(session: Session, last: Session | None) -> Step:
    form = reverse("house-act", args=["circular.send"]) + f"?{urlencode({'session': str(session.ref)})}"
    known = list(Circular.objects.filter(session__in=[one for one in (session, last) if one]))
    held = sum(one.session_id == session.key for one in known)
    before = [one for one in known if one.session_id != session.key]
    offers = [Offer(in_language(one.title, decided.language()), _like(form, str(one.ref))) for one in before]
    said = gettext("{n} sent").format(n=held) if held else ""
    return Step(gettext("Send circulars"), "done" if held else "next", said, form, offers)
