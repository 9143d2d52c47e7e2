"""Which database a house uses, and what is said of one that cannot hold it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from chancery.site.database import databases
from tests.test_folders import run


def named(url: str) -> dict[str, object]:
    found = databases(url, Path("data"))["default"]
    return {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


def test_an_address_names_host_and_port_or_the_directory_of_a_socket():
    over_network = named("postgresql://pat:p%40ss@db.example:5433/council")
    assert over_network == {"NAME": "council", "USER": "pat", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}
    by_socket = named("postgresql://pat@/council?host=/run/postgresql")
    assert by_socket == {"NAME": "council", "USER": "pat", "PASSWORD": "", "HOST": "/run/postgresql", "PORT": ""}


def test_what_an_address_asks_of_a_connection_stands_beside_what_the_house_asks():
    options = databases("postgresql://h/council?sslmode=require&options=-c%20jit%3Doff", Path("data"))["default"][
        "OPTIONS"
    ]
    assert options["sslmode"] == "require"
    assert options["options"].startswith("-c synchronous_commit=on") and options["options"].endswith("-c jit=off")


def test_without_an_address_the_rows_stand_in_the_data_directory():
    assert databases("", Path("data"))["default"]["NAME"] == Path("data/db.sqlite3")


@pytest.mark.parametrize(
    "url", ["mysql://h/council", "postgresql://pat:secret@h", "postgresql://pat:secret@h/n?nonsense=1", "data.db"]
)
def test_an_address_of_no_postgresql_database_is_refused_and_no_password_is_shown(url):
    with pytest.raises(ImproperlyConfigured) as refused:
        databases(url, Path("data"))
    assert "DATABASE_URL" in str(refused.value) and "secret" not in str(refused.value)


def test_a_database_that_cannot_be_reached_is_said_in_one_line(tmp_path):
    nowhere = f"postgresql://chancery@/council?host={tmp_path}"
    refused = run("found", "council.toml", "--data", str(tmp_path / "data"), DATABASE_URL=nowhere)
    assert refused.returncode == 2
    missing = run("serve", "--data", str(tmp_path), DATABASE_URL=nowhere)
    assert missing.returncode == 2 and "cannot be reached" in missing.stderr and "Traceback" not in missing.stderr


def test_an_address_or_a_form_with_a_zero_sign_is_of_nothing(harbour, enter):
    client = enter("clerk")
    for address in ("/house/search/?q=a%00b", "/en/press/?q=%00", "/house/act/circular.send/?to=%00"):
        assert client.get(address).status_code == 404, address
    assert client.post("/house/act/circular.send/", {"title.en": "a\0b", "request_id": "zero"}).status_code == 404


def test_what_is_written_down_keeps_the_order_of_its_names(empty):
    from chancery.trail.models import Record

    given = {"ru": 1, "zh-hans": 2, "ar": 3, "en": {"b": 1, "aa": 2}}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    Record.objects.create(
        id=1, act="x", args=given, by="x", via="page", at=at, received_at=at, outcome="done", audience="x"
    )
    kept = Record.objects.get().args
    assert list(kept) == list(given) and list(kept["en"]) == ["b", "aa"]


def test_what_is_written_down_is_found_by_a_value_in_it(empty):
    from chancery.trail.models import Record

    at = datetime(2026, 1, 1, tzinfo=UTC)
    common = {"act": "x", "by": "x", "via": "page", "at": at, "received_at": at, "outcome": "done", "audience": "x"}
    rows = [Record(id=n, args={"note": {"sha256": f"d{n}"}, "n": n, "list": ["a"]}, **common) for n in (1, 2, 3)]
    Record.objects.bulk_create(rows)
    assert Record.objects.get(args__note__sha256="d2").pk == 2
    assert set(Record.objects.filter(args__n__in=[1, 3]).values_list("pk", flat=True)) == {1, 3}
    assert Record.objects.filter(args__list=["a"]).count() == 3
    assert Record.objects.filter(args__title__isnull=True).count() == 3
