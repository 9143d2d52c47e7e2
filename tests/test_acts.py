"""Every act of the vocabulary, generated from the registry, with one example each from the folders that are played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from ruamel.yaml import YAML

from chancery.trail import door, phrases, refs
from chancery.trail.actor import Actor
from chancery.trail.arguments import Reading, written
from chancery.trail.errors import BadArguments, Refused, Repeated
from chancery.trail.models import Mention, Record
from chancery.trail.triggers import protected_tables
from conftest import FOLDERS

ACTS = sorted(door.acts())
LATER = datetime(2030, 1, 1, tzinfo=UTC)
STRANGER = Actor("person/watcher")


def example(act: str) -> Record:
    return Record.objects.filter(act=act, outcome="done").first()


def given(record: Record) -> tuple[Any, dict[str, Any]]:
    """Subject and arguments of a record, read again by the act's own hooks."""
    return door.acts()[record.act].read(record.subject or None, record.args, Reading(from_record=True))


def performed_in(folder: Path) -> set[str]:
    """The acts that a folder performs; an attempt that it expects to be refused is none."""
    written = YAML(typ="safe", pure=True).load(folder / "acts.yaml")
    return {"council.found", *(entry["do"] for entry in written if "refuse" not in entry)}


# Each act's example stands in the first folder that performs it.
HOME: dict[str, str] = {}
for _name, _folder in FOLDERS.items():
    HOME |= {act: _name for act in performed_in(_folder) if act not in HOME}


def test_every_act_is_performed_in_a_folder():
    assert sorted(set(ACTS) - set(HOME)) == []


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_performed_and_its_form_accepts_its_own_record(act, request):
    request.getfixturevalue(HOME[act])
    record = example(act)
    _, values = given(record)
    kept = {key: written(value, []) for key, value in values.items() if value is not None}
    assert kept == record.args


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_is_refused_with_a_rule_and_nothing_is_recorded(act, request):
    request.getfixturevalue(HOME[act])
    record, before = example(act), Record.objects.count()
    subject, values = given(record)
    deed = door.acts()[act]
    with pytest.raises(Refused) as refused:
        door.perform(deed, subject, values, by=STRANGER, at=LATER)
    assert refused.value.rule and refused.value.because
    assert Record.objects.count() == before + deed.keep_refusals


@pytest.mark.parametrize("act", ACTS)
def test_each_act_reads_as_a_sentence(act):
    assert act in phrases.registered()


def test_each_record_is_written_once_in_order_without_a_gap(harbour):
    ids = list(Record.objects.values_list("id", flat=True))
    assert ids == list(range(1, len(ids) + 1))


def test_a_record_mentions_everything_it_names(harbour):
    signed = Record.objects.filter(act="paper.table").first()
    named = set(Mention.objects.filter(record=signed).values_list("ref", flat=True))
    assert named >= {"paper/HL0008-WP-01", "series/WP", "session/8", "item/8/2", "member/NOR", "body/T1"}


def test_references_and_rows_find_each_other(harbour):
    for kind, model in refs.kinds().items():
        for row in model._default_manager.all():
            assert refs.get(row.ref) == row, kind
            assert refs.read(str(row.ref), kind) == row.ref


def secretary() -> Actor:
    return Actor("person/clerk")


def a_circular(request_id: str) -> door.Performed:
    deed = door.acts()["circular.send"]
    record = example("circular.send")
    _, values = given(record)
    values["reply_by"] = None
    return door.perform(deed, None, values, by=secretary(), at=LATER, request_id=request_id)


def test_a_repeated_request_id_gives_the_first_result_and_changes_nothing(harbour):
    first = a_circular("once")
    before = Record.objects.count()
    again = a_circular("once")
    assert again.record == first.record and again.product == first.product
    assert Record.objects.count() == before


def test_a_request_id_is_not_used_for_another_act(harbour):
    a_circular("once")
    deed = door.acts()["body.dissolve"]
    with pytest.raises(Repeated):
        door.perform(deed, refs.get("body/T1"), {}, by=secretary(), at=LATER, request_id="once")


