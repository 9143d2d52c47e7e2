"""The API: the same acts through the same door, by token alone; what is hidden reads as unknown."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from chancery.council import tokens
from chancery.council.models import ApiToken, Person
from chancery.meetings.models import Meeting, Session
from chancery.site.api import examples, reads
from chancery.site.doors import limits
from chancery.trail import door
from chancery.trail.models import Record
from conftest import ROOT
from tests.test_walk import plant_paper, plant_release

KEY = "0123456789"


class Program:
    """A client that bears one token."""

    def __init__(self, client, secret: str) -> None:
        self.client, self.secret = client, secret

    def get(self, path: str):
        return self.client.get(f"/api/{path}", headers={"Authorization": f"Bearer {self.secret}"})

    def post(self, body: object, key: str = KEY, path: str = "acts"):
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key}
        return self.client.post(f"/api/{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def program(enter):
    def bearing(person: str, *acts: str, days: int = 30) -> Program:
        at = door.now()
        _, secret = tokens.make(Person.objects.get(pk=person), "test", list(acts), at + timedelta(days=days), at)
        return Program(enter(""), secret)

    return bearing


def test_an_act_is_done_once_under_its_key_and_says_that_it_came_by_token(demo, program, enter):
    one = program("secretary.ansgar", "paper.*")
    first, again = one.post(examples.ACT), one.post(examples.ACT)
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert first.json()["via"] == "api" and Record.objects.filter(request_id=KEY).count() == 1
    page = enter("secretary.ansgar").get(f"/house/history/?of={first.json()['result']}").content.decode()
    assert "by token" in page
    other = one.post({"do": "paper.issue", "to": first.json()["result"]})
    assert other.status_code == 422 and other.json()["place"] == "Idempotency-Key"


@pytest.mark.parametrize("forged", ["at", "by", "entered_by", "via"])
def test_a_program_sets_neither_the_instant_nor_the_actor(forged, demo, program):
    answer = program("secretary.ansgar", "*").post(examples.ACT | {forged: "2020-01-01T00:00:00Z"})
    assert answer.status_code == 422 and forged in answer.json()["place"]
    assert not Record.objects.filter(request_id=KEY).exists()


def test_a_cookie_counts_for_nothing(demo, enter):
    client = enter("secretary.ansgar")
    for answer in (
        client.get("/api/rows/session"),
        client.post("/api/acts", json.dumps(examples.ACT), content_type="application/json"),
    ):
        assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer" and not answer.cookies


def test_a_token_does_its_own_acts_alone_and_reads_without_any(demo, program):
    narrow = program("secretary.ansgar", "circular.*")
    answer = narrow.post(examples.ACT)
    assert answer.status_code == 403 and answer.json()["rule"] == "roles"
    assert "this token is not good for paper.table" in answer.json()["detail"]
    reader = program("secretary.ansgar")
    assert reader.get("rows/session").status_code == 200
    assert reader.post(examples.ACT).status_code == 403
    assert reader.post({}, path="files?name=a.md").status_code == 403


def test_a_token_ends_with_its_day_its_revocation_and_its_person(demo, program):
    one = program("lum.delegate")
    assert one.get("rows/session").status_code == 200
    ApiToken.objects.update(until=door.now() - timedelta(seconds=1))
    assert one.get("rows/session").status_code == 401
    ApiToken.objects.update(until=door.now() + timedelta(days=1), revoked_at=door.now())
    assert one.get("rows/session").status_code == 401
    ApiToken.objects.update(revoked_at=None)
    Person.objects.filter(pk="lum.delegate").update(released_at=door.now())
    assert one.get("rows/session").status_code == 401
    assert program("dov.head").get("rows/session").status_code == 200


def test_no_token_lasts_longer_than_ninety_days(demo):
    at, person = door.now(), Person.objects.get(pk="lum.delegate")
    for until in (at, at + timedelta(days=91)):
        with pytest.raises(ValueError, match="within 90 days"):
            tokens.make(person, "long", [], until, at)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("person", "act", "status", "rule"),
    [
        ("lum.delegate", examples.ACT, 403, "roles"),
        ("secretary.ansgar", {"do": "paper.issue", "to": "paper/CNR/51/DOC/1"}, 409, "order"),
        ("secretary.ansgar", {"do": "paper.issue", "to": "paper/CNR/51/DOC/99"}, 404, "refs"),
        ("secretary.ansgar", {"do": "paper.burn", "to": "paper/CNR/51/DOC/1"}, 404, "refs"),
        ("secretary.ansgar", {"do": "paper.table", "with": {"series": "NONE", "title": {"en": "A"}}}, 422, "form"),
        ("secretary.ansgar", {"with": {}}, 422, "form"),
    ],
)
def test_a_refusal_is_a_problem_document_with_rule_and_place(person, act, status, rule, demo, program):
    answer = program(person, "*").post(act)
    assert (answer.status_code, answer.json()["rule"]) == (status, rule)
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["detail"]
    if status == 422:
        assert all(fault["place"] and fault["says"] for fault in answer.json()["faults"])


def test_what_is_hidden_reads_as_what_does_not_exist(demo, program):
    key = plant_paper("zzmole", "RED")
    unknown = key[:-1] + "9" if not key.endswith("9") else key[:-1] + "8"
    one = program("lum.delegate", "*")
    for path in ("row?of=paper/{}", "acts?to=paper/{}", "history?of=paper/{}", "file?of=paper/{}&language=en"):
        hidden, absent = one.get(path.format(key)), one.get(path.format(unknown))
        assert hidden.status_code == absent.status_code == 404, path
        assert hidden.content.replace(key.encode(), b"") == absent.content.replace(unknown.encode(), b"")
    act = {"do": "draft.table", "with": {"item": f"paper/{key}"}}
    mole, none = one.post(act), one.post({"do": "draft.table", "with": {"item": f"paper/{unknown}"}})
    assert mole.content.replace(key.encode(), b"") == none.content.replace(unknown.encode(), b"")


@pytest.mark.parametrize("person", ["observer.lindqvar", "lum.delegate", "press.ellend", "secretary.ansgar"])
def test_rows_are_those_that_the_person_may_see(person, demo, program):
    words = {"zzgreen": "GREEN", "zzamber": "AMBER", "zzred": "RED"}
    for word, marking in words.items():
        plant_paper(word, marking)
    plant_paper("zztabled", "CLEAR", issue=False)
    plant_release("zzembargo")
    one = program(person)
    said = "".join(one.get(f"rows/{kind}").content.decode() for kind in reads.SHOWN)
    may = {
        "observer.lindqvar": {"zzgreen"},
        "lum.delegate": {"zzgreen", "zzamber"},
        "press.ellend": {"zzgreen", "zzamber", "zzembargo"},
        "secretary.ansgar": {"zzgreen", "zzamber", "zzred", "zztabled", "zzembargo"},
    }[person]
    assert {word for word in (*words, "zztabled", "zzembargo") if word in said} == may
    assert "@council.example" not in said


def test_rows_come_page_by_page_in_the_order_of_their_keys(demo, program):
    one, got, after = program("lum.delegate"), [], ""
    while after is not None:
        page = one.get(f"rows/paper?session=51&most=2&after={after}").json()
        assert len(page["rows"]) <= 2
        got += [row["ref"] for row in page["rows"]]
        after = page["next"]
    assert got == sorted(set(got)) and len(got) == len(one.get("rows/paper?session=51").json()["rows"]) > 4
    assert one.get("rows/paper?most=100000").status_code == 200
    assert one.get("rows/person").status_code == 404


def test_what_may_be_done_says_why_something_may_not(demo, program):
    found = {one["do"]: one for one in program("lum.delegate", "paper.*").get("acts?to=paper/CNR/51/DOC/1").json()}
    assert not found["paper.issue"]["may"] and found["paper.issue"]["because"]
    assert found["paper.issue"]["with"]["type"] == "object"
    free = {one["do"]: one for one in program("secretary.ansgar", "paper.*").get("acts").json()}
    assert free["paper.table"]["may"] and not free["circular.send"]["may"]
    assert "not good for circular.send" in free["circular.send"]["because"]


def test_an_uploaded_file_stands_for_its_bytes_for_its_uploader_alone(demo, program):
    one = program("secretary.ansgar", "paper.*")
    headers = {"Authorization": f"Bearer {one.secret}"}
    sent = one.client.post("/api/files?name=big.md", b"# Big\n", content_type="text/markdown", headers=headers)
    act = json.loads(json.dumps(examples.ACT))
    act["with"]["files"] = {"en": {"file": sent.json()["file"]}}
    assert sent.status_code == 201 and one.post(act).status_code == 201
    other = program("dov.head", "paper.*").post(act, key="another-key")
    assert other.status_code == 422 and other.json()["place"] == "with.files.en"
    wrong = one.client.post("/api/files?name=page.html", b"<html>", content_type="text/html", headers=headers)
    assert wrong.status_code == 422 and wrong.json()["place"] == "name"


def test_the_description_needs_no_token_and_its_examples_are_true(demo, enter, program):
    answer = enter("").get("/api/openapi.json")
    said = answer.json()
    assert answer.status_code == 200 and said["openapi"].startswith("3.")
    example = said["paths"]["/api/acts"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert program("secretary.ansgar", "paper.table").post(example).status_code == 201
    refused = program("lum.delegate", "paper.table").post(example)
    assert (
        refused.json()
        == said["paths"]["/api/acts"]["post"]["responses"]["403"]["content"]["application/problem+json"]["example"]
    )


def test_a_person_makes_a_token_sees_it_once_and_revokes_it(demo, enter):
    client = enter("lum.delegate")
    wrong = client.post("/house/tokens/", {"name": "Ministry", "acts": "paper.burn", "days": "9"})
    assert wrong.status_code == 422 and "No act is called paper.burn" in wrong.content.decode()
    page = client.post("/house/tokens/", {"name": "Ministry", "acts": "draft.*", "days": "9"}).content.decode()
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert Program(enter(""), secret).get("rows/session").status_code == 200
    again = client.get("/house/tokens/").content.decode()
    assert "Ministry" in again and secret not in again
    number = ApiToken.objects.get().pk
    assert enter("cor.head").post(f"/house/tokens/{number}/revoke/").status_code == 404
    assert client.post(f"/house/tokens/{number}/revoke/").status_code == 302
    assert Program(enter(""), secret).get("rows/session").status_code == 401


class Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing is printed of a request."""


