"""What pages tell somebody whom a thing does not concern, and in whose name an act is entered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chancery.council.models import Person, RoleGrant
from chancery.decisions.models import Decision
from chancery.floor.models import QuestionPut
from chancery.meetings.models import Delegation, Meeting, Session
from chancery.papers.access import may_see
from chancery.papers.models import Paper
from chancery.signing.models import Instrument
from chancery.texts import access as texts
from chancery.trail import door, triggers
from chancery.trail.actor import Actor
from chancery.trail.errors import Refused
from chancery.trail.models import Record
from tests.test_walk import perform, plant_paper, stored

DRAFT = {"session": "session/51", "item": "item/51/4", "key": "ZZ", "title.en": "One", "text.en": "# One\n\nWords.\n"}


def text(answer: Any) -> str:
    return b"".join(answer).decode()


def table(client: Any, **more: str) -> Any:
    return client.post("/house/act/draft.table/", DRAFT | {"request_id": "one"} | more)


def test_an_act_sent_for_a_member_that_may_not_do_it_is_refused_and_not_entered_for_another(demo, enter):
    client, before = enter("lum.head"), Record.objects.count()
    answer = table(client, **{"for": "member/ALD"})
    assert answer.status_code == 403 and Record.objects.count() == before
    assert table(client, **{"for": "member/LUM"}).status_code == 302


def test_what_the_secretariat_enters_for_a_member_is_never_entered_for_the_first_that_may(demo, enter):
    Session.objects.filter(pk="51").update(state="open")
    Delegation.objects.filter(pk="51/LUM").update(ruling="unseat", ruled_at=door.now())
    raw = {"to": "session/51", "member": "member/BRE", "reason": "No seal.", "request_id": "two"}
    client, before = enter("secretary.ansgar"), Record.objects.count()
    answer = client.post("/house/act/credentials.object/", raw | {"for": "member/LUM"})
    assert answer.status_code == 403 and Record.objects.count() == before
    assert "LUM is unseated" in text(answer)


def test_no_page_of_a_delegate_names_a_paper_that_waits_to_be_issued_or_is_for_heads(demo, enter):
    waiting, red = plant_paper("zzwaiting", "CLEAR", issue=False), plant_paper("zzred", "RED")
    delegate, secretary = enter("lum.delegate"), enter("secretary.ansgar")
    shown = text(delegate.get("/house/session/51/"))
    assert waiting not in shown and red not in shown
    assert f"/house/paper/{waiting}/" in text(secretary.get("/house/session/51/"))


def test_the_history_of_a_person_gives_nobody_an_address_of_mail(demo, enter):
    raw = {"id": "new.comer", "name": "New Comer", "roles": ["delegate"], "email": "zz@new.example", "member": "LUM"}
    perform("person.appoint", "secretary.ansgar", None, raw)
    for reader in ("observer.lindqvar", "ald.delegate", "lum.delegate"):
        for form in ("", "&form=jsonl"):
            answer = enter(reader).get(f"/house/history/?of=person/new.comer{form}")
            assert answer.status_code == 200 and "zz@new.example" not in text(answer), (reader, form)


@pytest.mark.parametrize("strange", ["²", "٣", "9" * 30, "-1", "x"])
def test_strange_numbers_in_an_address_or_a_form_are_no_fault_of_the_house(strange, demo, enter):
    Session.objects.filter(pk="51").update(state="open")
    client = enter("secretary.ansgar")
    assert client.get(f"/house/session/51/?did={strange}").status_code == 200
    assert client.get(f"/house/act/session.plan/?rooms.rows={strange}").status_code == 200
    raw = {"number": "60", "seen": strange, "rooms.rows": strange, "request_id": "three"}
    assert client.post("/house/act/session.plan/", raw).status_code == 422
    raw = {"to": "session/51", "seen": strange, "member": "member/NONE", "form": "original"}
    assert client.post("/house/act/credentials.receive/", raw).status_code in (409, 422)


@pytest.mark.parametrize("asked", ["rooms.rows=5000", "rooms.4999.code=1"])
def test_a_form_shows_no_more_rows_than_a_person_fills(asked, demo, enter):
    shown = text(enter("secretary.ansgar").get(f"/house/act/session.plan/?{asked}"))
    assert 'name="rooms.0.code"' in shown and 'name="rooms.1000.code"' not in shown


def test_who_was_a_rapporteur_tables_nothing_and_sees_no_paper_before_its_issue(demo, enter):
    grant = RoleGrant.objects.filter(role="rapporteur", body="AC.1").get()
    paper = Paper.objects.get(pk=plant_paper("zzbody", "CLEAR", issue=False))
    paper.sponsors = ["AC.1"]
    paper.save(update_fields=["sponsors"])
    by = Actor(f"person/{grant.person_id}", for_="body/AC.1")

    def powers() -> tuple[bool, bool]:
        return may_see(paper, Person.objects.get(pk=grant.person_id), door.now()), bool(
            texts.may_table(None, by, door.now())
        )

    assert powers() == (True, True)
    RoleGrant.objects.filter(pk=grant.pk).update(to_on=date(2020, 1, 1))
    assert powers() == (False, False)


def test_a_focal_point_releases_nobody_who_holds_an_office_in_a_session(meadow):
    focal = RoleGrant.objects.filter(role="focal").select_related("person").first().person
    raw = {"id": "zz.one", "name": "One", "member": focal.member_id}
    granted = [{"role": "head", "scope": "session/" + _session()}]
    perform("person.appoint", _secretary(), None, raw | {"roles": granted})
    deed = door.acts()["person.release"]
    with pytest.raises(Refused, match="holds an office"):
        perform(deed.name, focal.key, "person/zz.one", {"reason": "left"})


def _secretary() -> str:
    return RoleGrant.objects.filter(role="secretary", scope="", person__released_at=None).first().person_id


def _session() -> str:
    return Session.objects.first().key


def test_a_question_on_a_paper_for_heads_stands_on_no_page_of_others(demo, enter):
    question = QuestionPut.objects.filter(session="51").last()
    QuestionPut.objects.filter(pk=question.pk).update(
        subject_restricted=True, subject_audience="heads", title={"en": "zzheads"}, state="put"
    )
    item = question.items[0]
    for reader in ("observer.lindqvar", "lum.delegate"):
        for address in (f"/house/item/{item}/", "/house/session/51/"):
            answer = enter(reader).get(address)
            assert answer.status_code == 200, address
            assert f"/house/question/{question.key}/" not in text(answer), (reader, address)
            assert "zzheads" not in text(answer), (reader, address)


def test_decisions_and_instruments_that_are_hidden_stand_on_no_list_of_an_observer(demo, enter):
    decision = Instrument.objects.filter(session="51").first().decision
    triggers.lift()
    Decision.objects.filter(pk=decision.pk).update(hidden=True, title={"en": "zzhidden"})
    QuestionPut.objects.filter(pk=decision.result_id).update(subject_restricted=True)
    client = enter("observer.lindqvar")
    for address in ("decisions", "signing", "agenda", ""):
        answer = client.get(f"/house/session/51/{address}{'/' if address else ''}")
        assert answer.status_code == 200, address
        assert "zzhidden" not in text(answer) and f"/house/decision/{decision.key}/" not in text(answer), address


def test_a_hidden_subject_and_an_unknown_one_answer_alike(demo, enter):
    key = plant_paper("zzred", "RED")
    client = enter("lum.delegate")
    for act in ("paper.issue", "paper.translate", "paper.mark"):
        hidden = client.get(f"/house/act/{act}/?to=paper/{key}")
        unknown = client.get(f"/house/act/{act}/?to=paper/{key}9")
        assert (hidden.status_code, hidden.content) == (
            unknown.status_code,
            unknown.content,
        ) and hidden.status_code == 404


def test_the_room_names_no_question_on_a_paper_for_heads_to_a_delegate(demo, enter):
    raw = {"series": "DOC", "session": "session/51", "item": "item/51/4", "marking": "RED", "title": {"en": "zzred"}}
    files = {"files": {code: stored(f"zzred {code}") for code in ("en", "ru", "ar")}}
    red = perform("paper.table", "secretary.ansgar", None, raw | files).key
    perform("paper.issue", "secretary.ansgar", f"paper/{red}", {})
    Session.objects.filter(pk="51").update(state="open")
    Meeting.objects.filter(pk="51/3").update(state="open")
    put = {"method": "vote", "test": "substantive", "items": ["item/51/4"]}
    perform("question.put", "dov.head", f"paper/{red}", put)
    assert "zzred" in text(enter("lum.head").get("/house/room/51/3/"))
    assert "zzred" not in text(enter("lum.delegate").get("/house/room/51/3/"))


def test_an_invitation_is_known_to_the_council_and_to_those_it_names_and_to_nobody_else(demo, enter):
    raw = {"invitee": {"en": "A lake university"}, "as": "guest", "rights": ["attend"], "people": ["press.ellend"]}
    key = perform("invitation.send", "secretary.ansgar", "session/52", raw).key
    address = f"/house/history/?of=invitation/{key}"
    observer = enter("observer.lindqvar")
    assert observer.get(address).status_code == observer.get("/house/history/?of=invitation/52/99").status_code == 404
    assert "A lake university" not in text(observer.get("/house/history/?of=session/52&form=jsonl"))
    assert enter("lum.delegate").get(address).status_code == 200
