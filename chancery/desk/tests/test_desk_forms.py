"""Forms of acts: made from the acts' own schemas, they lose nothing, double nothing and tell nobody of hidden things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chancery.council.models import RoleGrant
from chancery.desk.forms import fields, given
from chancery.desk.forms.choices import Options
from chancery.meetings.models import Session
from chancery.trail import door, refs
from chancery.trail.arguments import Reading, written
from chancery.trail.models import Record
from conftest import FOLDERS

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def names(form: list[fields.Field]) -> set[str]:
    return {name for one in form for name in ({one.name} | names(one.fields))}


@pytest.mark.parametrize("folder", ["demo", *FOLDERS])
def test_a_form_filled_as_the_record_stands_gives_the_same_arguments(folder, request):
    """Every act of the folder, written back into its own form, is read from it as it was."""
    request.getfixturevalue(folder)
    for record in Record.objects.filter(outcome="done").exclude(act="council.found"):
        schema = door.acts()[record.act].model.model_json_schema()
        read = fields.read(schema, given.flatten(record.args))
        plain = {key: written(value, []) for key, value in read.items()}
        assert plain == texts(record.args), record


def texts(value):
    """Arguments with every scalar but a tick as the text a form sends."""
    if isinstance(value, dict) and "sha256" not in value:
        return {key: texts(item) for key, item in value.items() if item not in ([], {})}
    if isinstance(value, list):
        return [texts(item) for item in value]
    return value if isinstance(value, dict | bool) else str(value)


def test_every_argument_of_an_act_has_its_field(demo):
    from chancery.council.models import Person

    options = Options(Person.objects.get(pk="secretary.ansgar"), LATER, Session.objects.get(pk="51"), "")
    for name, act in door.acts().items():
        schema = act.model.model_json_schema()
        form = fields.Maker(given.Given(), options, "x").form(schema)
        secret = {key for key, inner in schema.get("properties", {}).items() if "'secret'" in str(inner)}
        assert {one.name for one in form} == set(schema.get("properties", {})) - secret, name


CIRCULAR = {"series": "series/CIRC", "session": "session/51", "title.en": "Travel to Velmar"}


def send(client, **more):
    upload = SimpleUploadedFile("travel.md", b"# Travel\n\nBy train.\n", content_type="text/markdown")
    return client.post("/house/act/circular.send/", CIRCULAR | {"files.en": upload, "request_id": "once"} | more)


def test_an_act_done_by_form_leads_to_a_page_that_says_what_was_done(demo, enter):
    client = enter("secretary.ansgar")
    answer = send(client)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Recorded" in page and "Travel to Velmar" in page


def test_a_form_sent_twice_does_its_act_once(demo, enter):
    client = enter("secretary.ansgar")
    before = Record.objects.count()
    assert send(client)["Location"] == send(client)["Location"]
    assert Record.objects.count() == before + 1


def test_a_refused_form_keeps_words_and_upload_and_records_nothing(demo, enter):
    client = enter("secretary.ansgar")
    before = Record.objects.count()
    answer = send(client, reply_by="2020-01-01T09:00")
    page = answer.content.decode()
    assert answer.status_code == 409 and Record.objects.count() == before
    assert 'value="Travel to Velmar"' in page and "Kept from before:" in page and "travel.md" in page
    kept = page.partition('name="files.en.kept" value="')[2].partition('"')[0]
    again = client.post("/house/act/circular.send/", CIRCULAR | {"files.en.kept": kept, "request_id": "mended"})
    assert again.status_code == 302
    assert Record.objects.order_by("-id").first().args["files"]["en"]["name"] == "travel.md"


def test_a_kept_upload_is_of_use_to_nobody_else(demo, enter):
    page = send(enter("secretary.ansgar"), reply_by="2020-01-01T09:00").content.decode()
    kept = page.partition('name="files.en.kept" value="')[2].partition('"')[0]
    raw = {"kind": "communique", "dateline.en": "VELMAR", "title.en": "One", "request_id": "other"}
    answer = enter("press.ellend").post("/house/act/release.draft/", raw | {"body.en.kept": kept})
    assert answer.status_code == 422 and "travel.md" not in answer.content.decode()


def test_a_wrong_value_is_named_beside_its_field(demo, enter):
    answer = send(enter("secretary.ansgar"), reply_by="tomorrow")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-reply_by"' in page and "is no time; write" in page


def test_who_may_not_do_an_act_is_told_the_rule_and_stores_nothing(demo, enter):
    held = sorted(p for p in (demo / "files").rglob("*") if p.is_file())
    answer = send(enter("lum.delegate"))
    assert answer.status_code == 403
    assert "Only the secretariat may do this" in answer.content.decode()
    assert sorted(p for p in (demo / "files").rglob("*") if p.is_file()) == held


def test_a_hidden_paper_reads_as_an_unknown_one_as_subject_and_as_argument(demo, enter):
    from tests.test_walk import plant_paper

    hidden = plant_paper("zzred", "RED")
    client = enter("lum.delegate")
    subject = [client.get(f"/house/act/paper.issue/?to=paper/{key}") for key in (hidden, "CNR/51/DOC/99")]
    assert [answer.status_code for answer in subject] == [404, 404]
    assert subject[0].content == subject[1].content
    press = enter("press.ellend")
    raw = {"kind": "communique", "dateline.en": "VELMAR", "title.en": "One", "body.en": "Words.", "request_id": "x"}
    pages = []
    for key in (hidden, hidden.rpartition("/")[0] + "/99"):
        answer = press.post("/house/act/release.draft/", raw | {"related": f"paper/{key}"})
        assert answer.status_code == 422
        pages.append(answer.content.decode().partition('class="errors"')[2].partition("</div>")[0].replace(key, "KEY"))
    assert pages[0] == pages[1]


def test_what_another_did_since_the_form_was_opened_is_shown_before_the_act_is_done(demo, enter):
    from chancery.trail.actor import Actor
    from tests.test_walk import plant_paper

    key = plant_paper("fresh", "CLEAR", issue=False)
    client = enter("secretary.ansgar")
    page = client.get(f"/house/act/paper.issue/?to=paper/{key}").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    paper = refs.get(f"paper/{key}")
    file = paper.versions.first().file
    raw = {"language": "ru", "file": file, "official": True, "of": file["sha256"]}
    deed = door.acts()["paper.translate"]
    subject, values = deed.read(str(paper.ref), raw, Reading(from_record=True))
    RoleGrant.objects.create(person_id="press.ellend", role="secretary")
    door.perform(deed, subject, values, by=Actor("person/press.ellend"), at=door.now())
    sent = {"to": f"paper/{key}", "seen": seen, "request_id": "late"}
    answer = client.post("/house/act/paper.issue/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Others were quicker" in page
    fresh = page.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post("/house/act/paper.issue/", sent | {"seen": fresh}).status_code == 302


def test_a_row_more_is_added_without_losing_the_others(demo, enter):
    typed = {"kind": "communique", "title.en": "Late matter", "sources.0.quote": "A river", "sources.rows": "1"}
    page = enter("press.ellend").post("/house/act/release.draft/", typed | {"more": "sources"}).content.decode()
    assert 'value="Late matter"' in page and 'value="A river"' in page and 'name="sources.1.quote"' in page
