"""The operator: in only with a stated reason and time, seen by the secretary, to look and never to act."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chancery.council import access as council
from chancery.council.models import OperatorAccess
from chancery.site.doors.operator import token
from chancery.trail import door
from chancery.trail.actor import OPERATOR
from chancery.trail.models import Record
from conftest import ROOT
from tests.test_walk import MAY, WALK


def opened(hours: int = 1) -> OperatorAccess:
    deed, at = door.acts()["operator.enter"], door.now()
    values = {"reason": "the index is broken", "until": at + timedelta(hours=hours)}
    found: OperatorAccess = door.perform(deed, None, values, by=OPERATOR, at=at).product
    return found


def come_in(access: OperatorAccess) -> Client:
    client = Client()
    assert client.post(f"/accounts/operator/{token(access)}/")["Location"] == "/house/"
    return client


def inside(client: Client) -> bool:
    return bool(client.get("/house/session/51/").status_code == 200)


def test_the_walk_as_operator_with_access_reads_what_the_secretariat_reads_and_changes_nothing(demo):
    client, before = come_in(opened()), Record.objects.count()
    for name, (arguments, who, status) in WALK.items():
        address = reverse(name, kwargs=arguments)
        if address.startswith("/house/"):
            own = name in ("house-person", "house-letter-file", "house-act-text", "house-notice", "house-history")
            got = client.get(address).status_code
            shown = "secretary" in MAY[who] and name != "house-tokens"
            assert got == (status if shown else 404) or own, (address, got)
            assert client.post(address, {}).status_code == 403, address
    assert Record.objects.count() == before


def test_the_walk_as_operator_without_access_is_that_of_a_stranger(demo):
    access = opened()
    client = come_in(access)
    door.perform(door.acts()["operator.leave"], access, {}, by=OPERATOR, at=door.now())
    for name, (arguments, _, _) in WALK.items():
        address = reverse(name, kwargs=arguments)
        if address.startswith("/house/"):
            assert client.get(address).status_code == 302, address


@pytest.mark.parametrize("act", sorted(door.acts()))
def test_the_operator_may_send_no_act(act, demo):
    client, before = come_in(opened()), Record.objects.count()
    assert client.post(f"/house/act/{act}/", {"to": "session/51", "reason": "x"}).status_code == 403
    assert Record.objects.count() == before


def test_the_access_ends_at_its_time(demo):
    access = opened()
    client = come_in(access)
    assert inside(client)
    OperatorAccess.objects.filter(pk=access.pk).update(until=door.now() - timedelta(seconds=1))
    assert not inside(client)


def test_the_operators_link_works_once_and_looking_at_it_uses_nothing_up(demo):
    address = f"/accounts/operator/{token(opened())}/"
    assert Client().get(address).status_code == 200
    assert Client().post(address).status_code == 302
    assert Client().get(address).status_code == 410
    assert Client().post(address).status_code == 410


def test_the_secretary_sees_the_access_with_its_reason_and_ends_it(demo, enter):
    access = opened()
    client, secretary = come_in(access), enter("secretary.ansgar")
    assert "The operator looks into the house: the index is broken" in secretary.get("/house/mine/").content.decode()
    assert "the index is broken" not in enter("lum.head").get("/house/mine/").content.decode()
    done = secretary.post("/house/act/operator.leave/", {"to": str(access.ref)})
    assert done.status_code == 302 and not inside(client)


def test_the_operator_signs_out(demo):
    client = come_in(opened())
    client.post("/accounts/sign-out/")
    assert not inside(client)


def chancery(*args: str, data: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chancery.site", *args, "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_opens_and_ends_an_access(demo):
    until = (door.now() + timedelta(hours=2)).isoformat()
    done = chancery("operator", "enter", "--reason", "a lost index", "--until", until, data=demo)
    assert done.returncode == 0, done.stderr
    assert re.search(r"/accounts/operator/\S+/", done.stdout)
    assert council.operator_access_at(door.now()).reason == "a lost index"
    twice = chancery("operator", "enter", "--reason", "again", "--until", until, data=demo)
    assert twice.returncode == 1 and "open already" in twice.stderr
    assert chancery("operator", "leave", data=demo).returncode == 0
    assert council.operator_access_at(door.now()) is None
    long = (door.now() + timedelta(hours=20)).isoformat()
    assert chancery("operator", "enter", "--reason", "x", "--until", long, data=demo).returncode == 1
