"""Coming in: password, code, recovery code; what ends a sign-in; what a thief and a guesser meet."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from chancery.council.models import Council, Person, SignIn
from chancery.site.doors import backend, limits
from chancery.trail import door, refs
from chancery.trail.actor import Actor
from conftest import just_shown

WORDS = "nine rivers meet at noon"


@pytest.fixture
def lumery(demo) -> Person:
    """A delegate with a password."""
    return with_password("lum.delegate")


def with_password(key: str, words: str = WORDS) -> Person:
    person = Person.objects.get(pk=key)
    person.set_password(words)
    person.save(update_fields=["password"])
    return person


def with_authenticator(person: Person) -> str:
    secret = totp.generate_totp_secret()
    from chancery.site.doors.adapter import Means

    Authenticator.objects.create(user=person, type="totp", data={"secret": Means().encrypt(secret)})
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def sign_in(client: Client, person: Person, words: str = WORDS, **more: str) -> Any:
    return client.post("/accounts/sign-in/", {"login": person.email, "password": words} | more)


def signed_in(client: Client) -> bool:
    return bool(client.get("/house/mine/").status_code == 200)


def no_rehearsal() -> None:
    Council.objects.update(rehearsal=False)


def test_a_person_signs_in_by_password_and_goes_where_they_were_sent_from(lumery):
    client = Client()
    answer = sign_in(client, lumery, next="/house/search/")
    assert (answer.status_code, answer["Location"]) == (302, "/house/search/")
    assert signed_in(client)
    line = SignIn.objects.get(outcome="in")
    assert (line.person, line.means, line.address) == (lumery, "password", "127.0.0.1")


def test_sign_in_leads_to_no_other_house(lumery):
    answer = sign_in(Client(), lumery, next="https://thief.example/house/")
    assert answer["Location"] == "/house/"


def test_password_attacks_meet_the_same_answer_for_an_unknown_address_a_wrong_password_and_a_released_person(lumery):
    gone = with_password("lum.head")
    Person.objects.filter(pk=gone.pk).update(released_at=door.now())
    answers = [
        sign_in(Client(), lumery, "not the right password"),
        Client().post("/accounts/sign-in/", {"login": "nobody@council.example", "password": WORDS}),
        sign_in(Client(), gone),
    ]
    texts = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(texts) == 1 and "do not belong together" in texts.pop()
    assert {answer.status_code for answer in answers} == {answers[0].status_code}


@pytest.mark.parametrize(
    ("words", "says"),
    [("short", "at least 12"), ("1q2w3e4r5t6y", "lists of stolen"), ("lum.delegate@council", "too much like")],
)
def test_password_attacks_find_no_short_stolen_or_obvious_password(words, says, lumery, enter):
    client = enter("lum.delegate")
    answer = client.post("/accounts/password/", {"password": words, "repeated": words})
    assert answer.status_code == 422 and says in answer.content.decode()


def test_floods_of_sign_ins_are_stopped_for_the_address_and_an_ipv6_network_is_one_address(lumery):
    for n in range(limits.TRIES):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{n}").post(
            "/accounts/sign-in/", {"login": lumery.email, "password": "x" * 12}
        )
    stopped = sign_in(Client(REMOTE_ADDR="2001:db8:1:2:3::9"), lumery)
    assert stopped.status_code == 429 and stopped["Retry-After"]
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1"), lumery).status_code == 302


def test_a_room_full_of_people_comes_in_from_one_address(demo):
    for person in [with_password(p.pk) for p in Person.objects.filter(member="LUM")] * (limits.TRIES + 2):
        assert sign_in(Client(), person).status_code == 302


def test_nobody_is_shut_out_by_guesses_made_from_elsewhere(lumery):
    for n in range(30):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), lumery, "wrong wrong wrong")
    assert sign_in(Client(), lumery).status_code == 302


def test_a_password_alone_does_not_open_a_sign_in_that_has_an_authenticator(lumery):
    secret, client = with_authenticator(lumery), Client()
    assert sign_in(client, lumery)["Location"] == "/accounts/sign-in/code/"
    assert not signed_in(client)
    wrong = client.post("/accounts/sign-in/code/", {"code": "000000"})
    assert wrong.status_code == 403 and not signed_in(client)
    assert client.post("/accounts/sign-in/code/", {"code": code_of(secret)}).status_code == 302
    assert signed_in(client)


def test_a_code_is_used_once(lumery):
    secret = with_authenticator(lumery)
    code = code_of(secret)
    for client, expected in ((Client(), True), (Client(), False)):
        sign_in(client, lumery)
        client.post("/accounts/sign-in/code/", {"code": code})
        assert signed_in(client) is expected


def test_codes_are_not_guessed(lumery):
    secret, client = with_authenticator(lumery), Client()
    sign_in(client, lumery)
    for _ in range(5):
        client.post("/accounts/sign-in/code/", {"code": "000000"})
    client.post("/accounts/sign-in/code/", {"code": code_of(secret)})
    assert not signed_in(client)


def test_a_recovery_code_signs_in_once_in_place_of_a_code(lumery):
    with_authenticator(lumery)
    codes = Authenticator.objects.get(user=lumery, type="recovery_codes").wrap().get_unused_codes()
    for client, expected in ((Client(), True), (Client(), False)):
        sign_in(client, lumery)
        client.post("/accounts/sign-in/code/", {"code": codes[0]})
        assert signed_in(client) is expected
        cache.clear()


def test_the_secret_of_an_authenticator_lies_encrypted(lumery):
    secret = with_authenticator(lumery)
    assert secret not in str(Authenticator.objects.get(user=lumery, type="totp").data)


def test_session_fixation_fails_because_sign_in_gives_a_new_key(lumery):
    client = Client()
    client.get("/accounts/sign-in/")
    planted = client.cookies["sid"].value
    sign_in(client, lumery)
    assert client.cookies["sid"].value != planted
    assert not Session.objects.filter(pk=planted).exists()
    thief = Client()
    thief.cookies["sid"] = planted
    assert not signed_in(thief)


def test_session_theft_ends_at_sign_out_and_at_step_up(lumery):
    client, thief = Client(), Client()
    sign_in(client, lumery)
    thief.cookies["sid"] = client.cookies["sid"].value
    assert signed_in(thief)
    just_shown(client, lumery.pk, ago=3600, means="password")
    client.post("/accounts/again/", {"password": WORDS, "next": "/accounts/"})
    assert signed_in(client) and not signed_in(thief)
    thief.cookies["sid"] = client.cookies["sid"].value
    client.post("/accounts/sign-out/")
    assert not signed_in(thief)


def test_no_sign_in_survives_a_changed_password(lumery):
    here, elsewhere = Client(), Client()
    sign_in(here, lumery)
    sign_in(elsewhere, lumery)
    here.post("/accounts/password/", {"password": "another nine rivers", "repeated": "another nine rivers"})
    assert signed_in(here) and not signed_in(elsewhere)
    assert sign_in(Client(), lumery).status_code != 302


def perform(act: str, to: str | None, by: str = "secretary.ansgar", **given: Any) -> Any:
    from chancery.trail.arguments import Reading

    deed = door.acts()[act]
    subject, values = deed.read(to, given, Reading(from_record=True))
    return door.perform(deed, subject, values, by=Actor(f"person/{by}"), at=door.now()).product


def test_no_sign_in_survives_a_release(lumery):
    client = Client()
    sign_in(client, lumery)
    perform("person.release", "person/lum.delegate", reason="recalled")
    assert not signed_in(client)


def test_no_sign_in_survives_a_changed_role(lumery):
    client, other = Client(), Client()
    Person.objects.filter(pk=lumery.pk).update(awaits_confirmation=True)
    sign_in(client, lumery)
    sign_in(other, with_password("cor.head"))
    perform("person.confirm", "person/lum.delegate")
    assert not signed_in(client) and signed_in(other)
    assert sign_in(client, lumery).status_code == 302 and signed_in(client)


def test_no_sign_in_survives_an_unseating(lumery):
    from chancery.meetings.models import Session as Gathering

    client, other = Client(), Client()
    sign_in(client, lumery)
    sign_in(other, with_password("cor.head"))
    Gathering.objects.filter(pk="51").update(state="open")
    perform("credentials.rule", "session/51", member="LUM", ruling="unseat", reason="no letter")
    assert not signed_in(client) and signed_in(other)


def test_a_sign_in_ends_after_seven_days_however_much_it_is_used(lumery):
    client = Client()
    sign_in(client, lumery)
    session = client.session
    session["since"] -= backend.LONGEST + 1
    session.save()
    assert not signed_in(client)


def test_an_idle_sign_in_ends_after_twelve_hours_and_a_used_one_lasts_on(lumery):
    client = Client()
    sign_in(client, lumery)
    key = client.cookies["sid"].value
    row = Session.objects.get(pk=key)
    assert timedelta(hours=11) < row.expire_date - door.now() <= timedelta(hours=12, minutes=1)
    session = client.session
    session["seen"] -= 3600
    session.save()
    Session.objects.filter(pk=key).update(expire_date=row.expire_date - timedelta(hours=1))
    assert signed_in(client)
    assert Session.objects.get(pk=key).expire_date >= row.expire_date - timedelta(minutes=1)


@pytest.mark.parametrize("key", ["secretary.ansgar", "dov.head", "press.ellend"])
def test_whoever_binds_others_sets_up_a_second_means_before_anything_else(key, demo):
    no_rehearsal()
    person, client = with_password(key), Client()
    sign_in(client, person)
    assert client.get("/house/mine/")["Location"] == "/accounts/"
    assert "a password alone is not enough" in client.get("/accounts/").content.decode()
    secret = re.search(r'class="key" dir="ltr">(\w+)<', client.get("/accounts/code/new/").content.decode())
    assert secret
    client.post("/accounts/code/new/", {"code": code_of(secret[1])})
    assert signed_in(client)


def test_a_delegate_and_a_rehearsal_are_asked_for_no_second_means(demo):
    client = Client()
    sign_in(client, with_password("dov.head"))
    assert signed_in(client)
    no_rehearsal()
    client = Client()
    sign_in(client, with_password("lum.delegate"))
    assert signed_in(client)


def test_the_last_second_means_of_an_office_stays(demo):
    no_rehearsal()
    person, client = with_password("press.ellend"), Client()
    secret = with_authenticator(person)
    sign_in(client, person)
    client.post("/accounts/sign-in/code/", {"code": code_of(secret)})
    client.post("/accounts/code/remove/")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_recovery_codes_are_shown_once(lumery, enter):
    client = enter("lum.delegate")
    with_authenticator(lumery)
    codes = Authenticator.objects.get(user=lumery, type="recovery_codes").wrap().get_unused_codes()
    first, second = (client.get("/accounts/recovery-codes/").content.decode() for _ in range(2))
    assert codes[0] in first and codes[0] not in second


def test_the_account_page_shows_where_one_is_signed_in_and_ends_the_others(lumery):
    here, phone = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Android 14) Firefox/130"})
    sign_in(here, lumery)
    sign_in(phone, lumery)
    assert "Firefox, Android" in here.get("/accounts/").content.decode()
    here.post("/accounts/elsewhere/end/")
    assert signed_in(here) and not signed_in(phone)
    assert "Firefox, Android" not in here.get("/accounts/").content.decode().partition("The last sign-ins")[0]


def test_the_account_page_takes_few_queries_however_many_places(lumery, django_assert_max_num_queries):
    client = Client()
    for _ in range(8):
        sign_in(Client(), lumery)
    sign_in(client, lumery)
    client.get("/accounts/")
    with django_assert_max_num_queries(12):
        client.get("/accounts/")


def test_nobody_signs_up(demo):
    for address in ("signup/", "login/", "email/", "3rdparty/", "password/reset/", "inactive/", "2fa/"):
        assert Client().get(f"/accounts/{address}").status_code == 404


def test_an_act_on_roles_asks_again_after_ten_minutes_and_keeps_what_was_typed(demo, enter):
    secretary = with_password("secretary.ansgar")
    client = enter("secretary.ansgar")
    just_shown(client, secretary.pk, ago=601)
    form = {
        "id": "lum.third",
        "name": "Third of Lumery",
        "member": "member/LUM",
        "roles.0.role": "delegate",
        "roles.rows": "1",
    }
    asked = client.post("/house/act/person.appoint/", form)
    assert asked.status_code == 403 and 'value="Third of Lumery"' in asked.content.decode()
    assert not Person.objects.filter(pk="lum.third").exists()
    wrong = client.post("/house/act/person.appoint/", form | {"again_password": "wrong wrong wrong"})
    assert wrong.status_code == 403 and not Person.objects.filter(pk="lum.third").exists()
    done = client.post("/house/act/person.appoint/", form | {"again_password": WORDS})
    assert done.status_code == 302 and Person.objects.filter(pk="lum.third").exists()
    again = client.post("/house/act/person.confirm/", {"to": "person/lum.third"})
    assert again.status_code == 409, "within ten minutes nobody is asked again"


def test_other_acts_do_not_ask_again(demo, enter):
    with_password("secretary.ansgar")
    client = enter("secretary.ansgar")
    just_shown(client, "secretary.ansgar", ago=3600)
    assert "again_password" not in client.get("/house/act/circular.send/").content.decode()
    assert "again_password" in client.get("/house/act/key.enrol/?to=person/lum.head").content.decode()


def test_floods_of_acts_are_stopped_but_an_objection_is_never_limited_away(demo, enter):
    client = enter("lum.delegate")
    for _ in range(60):
        assert client.post("/house/act/speech.record/", {"to": "session/51"}).status_code != 429
    assert client.post("/house/act/speech.record/", {"to": "session/51"}).status_code == 429
    passed = client.post("/house/act/objection.state/", {"to": "question/51/1"})
    assert passed.status_code not in (429, 302)
    assert enter("cor.head").post("/house/act/speech.record/", {"to": "session/51"}).status_code != 429


def test_csrf_a_post_of_every_act_from_another_origin_is_refused(demo):
    from chancery.trail.models import Record

    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk="secretary.ansgar"))
    page = client.get("/house/act/circular.send/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    before = Record.objects.count()
    for name in door.acts():
        form = {"csrfmiddlewaretoken": token[1]}
        foreign = client.post(f"/house/act/{name}/", form, headers={"origin": "https://thief.example"})
        bare = client.post(f"/house/act/{name}/", {}, headers={"origin": "http://testserver"})
        assert (foreign.status_code, bare.status_code) == (403, 403), name
    assert Record.objects.count() == before
    assert refs.get("session/51")
