"""Links in mails: invitations, recovery, beginning anew; who may send them, and what a thief of a mailbox gets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from chancery.council.models import Person, RoleGrant, SignIn
from chancery.site.doors import following, letters
from chancery.trail import door
from chancery.trail.errors import Refused
from chancery.trail.models import Record

from .test_signing_in import WORDS, perform, sign_in, signed_in, with_authenticator, with_password

NEW = {"password": WORDS, "repeated": WORDS}


@pytest.fixture
def outbox(settings: Any, demo: Any) -> list[Any]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def focal(demo) -> Person:
    """A focal point of Lumery."""
    made = Person.objects.create(key="lum.focal", name="Focal", member_id="LUM", email="f@lumery.example", password="!")
    RoleGrant.objects.create(person=made, role="focal")
    return made


def appoint(client: Client, key: str = "lum.new", role: str = "delegate") -> Any:
    form = {"id": key, "name": "Newcomer", "member": "member/LUM", "email": f"{key}@lumery.example"}
    return client.post("/house/act/person.appoint/", form | {"roles.0.role": role, "roles.rows": "1"})


def link(letter: Any) -> str:
    found = re.search(r"http://[^/]+(/accounts/\S+)", letter.body)
    assert found
    return found[1]


def invited(client: Client, outbox: list[Any], key: str = "lum.new") -> str:
    assert appoint(client, key).status_code == 302
    assert following.hand_over() == 1
    return link(outbox[-1])


def test_a_focal_point_brings_in_a_person_who_comes_in_by_the_link_and_cannot_vote_until_confirmed(
    outbox, focal, enter
):
    address = invited(enter("lum.focal"), outbox)
    assert outbox[-1].to == ["lum.new@lumery.example"]
    newcomer = Client()
    assert newcomer.post(address, NEW)["Location"] == "/house/"
    assert signed_in(newcomer)
    person = Person.objects.get(pk="lum.new")
    assert person.awaits_confirmation
    head = enter("lum.head")
    assert head.post("/house/act/person.confirm/", {"to": "person/lum.new"}).status_code == 302
    assert not Person.objects.get(pk="lum.new").awaits_confirmation
    assert not signed_in(newcomer), "a changed role ends the sign-in"
    assert sign_in(newcomer, person).status_code == 302 and signed_in(newcomer)


def test_invitation_links_are_not_used_up_by_the_get_of_a_mail_scanner(outbox, focal, enter):
    address = invited(enter("lum.focal"), outbox)
    for _ in range(5):
        assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200
    assert Client().post(address, NEW).status_code == 302
    assert Client().get(address).status_code == 410
    assert (
        Client().post(address, {"password": "other words of twelve", "repeated": "other words of twelve"}).status_code
        == 410
    )


def test_an_invitation_ends_after_seven_days(outbox, focal, enter, monkeypatch):
    address = invited(enter("lum.focal"), outbox)
    monkeypatch.setitem(letters.LASTING, letters.INVITATION, timedelta(seconds=-1))
    assert Client().get(address).status_code == 410


def test_an_invitation_sent_again_ends_the_earlier_one_and_a_revoked_one_is_over(outbox, focal, enter):
    client = enter("lum.focal")
    first = invited(client, outbox)
    assert "Invited" in client.get("/house/council/").content.decode()
    client.post("/accounts/invite/lum.new/")
    assert Client().get(first).status_code == 410
    following.hand_over()
    second = link(outbox[-1])
    assert Client().get(second).status_code == 200
    client.post("/accounts/invite/lum.new/", {"revoke": "1"})
    assert Client().get(second).status_code == 410
    assert following.hand_over() == 0


def test_whoever_signs_in_already_is_not_invited(outbox, focal, enter):
    with_password("lum.delegate")
    assert enter("lum.focal").post("/accounts/invite/lum.delegate/").status_code == 409
    assert Person.objects.get(pk="lum.delegate").check_password(WORDS)


@pytest.mark.parametrize(
    ("reader", "key"),
    [("lum.focal", "cor.head"), ("lum.focal", "lum.head"), ("lum.focal", "nobody"), ("lum.delegate", "lum.delegate")],
)
def test_a_focal_point_reaches_its_own_people_without_office_and_nobody_else(reader, key, focal, enter):
    assert enter(reader).post(f"/accounts/invite/{key}/").status_code == 404


@pytest.mark.parametrize("role", ["head", "alternate", "focal", "secretary", "press", "rapporteur", "chair"])
def test_a_focal_point_grants_no_head_vote_signature_or_key(role, focal, enter):
    assert appoint(enter("lum.focal"), role=role).status_code == 409
    assert not Person.objects.filter(pk="lum.new").exists()


def test_a_focal_point_takes_its_own_people_out(focal, enter):
    client = enter("lum.focal")
    done = client.post("/house/act/person.release/", {"to": "person/lum.delegate", "reason": "recalled"})
    assert done.status_code == 302 and Person.objects.get(pk="lum.delegate").released_at
    refused = client.post("/house/act/person.release/", {"to": "person/lum.head", "reason": "no"})
    assert refused.status_code in (403, 404, 409) and not Person.objects.get(pk="lum.head").released_at


def test_a_mailbox_thief_appoints_at_night_and_gets_no_vote(outbox, focal, enter):
    from chancery.meetings.models import Delegation
    from chancery.meetings.models import Session as Gathering

    address = invited(enter("lum.focal"), outbox, "lum.thief")
    thief = Client()
    thief.post(address, NEW)
    assert signed_in(thief)
    Gathering.objects.filter(pk="51").update(state="open")
    delegation = Delegation.objects.get(session="51", member="LUM")
    swap = {"out": "lum.head", "in": "lum.thief"}
    with pytest.raises(Refused):
        perform("delegation.substitute", str(delegation.ref), by="lum.focal", **swap)
    perform("delegation.substitute", str(delegation.ref), **swap)
    sign_in(thief, Person.objects.get(pk="lum.thief"))
    assert signed_in(thief), "even where the letter names the newcomer, somebody confirms first"
    voted = thief.post("/house/act/objection.state/", {"to": "question/51/1"})
    assert voted.status_code == 403
    assert not Record.objects.filter(by="person/lum.thief", outcome="done").exists()


def ask_for_recovery(person: Person) -> str:
    assert Client().post("/accounts/forgotten/", {"email": person.email}).status_code == 200
    assert following.hand_over() == 1
    return link(mail.outbox[-1])


def test_account_recovery_by_a_link_that_is_used_once_and_tells_everybody(outbox, focal):
    person = with_password("lum.delegate", "forgotten words of old")
    elsewhere = Client()
    sign_in(elsewhere, person, "forgotten words of old")
    address = ask_for_recovery(person)
    assert Client().get(address).status_code == 200
    before = len(outbox)
    assert Client().post(address, NEW).status_code == 302
    assert Client().post(address, NEW).status_code == 410
    told = {letter.to[0] for letter in outbox[before:]}
    keepers = set(Person.objects.filter(pk__in=("lum.focal", "secretary.ansgar")).values_list("email", flat=True))
    assert told == {person.email, *keepers}
    assert not signed_in(elsewhere)
    assert sign_in(Client(), person).status_code == 302


def test_account_recovery_through_the_mailbox_alone_gives_no_vote_until_confirmed(outbox):
    person = with_password("lum.head")
    Client().post(ask_for_recovery(person), NEW)
    assert Person.objects.get(pk="lum.head").awaits_confirmation
    voter = Client()
    sign_in(voter, person)
    assert voter.post("/house/act/objection.state/", {"to": "question/51/1"}).status_code == 403
    with pytest.raises(Refused):
        perform("person.confirm", "person/lum.head", by="lum.head")
    perform("person.confirm", "person/lum.head")
    assert not Person.objects.get(pk="lum.head").awaits_confirmation


def test_account_recovery_leaves_the_second_means_as_it_is(outbox):
    person = with_password("lum.head")
    with_authenticator(person)
    Client().post(ask_for_recovery(person), NEW)
    assert not Person.objects.get(pk="lum.head").awaits_confirmation
    assert sign_in(Client(), person)["Location"] == "/accounts/sign-in/code/"


def test_account_recovery_answers_alike_for_everybody_and_within_half_an_hour(outbox, monkeypatch):
    person = with_password("lum.delegate")
    known = Client().post("/accounts/forgotten/", {"email": person.email})
    unknown = Client().post("/accounts/forgotten/", {"email": "nobody@council.example"})
    assert (known.status_code, len(known.content)) == (unknown.status_code, len(unknown.content))
    following.hand_over()
    assert len(outbox) == 1
    monkeypatch.setitem(letters.LASTING, letters.RECOVERY, timedelta(seconds=-1))
    assert Client().get(link(outbox[0])).status_code == 410


def test_a_link_of_one_kind_opens_no_door_of_another(outbox):
    person = with_password("lum.delegate")
    address = ask_for_recovery(person)
    assert Client().get(address.replace("recover", "invitation")).status_code == 410


def test_whoever_lost_every_means_begins_anew_by_the_focal_point(outbox, focal, enter):
    person = with_password("lum.delegate")
    with_authenticator(person)
    thief = enter("lum.delegate")
    done = enter("lum.focal").post(
        "/house/act/person.recover/", {"to": "person/lum.delegate", "reason": "came in person, lost the telephone"}
    )
    assert done.status_code == 302
    assert not Authenticator.objects.filter(user=person).exists() and not signed_in(thief)
    assert Person.objects.get(pk="lum.delegate").awaits_confirmation
    assert sign_in(Client(), person).status_code != 302, "the old password opens nothing"
    following.hand_over()
    back = Client()
    back.post(link(outbox[-1]), NEW)
    assert signed_in(back)


def test_a_mail_server_that_is_down_costs_no_invitation(outbox, focal, enter, settings):
    appoint(enter("lum.focal"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert following.hand_over() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert following.hand_over() == 1


def test_what_was_played_from_a_folder_invites_nobody(outbox):
    assert not SignIn.objects.exists()


def test_the_sign_in_log_is_kept_for_a_hundred_and_eighty_days(demo):
    old = SignIn.objects.create(at=door.now() - timedelta(days=181), means="password", outcome="refused")
    young = SignIn.objects.create(at=door.now() - timedelta(days=179), means="password", outcome="refused")
    following.forget(door.now())
    assert [line.pk for line in SignIn.objects.all()] == [young.pk] and old.pk != young.pk


def test_a_newcomer_may_begin_with_a_passkey_instead(outbox, focal, enter):
    address = invited(enter("lum.focal"), outbox)
    newcomer = Client()
    assert newcomer.post(address, {"passkey": "1"})["Location"] == "/accounts/passkeys/new/"
    assert newcomer.get("/accounts/passkeys/new/").status_code == 200
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("reader", ["secretary.ansgar", "lum.focal"])
def test_the_council_page_takes_as_many_queries_for_many_people_as_for_few(
    reader, focal, enter, forget, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter(reader)
    client.get("/house/council/")
    forget()
    with CaptureQueriesContext(connection) as few:
        client.get("/house/council/")
    for n in range(12):
        Person.objects.create(key=f"lum.n{n}", name="N", member_id="LUM", email=f"n{n}@lumery.example", password="!")
    forget()
    with django_assert_num_queries(len(few)):
        client.get("/house/council/")