@pytest.fixture
def address(demo):
    """The demo's house on a port of this machine, in the middle of a meeting."""
    Session.objects.filter(pk="51").update(state="open")
    Meeting.objects.filter(pk="51/3").update(state="open")
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_program_of_the_documents_plays_half_a_session_over_http(address, program):
    secrets = [program(who, "*").secret for who in ("secretary.ansgar", "dov.head")]
    command = [sys.executable, str(ROOT / "docs/api/client.py"), address]
    done = subprocess.run([*command, *secrets], capture_output=True, text=True, timeout=120)
    assert (done.stderr, done.returncode) == ("", 0)
    assert "question.put: question/51/" in done.stdout and "before the council: Gauges" in done.stdout
    played = Record.objects.filter(via="api", outcome="done").order_by("id").values_list("act", flat=True)
    assert [*played] == ["paper.table", "paper.issue", "draft.table", "draft.freeze", "question.put"]
    refused = subprocess.run([*command, secrets[1], secrets[1]], capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1 and "rule roles" in refused.stderr


def test_what_asks_anew_who_sits_there_is_no_act_for_a_program(demo, program):
    one = program("secretary.ansgar", "*")
    answer = one.post({"do": "person.release", "to": "person/lum.delegate"})
    assert answer.status_code == 403 and "on its page" in answer.json()["detail"]
    possible = {act["do"]: act["may"] for act in one.get("acts?to=person/lum.delegate").json()}
    assert possible["person.release"] is False


def test_a_flood_of_acts_is_held_up_but_an_objection_never_is(demo, program, monkeypatch):
    monkeypatch.setattr(limits, "ACTS_A_MINUTE", "3/m/key")
    one = program("lum.head", "*")
    answers = [one.post({"do": "circular.send"}, key=f"key-number-{n}").status_code for n in range(4)]
    assert answers == [403, 403, 403, 429]
    objection = one.post({"do": "objection.state", "to": "question/51/4", "with": {}}, key="objection-1")
    assert objection.status_code in (403, 409, 422)
