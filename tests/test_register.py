"""The register beside the council: every official act has its entry, whatever happens; witnesses; bundles."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from django.test import Client

from chancery.ledger import unbundle, verify, witness_http
from chancery.ledger.note import Kind, Signer
from chancery.ledger.verify import Demand
from chancery.register import bundles, tasks, view
from chancery.register.models import Entry, Pending
from chancery.trail import door
from chancery.trail.models import Record


def official() -> int:
    return Record.objects.filter(outcome="done").exclude(official="").count()


def test_every_official_act_has_one_entry_and_the_log_is_sound(demo):
    assert Entry.objects.count() == official() > 40
    assert not Pending.objects.exists()
    assert verify.verify_folder(demo / "register", Demand()).is_sound


def test_collecting_again_enters_nothing_twice(demo):
    before = Entry.objects.count()
    assert tasks.collect() == 0
    assert Entry.objects.count() == before


def test_entries_that_the_index_lost_are_born_again_from_the_log(demo, tmp_path):
    from chancery.trail.triggers import install, lift

    lift()
    Entry.objects.filter(index__gte=40).delete()
    install()
    missing = official() - Entry.objects.count()
    assert tasks.collect() == missing
    assert Entry.objects.count() == official()
    assert verify.verify_folder(demo / "register", Demand()).is_sound


def test_a_new_official_act_is_entered_at_once(demo):
    from tests.test_walk import perform

    before = Entry.objects.count()
    perform(
        "rates.import", "press.ellend", None, {"bank": "cre", "file": rates(), "fetched_at": "2026-10-01 10:00+00:00"}
    )
    assert Entry.objects.count() == before  # rates are no official act
    perform("body.establish", "secretary.ansgar", None, body())
    assert Entry.objects.count() == before + 1
    newest = Entry.objects.order_by("-index").first()
    assert newest.record.act == "body.establish"


def rates() -> dict[str, str]:
    record = Record.objects.filter(act="rates.import").first()
    return record.args["file"]


def body() -> dict[str, object]:
    founded = Record.objects.get(act="council.found")
    mandate = next(file for name, file in founded.args["files"].items() if "mandate" in name)
    return {"code": "AC.9", "name": {"en": "Buoys"}, "mandate": mandate, "chair": "ALD", "established": "2026-11-01"}


def test_a_bundle_proves_a_decision_without_us_and_a_spoiled_one_does_not(demo, tmp_path):
    from chancery.decisions.models import Decision

    whole = tmp_path / "fin.zip"
    whole.write_bytes(bundles.bundle_of(Decision.objects.get(pk="CNR/51/FIN")))
    found = unbundle.verify_bundle(whole, Demand())
    assert found.is_sound
    assert sum("sign CNR/51/FIN; level B" in line for line in found.proven) == 9
    spoiled = bytearray(whole.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (tmp_path / "spoiled.zip").write_bytes(spoiled)
    assert not unbundle.verify_bundle(tmp_path / "spoiled.zip", Demand()).is_sound


def test_pages_say_how_far_the_register_is_witnessed(demo, tmp_path):
    assert "Entered, not witnessed." in Client().get("/en/decisions/CNR/DEC/216/").content.decode()
    log_vkey = witnessed_again(demo, tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    policy = demo / "register" / "policy"
    policy.write_text(policy.read_text().replace("http://127.0.0.1:1", f"http://127.0.0.1:{port}"))
    assert view.public_head().witnesses[0].size == 0
    with witness_http.spawn(tmp_path / "ALD.key", [log_vkey], port), tasks.Collector() as collector:
        collector.round()
    assert Entry.objects.count() == official()
    page = Client().get("/en/decisions/CNR/DEC/216/").content.decode()
    assert "Entered, seen by the quorum of 1 witnesses." in page
    assert "agrees" in inside("/house/session/51/register/")


def inside(address: str) -> str:
    from chancery.council.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk="secretary.ansgar"))
    return client.get(address).content.decode()


def witnessed_again(data: Path, tmp_path: Path) -> str:
    """The demo's record under a new register that asks one witness."""
    from chancery.trail.triggers import install, lift

    for part in ("register", "head"):
        shutil.rmtree(data / part)
    for key in ("log.key", "receipt.key"):
        (data / "keys" / key).unlink()
    lift()
    Entry.objects.all().delete()
    install()
    key = Signer.new("ald.witness.example", Kind.COSIGNATURE)
    (tmp_path / "ALD.key").write_text(key.private_text())
    tasks.found_if_absent(f"witness ALD {key.vkey} http://127.0.0.1:1\nquorum ALD\n")
    return (data / "register" / "log.vkey").read_text().split("\n")[0]


def test_the_newest_act_is_never_before_the_last_one(demo):
    assert door.now() >= Record.objects.order_by("-id").first().at
