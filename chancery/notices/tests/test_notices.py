"""Who is told of what, once; what a mail says; what a crash or a failing mail server leaves."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from chancery.notices import bounces, tasks
from chancery.notices.letters import person_of
from chancery.notices.models import Mailing, Preference, Subscription
from chancery.notices.transport import mail_settings
from chancery.trail import door
from tests.test_walk import perform, plant_paper, plant_release, stored

from .sink import sink

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def post(settings, demo):
    """A mail server, and a house whose own history is worked off."""
    with sink() as server:
        for name, value in mail_settings(server.address, demo).items():
            setattr(settings, name, value)
        tasks.collect()
        Mailing.objects.all().delete()
        server.mails.clear()
        yield server


def person(key: str):
    from chancery.council.models import Person

    return Person.objects.get(pk=key)


def hears(key: str, acts: dict[str, bool], zone: str = "UTC", **others: object) -> None:
    Preference.objects.update_or_create(pk=key, defaults={"zone": zone, "chosen": True} | others)
    for act, at_once in acts.items():
        Subscription.objects.create(person_id=key, about="act", value=act, at_once=at_once)


def circular(word: str, **others: object) -> str:
    raw = {"series": "CIRC", "session": "session/51", "title": {"en": word}, "files": {"en": stored(word)}}
    return perform("circular.send", "secretary.ansgar", None, raw | others).key


def to(key: str, server) -> list:
    return [mail for mail in server.mails if mail["To"] == person(key).email]


def test_a_notice_goes_once_says_the_act_the_way_and_the_reason(post):
    hears("lum.delegate", {"paper.issue": True})
    key = plant_paper("Weirs", "CLEAR")
    tasks.collect()
    tasks.collect()
    (mail,) = to("lum.delegate", post)
    body, mailing = mail.get_content(), Mailing.objects.get(person="lum.delegate")
    assert key in body and f"/house/notices/{mailing.pk}/" in body and "because of: A paper is issued" in body
    assert mailing.state == "handed" and mailing.answer == "250 2.0.0 taken as 77"
    assert mail["Message-ID"] == mailing.message_id


def test_a_notice_is_in_the_language_of_its_reader(post):
    from chancery.council.models import Person

    Person.objects.filter(pk="lum.delegate").update(languages=["ru", "en"])
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    tasks.collect()
    assert "Совет девяти рек" in to("lum.delegate", post)[0]["Subject"]


def test_nobody_hears_of_what_they_may_not_see_when_the_mail_goes(post):
    hears("lum.delegate", {"paper.issue": True})
    hears("observer.lindqvar", {"paper.issue": True})
    plant_paper("zzmole", "AMBER")
    tasks.collect()
    assert to("observer.lindqvar", post) == [] and len(to("lum.delegate", post)) == 1
    assert Mailing.objects.get(person="observer.lindqvar").state == "dropped"


def test_what_closed_between_queue_and_mail_is_not_told(post):
    from chancery.papers.models import Paper

    hears("lum.delegate", {"paper.issue": False})
    key = plant_paper("zzmole", "CLEAR")
    tasks.collect()
    Paper.objects.filter(pk=key).update(marking="RED")
    tasks.collect(now() + 2 * DAY)
    assert to("lum.delegate", post) == [] and Mailing.objects.get(person="lum.delegate").state == "dropped"


def test_no_mail_holds_a_word_of_a_restricted_thing(post):
    hears("lum.delegate", {"paper.issue": True, "circular.send": True})
    paper, letter = plant_paper("zzmole", "AMBER"), circular("zzmole")
    tasks.collect()
    mails = to("lum.delegate", post)
    assert len(mails) == 2 and not any("zzmole" in str(mail) for mail in mails)
    assert paper in mails[0].get_content() and letter in mails[1].get_content()


def test_an_embargoed_release_is_told_when_it_is_public(post):
    hears("observer.lindqvar", {"release.issue": True})
    plant_release("zzmole")
    tasks.collect()
    assert to("observer.lindqvar", post) == []
    due = Mailing.objects.get(person="observer.lindqvar").due_at
    tasks.collect(due - timedelta(seconds=1))
    assert to("observer.lindqvar", post) == []
    tasks.collect(due)
    assert len(to("observer.lindqvar", post)) == 1


def test_nobody_is_told_of_their_own_act(post):
    hears("secretary.ansgar", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    tasks.collect()
    assert to("secretary.ansgar", post) == []


def test_all_of_a_day_comes_in_one_digest_at_the_local_hour(post):
    hears("lum.delegate", {"paper.issue": False}, zone="Asia/Bishkek", hour=8)
    keys = [plant_paper(f"Weirs {n}", "CLEAR") for n in range(3)]
    tasks.collect()
    due = Mailing.objects.filter(person="lum.delegate").first().due_at
    assert due.hour == 2 and to("lum.delegate", post) == []
    tasks.collect(due)
    tasks.collect(due + DAY)
    (mail,) = to("lum.delegate", post)
    assert all(key in mail.get_content() for key in keys) and "3 notices" in mail["Subject"]


def test_a_body_an_item_and_a_symbol_are_heard_of(post):
    hears("lum.delegate", {})
    for about, value in (("item", "51/4"), ("symbol", "CNR/51/DOC/1")):
        Subscription.objects.create(person_id="lum.delegate", about=about, value=value, at_once=True)
    plant_paper("Weirs", "CLEAR", issue=False)
    tasks.collect()
    assert Mailing.objects.get(person="lum.delegate").why == "item 51/4"


def test_a_legal_notice_goes_to_head_and_focal_point_of_each_recipient_and_to_nobody_else(post):
    from chancery.council.models import RoleGrant

    hears("hal.head", {}, mail=False)
    circular("Reply", recipients=["member/HAL"], reply_by=(door.now() + DAY).isoformat())
    tasks.collect()
    told = {mailing.person_id for mailing in Mailing.objects.filter(legal=True)}
    grants = RoleGrant.objects.filter(role__in=["head", "focal"], person__member="HAL")
    assert told == set(grants.values_list("person_id", flat=True)) and "hal.head" in told
    (mail,) = to("hal.head", post)
    assert "от этого уведомления отказаться нельзя" in mail.get_content() and "List-Unsubscribe" not in mail


def test_a_circular_without_a_date_obliges_nobody(post):
    circular("Weirs")
    tasks.collect()
    assert not Mailing.objects.filter(legal=True).exists()


def test_a_busy_server_is_tried_again_later_and_later_and_nothing_is_lost(post):
    from chancery.council.models import Person

    for other in Person.objects.exclude(pk="lum.delegate"):
        hears(other.key, {}, mail=False)
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    post.fault, at, waits = "busy", now(), []
    for _ in range(6):
        tasks.collect(at)
        mailing = Mailing.objects.get(person="lum.delegate")
        assert mailing.state == "queued" and mailing.answer.startswith("451")
        waits.append(mailing.due_at - at)
        assert tasks.collect(at) == 0 and Mailing.objects.get(pk=mailing.pk).tries == len(waits)
        at = mailing.due_at
    assert waits == sorted(waits) and waits[0] < waits[-1]
    post.fault = ""
    assert tasks.collect(at) == 1 and len(to("lum.delegate", post)) == 1


def test_a_server_that_is_away_is_tried_again(post, settings):
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tasks.collect()
    settings.EMAIL_PORT = port
    mailing = Mailing.objects.get(person="lum.delegate")
    assert mailing.state == "queued" and mailing.tries == 1
    assert tasks.collect(mailing.due_at) == 1


def test_a_server_that_knows_no_such_person_is_shown_and_not_asked_again(post):
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    post.fault = "no such"
    tasks.collect()
    mailing = Mailing.objects.get(person="lum.delegate")
    assert mailing.state == "refused" and "no such person" in mailing.answer


def test_a_server_that_hangs_up_gets_a_legal_notice_again_under_its_old_name_and_no_other(post):
    hears("hal.head", {})
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    circular("Reply", recipients=["member/HAL"], reply_by=(door.now() + DAY).isoformat())
    post.fault = "hang up"
    tasks.collect()
    post.fault = ""
    tasks.collect(now() + DAY)
    assert len(to("lum.delegate", post)) == 1 and Mailing.objects.get(person="lum.delegate").state == "unsure"
    names = [mail["Message-ID"] for mail in to("hal.head", post)]
    assert len(names) == 2 and len(set(names)) == 1


def killed_at(point: str) -> None:
    """A worker that dies at a point of its round, as by `kill -9`."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["CHANCERY_FAULT"] = point
        try:
            tasks.collect()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), status


