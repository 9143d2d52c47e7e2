"""Every act has its place on a page; what is done through pages is exported and plays again."""

from __future__ import annotations

import re

from chancery.council.access import council
from chancery.council.models import local_day
from chancery.meetings.models import Meeting, Session
from chancery.trail import door

# Acts of the clock and the operator: nobody does them from a page of the house.
NOBODY = {"council.found", "operator.enter", "operator.leave"}
# A signature has its own form on the page of the instrument, which a browser journey fills in.
ELSEWHERE = {"signature.give"}
PEOPLE = ("secretary.ansgar", "dov.head", "cor.head", "lum.head", "lum.delegate", "press.ellend")


def pages(client) -> str:
    """Everything that somebody's pages say, as far as the walk knows their addresses."""
    from django.urls import reverse

    from tests.test_walk import WALK

    named = [reverse(name, kwargs=arguments) for name, (arguments, _, _) in WALK.items() if name.startswith("house-")]
    more = [
        "/house/session/52/",
        "/house/session/52/agenda/",
        "/house/decision/CNR/51/FIN/",
        "/house/draft/51/D9/",
        "/house/question/51/6/",
    ]
    return "".join(
        answer.content.decode()
        for address in (*named, *more)
        if (answer := client.get(address)).status_code == 200 and answer["Content-Type"].startswith("text/html")
    )


def put_a_question() -> None:
    """Something is under way: a meeting of the council sits, a question is before it, a draft is open."""
    from tests.test_walk import perform, stored

    raw = {
        "key": "D9",
        "session": "session/51",
        "item": "item/51/4",
        "title": {"en": "Nine"},
        "sponsors": ["member/LUM"],
    }
    perform("draft.table", "lum.head", None, raw | {"text": {"en": stored("nine")}})
    Session.objects.filter(pk="51").update(state="open")
    Meeting.objects.filter(pk="51/3").update(state="open")
    guest = {"invitee": {"en": "A river university"}, "as": "observer", "rights": ["attend"]}
    perform("invitation.send", "secretary.ansgar", "session/51", guest)
    today = local_day(door.now(), council().zone).isoformat()
    perform(
        "rights.suspend",
        "secretary.ansgar",
        "member/HAL",
        {"from": today, "reason": "two full years of contributions in arrears"},
    )
    put = {"method": "vote", "test": "substantive", "items": ["item/51/4"]}
    perform("question.put", "dov.head", "paper/CNR/51/DOC/1", put)


def test_every_act_of_the_house_is_found_on_a_page_possible_or_with_its_reason(demo, enter):
    from chancery.desk.forms.words import title

    put_a_question()
    seen = {person: pages(enter(person)) for person in PEOPLE}
    missing = []
    for name in set(door.acts()) - NOBODY - ELSEWHERE:
        shown = rf"/house/act/{re.escape(name)}/|<b>{re.escape(title(name))}</b>"
        if not any(re.search(shown, page) for page in seen.values()):
            missing.append(name)
    assert not missing, " ".join(sorted(missing))


def test_every_act_is_called_by_its_name_in_russian():
    from django.utils import translation

    from chancery.desk.forms.words import title

    with translation.override("ru"):
        english = [name for name in door.acts() if title(name).isascii()]
    assert english == []


def test_every_act_refuses_a_form_without_its_token(demo):
    from django.test import Client

    from chancery.council.models import Person

    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk="secretary.ansgar"))
    for act in door.acts():
        assert client.post(f"/house/act/{act}/", {"to": "session/51"}).status_code == 403, act


def test_what_was_done_through_pages_is_exported_and_plays_again(demo, enter, tmp_path, django_db_blocker):
    """The 52nd session, convened and given an agenda by forms, leaves as a folder and comes back to the same bytes."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from chancery.play import export
    from conftest import opened, play

    client = enter("secretary.ansgar")
    notice = SimpleUploadedFile("notice.md", b"# Notice\n\nThe session opens.\n", content_type="text/markdown")
    answer = client.post("/house/act/session.convene/", {"to": "session/52", "notice.en": notice, "request_id": "c"})
    assert answer.status_code == 302, answer.content.decode()
    agenda = {"to": "session/52", "stage": "provisional", "items.0.number": "1", "items.0.title.en": "Opening"}
    answer = client.post("/house/act/agenda.issue/", agenda | {"items.0.category": "information", "items.rows": "2"})
    assert answer.status_code == 302, answer.content.decode()
    first, again = tmp_path / "first", tmp_path / "again"
    export.write("52", first)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with django_db_blocker.unblock(), opened(fresh):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        play(first)
        export.write("52", again)
    assert contents(first) == contents(again)


def contents(folder) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
