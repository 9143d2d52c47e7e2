"""Pages of those who come: what each reader may do there, what is missing, what stays hidden."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from chancery.council.models import Member, Person, local_day
from chancery.meetings.models import Letter, Session
from chancery.trail import door
from tests.test_walk import perform, stored

from .test_desk_pages import queries

ADDRESSES = {
    "/house/session/51/participants/": 11,
    "/house/session/52/preparation/": 12,
    "/house/session/51/journal/2026-10-21/": 10,
    "/house/calendar/?month=2026-10": 11,
    "/house/council/": 15,
    "/house/circulars/": 12,
}


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_each_member_has_a_row_with_what_is_awaited_even_before_it_notified(demo, enter):
    shown = page(enter("secretary.ansgar"), "/house/session/52/delegations/")
    assert 'id="ALD"' in shown and "the letter that names the delegation" in shown


def test_the_acts_beside_a_row_are_those_of_the_reader_with_the_member_filled_in(demo, enter):
    Session.objects.filter(pk="51").update(state="open")
    address = "/house/session/51/delegations/"
    secretary = page(enter("secretary.ansgar"), address)
    assert "/house/act/credentials.receive/?to=session%2F51&amp;member=member%2FALD" in secretary
    assert "/house/act/credentials.receive/" not in page(enter("lum.delegate"), address)
    assert "/house/act/credentials.receive/" not in page(enter("observer.lindqvar"), address)


def invite(session: str = "session/51", people: list[str] | None = None) -> Any:
    raw = {"invitee": {"en": "Lake Secretariat"}, "as": "guest", "rights": ["attend", "read_papers"]}
    return perform("invitation.send", "secretary.ansgar", session, raw | ({"people": people} if people else {}))


def letter(**more: str) -> None:
    raw = {"from": "HAL", "reference": "HAL/7", "date": "2026-08-30", "file": stored("An answer")}
    perform("letter.receive", "secretary.ansgar", None, raw | more)


@pytest.mark.parametrize(("address", "most"), ADDRESSES.items())
def test_a_page_of_the_house_takes_few_queries_and_no_more_with_more_rows(address, most, demo, enter):
    client = enter("secretary.ansgar")
    before = queries(client, address)
    assert before <= most
    for n in range(3):
        raw = {
            "series": "CIRC",
            "session": "session/51",
            "title": {"en": f"Note {n}"},
            "files": {"en": stored(f"Note {n}")},
        }
        perform("circular.send", "secretary.ansgar", None, raw)
        times = {"number": n + 7, "opens": f"2026-10-2{n}T06:00:00Z", "room": "A"}
        perform("meeting.plan", "secretary.ansgar", "body/AC.1", times | {"session": "session/52"})
        invite("session/52")
    assert queries(client, address) <= before + 1


def test_participants_stand_by_seat_then_those_invited_who_accepted_then_the_secretariat(demo, enter):
    invited = invite("session/52", ["person/observer.lindqvar"])
    client = enter("lum.delegate")
    assert "Lake Secretariat" not in page(client, "/house/session/52/participants/")
    perform("invitation.reply", "observer.lindqvar", str(invited.ref), {"answer": "accepted"})
    shown = page(client, "/house/session/52/participants/")
    assert shown.index("<h2>Lake Secretariat") < shown.index("<h2>Secretariat")
    seated = page(client, "/house/session/51/participants/")
    names = [seated.index(f"<h2>{Member.objects.get(pk=code).name['en']}") for code in ("ALD", "BRE")]
    assert names == sorted(names) and names[-1] < seated.index("<h2>Secretariat")


def test_the_table_of_participants_begins_no_cell_as_a_formula_would(demo, enter):
    Person.objects.filter(pk="lum.head").update(name="=HYPERLINK(1)")
    answer = enter("secretary.ansgar").get("/house/session/51/participants.csv")
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert ["'=HYPERLINK(1)", "head"] in [row[1:] for row in rows]


def test_documents_of_people_and_of_the_day_are_pdf(demo, enter):
    for address in ("/house/session/51/participants.pdf", "/house/session/51/journal/2026-10-21.pdf"):
        assert enter("lum.delegate").get(address).content.startswith(b"%PDF-")


def test_a_circular_tells_who_has_not_answered_until_the_letter_comes(demo, enter):
    address = "/house/circular/CNR/51/CIRC/1/"
    before = page(enter("lum.delegate"), address).count("no answer yet")
    letter(replies_to="circular/CNR/51/CIRC/1")
    assert page(enter("lum.delegate"), address).count("no answer yet") == before - 1 > 0


def test_letters_that_came_in_are_the_secretariats_own(demo, enter):
    letter()
    found = Letter.objects.get()
    address = f"/house/file/letter/{found.key}"
    assert enter("secretary.ansgar").get(address)["Content-Disposition"].startswith("attachment")
    assert enter("lum.delegate").get(address).status_code == 404
    assert "HAL/7" in page(enter("secretary.ansgar"), "/house/circulars/")
    assert "HAL/7" not in page(enter("lum.delegate"), "/house/circulars/")


def test_who_was_invited_sees_the_own_invitation_with_its_rights_and_may_reply(demo, enter):
    invite("session/52", ["person/observer.lindqvar"])
    invite("session/52")
    own = page(enter("observer.lindqvar"), "/house/session/52/delegations/")
    assert own.count("Lake Secretariat") == 1 and "Read papers" in own
    assert "/house/act/invitation.reply/?to=invitation%2F52%2F1" in own
    assert page(enter("lum.delegate"), "/house/session/52/delegations/").count("Lake Secretariat") == 2


def test_a_person_reads_what_it_may_do_and_nobody_elses_powers(demo, enter):
    own = page(enter("lum.delegate"), "/house/person/lum.delegate/")
    assert "only the secretariat may do this" in own and "roles" in own
    for other in ("lum.head", "no.one"):
        assert enter("lum.delegate").get(f"/house/person/{other}/").status_code == 404
    assert enter("secretary.ansgar").get("/house/person/lum.head/").status_code == 200


def test_people_are_listed_to_the_secretariat_and_to_the_heads_of_their_member_only(demo, enter):
    assert 'id="hal.delegate"' in page(enter("secretary.ansgar"), "/house/council/")
    head = page(enter("lum.head"), "/house/council/")
    assert 'id="lum.delegate"' in head and 'id="hal.delegate"' not in head
    for reader in ("lum.delegate", "observer.lindqvar"):
        assert 'id="lum.head"' not in page(enter(reader), "/house/council/")


def test_the_calendar_says_in_words_what_clashes(demo, enter):
    for number, body in ((7, "AC.1"), (8, "AC.2")):
        times = {"number": number, "opens": "2027-05-18T07:00:00Z", "room": "B", "session": "session/52"}
        perform("meeting.plan", "secretary.ansgar", f"body/{body}", times)
    shown = page(enter("observer.lindqvar"), "/house/calendar/?month=2027-05")
    assert "Room B is taken twice: meetings 52/AC.1/7 and 52/AC.2/8." in shown
    assert "Nothing sits this month" in page(enter("observer.lindqvar"), "/house/calendar/?month=2029-05")
    for strange in ("x", "2026-13", "0000-01", "9999-12"):
        assert enter("observer.lindqvar").get(f"/house/calendar/?month={strange}").status_code == 200


def test_a_journal_names_only_what_its_reader_may_see(demo, enter):
    perform(
        "circular.send",
        "secretary.ansgar",
        None,
        {"series": "CIRC", "title": {"en": "zzz"}, "session": "session/51", "files": {"en": stored("zzz")}},
    )
    day = local_day(door.now(), Session.objects.get(pk="51").zone)
    address = f"/house/session/51/journal/{day}/"
    assert "CNR/51/CIRC/3" in page(enter("lum.delegate"), address)
    assert "CNR/51/CIRC/3" not in page(enter("observer.lindqvar"), address)
    assert enter("lum.delegate").get("/house/session/51/journal/yesterday/").status_code == 404


def test_the_next_session_is_prepared_from_the_last_step_by_step(demo, enter):
    invite("session/52")
    client = enter("secretary.ansgar")
    shown = page(client, "/house/session/52/preparation/")
    assert "this needs it convened or open" in shown
    assert "like=paper%2FCNR%2F51%2FDOC%2F2" in shown
    assert client.get("/house/session/51/next/")["Location"] == "/house/session/52/preparation/"
    plan = page(client, "/house/session/52/next/")
    assert "/house/act/session.plan/?like=session%2F52" in plan
    form = page(client, "/house/act/paper.table/?like=paper/CNR/51/DOC/2")
    assert "Results of the joint exercise" in form


def test_a_pattern_that_the_reader_may_not_see_fills_no_form(demo, enter):
    from tests.test_walk import plant_paper

    hidden = plant_paper("zzred", "RED")
    address = f"/house/act/paper.table/?like=paper/{hidden}"
    assert 'value="zzred"' in page(enter("secretary.ansgar"), address)
    assert "zzred" not in enter("ac4.rapporteur").get(address).content.decode()