def test_a_worker_killed_between_the_mail_and_its_mark_sends_legal_notices_again_and_others_not(post):
    hears("hal.head", {})
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    killed_at("handed")
    assert Mailing.objects.get(person="lum.delegate").state == "handing"
    circular("Reply", recipients=["member/HAL"], reply_by=(door.now() + DAY).isoformat())
    killed_at("handed")
    tasks.collect(now() + DAY)
    assert len(to("lum.delegate", post)) == 1 and Mailing.objects.get(person="lum.delegate").state == "unsure"
    legal = to("hal.head", post)
    assert len(legal) <= 2 and len({mail["Message-ID"] for mail in legal}) == 1
    assert not Mailing.objects.filter(legal=True).exclude(state="handed").exists()


def test_a_worker_killed_while_it_queues_makes_each_notice_once(post):
    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    killed_at("queued")
    assert not Mailing.objects.filter(person="lum.delegate").exists()
    tasks.collect()
    assert len(to("lum.delegate", post)) == 1


REPORT = b"""From: mailer@example
To: secretariat@localhost
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; x@example
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such person
--b
Content-Type: text/rfc822-headers

Message-ID: %s
Subject: x
--b--
"""


def test_a_mail_that_came_back_is_marked_and_shown_to_the_secretariat(post, enter):
    circular("Reply", recipients=["member/HAL"], reply_by=(door.now() + DAY).isoformat())
    tasks.collect()
    mailing = Mailing.objects.get(person="hal.head")
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, report = enter("secretary.ansgar"), REPORT % (b"failed", mailing.message_id.encode())
    answer = client.post("/house/notices/deliveries/", {"mail": SimpleUploadedFile("back.eml", report)})
    assert answer.status_code == 302
    page = client.get("/house/notices/deliveries/").content.decode()
    assert "Came back" in page and "5.1.1 smtp; 550 no such person" in page
    assert enter("hal.head").post("/house/notices/deliveries/", {}).status_code == 404


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"no mail at all",
        REPORT % (b"delayed", b"<a@b>"),
        REPORT % (b"failed", b"<a@b>"),
        REPORT % (b"failed", b""),
    ],
)
def test_what_is_no_report_of_ours_is_refused_in_plain_words(report, demo):
    with pytest.raises(ValueError, match="mail"):
        bounces.enter(report, now())


