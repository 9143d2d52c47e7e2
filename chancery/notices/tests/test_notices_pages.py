"""The pages of notices: what is new, what one hears of, proof of delivery."""

from __future__ import annotations

import pytest

from chancery.notices import choices, tasks
from chancery.notices.models import Mailing, Preference
from chancery.trail import door
from tests.test_walk import plant_paper

from .test_notices import DAY, circular, now, person
from .test_notices import post as post


def test_opening_a_notice_is_written_down_when_its_receiver_says_so_and_for_nobody_else(post, enter):
    circular("Reply", recipients=["member/HAL"], reply_by=(door.now() + DAY).isoformat())
    tasks.collect()
    address = f"/house/notices/{Mailing.objects.get(person='hal.head').pk}/"
    assert enter("cor.head").get(address).status_code == enter("cor.head").post(address).status_code == 404
    assert "Открыть уведомление" in enter("hal.head").get(address).content.decode()
    assert Mailing.objects.get(person="hal.head").opened_at is None
    assert enter("hal.head").post(address, follow=True).status_code == 200
    assert Mailing.objects.get(person="hal.head").opened_at is not None
    assert enter("hal.head").get(address).status_code == 302


def test_the_page_of_deliveries_names_members_whom_no_notice_reaches(demo, enter, forget):
    from chancery.council.models import RoleGrant

    client = enter("secretary.ansgar")
    assert "Notices reach nobody" not in client.get("/house/notices/deliveries/").content.decode()
    RoleGrant.objects.filter(person__member="HAL", role__in=["head", "focal"]).update(to_on=now().date() - DAY)
    forget()
    page = client.get("/house/notices/deliveries/").content.decode()
    assert "HAL" in page.partition("Notices reach nobody")[2].partition("</p>")[0]


def test_the_page_shows_what_is_new_until_it_was_seen_and_keeps_what_was_chosen(demo, enter):
    from chancery.notices import queries

    client = enter("lum.delegate")
    client.post("/house/notices/seen/", {"newest": door.last_id()})
    assert "Nothing new" in client.get("/house/notices/").content.decode()
    key = plant_paper("Weirs", "CLEAR")
    assert key in client.get("/house/notices/").content.decode()
    assert queries.new_for(person("lum.delegate"), now()).count() == 1
    assert "1 new" in client.get("/house/session/51/papers/").content.decode()
    typed = {"zone": "Asia/Bishkek", "hour": "9", "mail": "on", "act:decision.issue": "once", "named": "51/4\nCNR/1"}
    assert client.post("/house/notices/", typed).status_code == 302
    form = choices.form_of(person("lum.delegate"), now())
    assert (form.zone, form.hour, form.mail) == ("Asia/Bishkek", 9, True)
    assert {line.field: line.pace for line in form.acts if line.pace != "no"} == {"act:decision.issue": "once"}
    assert form.named.splitlines() == ["51/4", "CNR/1"]
    assert queries.new_for(person("lum.delegate"), now()).count() == 1, "the paper is one of the named item"
    client.post("/house/notices/", typed | {"named": ""})
    assert queries.new_for(person("lum.delegate"), now()).count() == 0


@pytest.mark.parametrize("typed", [{"zone": "Mars", "hour": "7"}, {"zone": "UTC", "hour": "24"}, {"zone": "UTC"}])
def test_a_refused_choice_keeps_what_was_typed(typed, demo, enter):
    answer = enter("lum.delegate").post("/house/notices/", typed | {"named": "kept words"})
    assert answer.status_code == 422 and "kept words" in answer.content.decode()
    assert not Preference.objects.filter(pk="lum.delegate").exists()


@pytest.mark.parametrize("address", ["/house/notices/", "/house/notices/deliveries/"])
def test_the_pages_take_few_queries_and_no_more_with_more_rows(address, post, enter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = enter("secretary.ansgar"), []
    for n in range(2):
        circular(f"Reply {n}", reply_by=(door.now() + DAY).isoformat())
        tasks.collect()
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 12