def test_an_act_inside_an_act_is_a_type_error(harbour):
    from chancery.council.actions import dissolve

    deed = door.Act(
        "body.nest", lambda body, by, at: dissolve(body, by=by, at=at), lambda *_: door.Permit(True, "roles", ""),
        ("body",), door.acts()["body.dissolve"].model, "", False, "letters", "", {},
    )  # fmt: skip
    with pytest.raises(TypeError, match="an act inside an act"):
        door.perform(deed, refs.get("body/T1"), {}, by=secretary(), at=LATER)


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "REPLACE"])
def test_a_product_never_changes(verb, harbour):
    statements = {
        "UPDATE": "UPDATE floor_result SET status = 'adopted'",
        "DELETE": "DELETE FROM floor_result",
        "REPLACE": "INSERT OR REPLACE INTO floor_result SELECT * FROM floor_result",
    }
    if connection.vendor == "postgresql":
        statements["REPLACE"] = "TRUNCATE floor_result CASCADE"
    with pytest.raises(IntegrityError, match="never changes"), connection.cursor() as cursor:
        cursor.execute(statements[verb])


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def test_every_protected_table_has_its_triggers(harbour):
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        found = {row[0] for row in cursor.fetchall()}
    verbs = ("update", "delete") + (("truncate",) if connection.vendor == "postgresql" else ())
    wanted = {f"{table}_no_{verb}" for table in protected_tables() for verb in verbs}
    assert wanted and wanted <= found


DURABLE = {
    "sqlite": ("PRAGMA", {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1}),
    "postgresql": ("SHOW", {"synchronous_commit": "on", "default_transaction_isolation": "read committed"}),
}


def test_the_database_is_durable(harbour):
    verb, wanted = DURABLE[connection.vendor]
    found = {}
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute(f"{verb} {name}")
            found[name] = cursor.fetchone()[0]
    assert found == wanted


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"number": "one", "kind": "regular", "title": {"en": "X"}, "venue": {"en": "Y"}, "opens": "2030-01-01 10:00", "closes": "2030-01-02 10:00"}, "'one' is no whole number"),
        ({"number": "9", "kind": "odd", "title": {"en": "X"}, "venue": {"en": "Y"}, "opens": "2030-01-01 10:00", "closes": "2030-01-02 10:00"}, "'odd' is none of"),
        ({"number": "9", "kind": "regular", "title": {"en": "X\u202e"}, "venue": {"en": "Y"}, "opens": "2030-01-01 10:00", "closes": "2030-01-02 10:00"}, "bidirectional"),
        ({"number": "9", "kind": "regular", "title": {"en": "X" * 201}, "venue": {"en": "Y"}, "opens": "2030-01-01 10:00", "closes": "2030-01-02 10:00"}, "belongs in a file"),
        ({"number": "9", "kind": "regular", "title": {"en": "X"}, "venue": {"en": "Y"}, "opens": "2026-09-27 02:30", "closes": "2030-01-02 10:00"}, "does not exist"),
        ({"number": "9", "kind": "regular", "title": {"en": "X"}, "venue": {"en": "Y"}, "opens": "2026-04-05 02:30", "closes": "2030-01-02 10:00"}, "happens twice"),
        ({"kind": "regular", "extra": "1"}, "unknown key 'extra'"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named_with_place_and_value(raw, says):
    from zoneinfo import ZoneInfo

    with pytest.raises(BadArguments) as bad:
        door.acts()["session.plan"].read(None, raw, Reading(zone=ZoneInfo("Pacific/Auckland")))
    assert any(says in fault.says for fault in bad.value.faults), [fault.says for fault in bad.value.faults]


def test_an_argument_that_cannot_be_written_down_is_refused_at_import():
    from chancery.trail.arguments import model_for

    with pytest.raises(TypeError, match="cannot write down"):
        model_for("Weigh", {"value": (float, ...)})


def test_the_clock_acts_once_and_before_any_other_act_of_that_instant(harbour):
    dissolved = Record.objects.get(act="body.dissolve")
    after = Record.objects.filter(id=dissolved.id + 1).get()
    assert dissolved.by == "clock" and dissolved.at < after.at
    assert door.settle(LATER + timedelta(days=1)) == []