def test_the_command_enters_a_mail_that_came_back(post, demo, tmp_path, capsys):
    from argparse import Namespace

    from chancery.notices.command import run_bounce

    (tmp_path / "other.eml").write_bytes(REPORT % (b"failed", b"<a@b>"))
    assert run_bounce(Namespace(file=str(tmp_path / "none"), data=str(demo))) == 2
    assert run_bounce(Namespace(file=str(tmp_path / "other.eml"), data=str(demo))) == 1
    assert "no mail of this house" in capsys.readouterr().err


def test_one_click_stops_mail_and_looking_does_not(post, enter, settings):
    from django.test import Client

    hears("lum.delegate", {"paper.issue": True})
    plant_paper("Weirs", "CLEAR")
    tasks.collect()
    (mail,) = to("lum.delegate", post)
    address = mail["List-Unsubscribe"].strip(" <>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert person_of(address.rstrip("/").rpartition("/")[2]) == person("lum.delegate")
    path, program = address.removeprefix(settings.HOUSE_ADDRESS), Client(enforce_csrf_checks=True)
    assert "Stop mail?" in program.get(path).content.decode() and Preference.objects.get(pk="lum.delegate").mail
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Preference.objects.get(pk="lum.delegate").mail
    plant_paper("Weirs again", "CLEAR")
    tasks.collect()
    assert len(to("lum.delegate", post)) == 1


def test_of_a_history_that_was_played_only_the_legal_notices_of_a_rehearsal_are_sent(demo):
    from django.core import mail

    tasks.collect()
    assert mail.outbox and not Mailing.objects.filter(legal=False).exists()
    assert set(Mailing.objects.values_list("record__act", flat=True)) <= {"session.convene", "circular.send"}
