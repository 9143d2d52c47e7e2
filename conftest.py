"""Houses for tests: each test that needs one gets its own data directory, copied from one made once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from tests import databases

# No test is timed: a busy machine is no fault.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).parent
DEMO = ROOT / "chancery" / "demo" / "session51"
HARBOUR = ROOT / "tests" / "folders" / "harbour"
# Every session folder that a test may stand in, by name; the order is that in which examples of acts are sought.
FOLDERS = {"harbour": HARBOUR, "demo": DEMO} | {
    acts.parent.name: acts.parent for acts in sorted((ROOT / "tests" / "folders").glob("*/acts.yaml"))
}
# Packages that know no database; on PostgreSQL they would only say again what they said on SQLite.
PURE = [ROOT / "chancery" / name for name in ("tests", "ledger", "pdf", "procedure", "prose", "press/rates")]

# Several processes on one house: PostgreSQL's own.
SEVERAL = ROOT / "tests" / "test_two_processes.py"


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers of the suite start."""
    if not hasattr(config, "workerinput"):
        databases.prepare()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """What is not run on this database."""
    return True if collection_path in (PURE if databases.SERVER else [SEVERAL]) else None


def pytest_report_header() -> str:
    if not databases.SERVER:
        return "database: SQLite"
    return f"database: PostgreSQL; not run again: {', '.join(str(path.relative_to(ROOT)) for path in PURE)}"


@contextmanager
def opened(data_dir: Path) -> Iterator[Path]:
    """Everything inside works on the house in `data_dir`, with real transactions."""
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = databases.name_for(data_dir)
    cache.clear()
    try:
        with override_settings(DATA_DIR=data_dir):
            yield data_dir
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def play(folder: Path) -> None:
    """Play a folder into the open house and enter what is official."""
    from chancery.play import folder as folders
    from chancery.play import stage
    from chancery.register.tasks import ensure_register

    stage.play(folders.read(folder), lambda played: None)
    ensure_register()


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Callable[[str], Path]:
    """Makes the house of a name once: `empty`, or a folder's."""
    root, made = tmp_path_factory.mktemp("houses"), {}

    def house(name: str) -> Path:
        if name not in made:
            made[name] = root / name
            made[name].mkdir()
            with django_db_blocker.unblock(), opened(made[name]):
                call_command("migrate", verbosity=0)
                if name != "empty":
                    play(FOLDERS[name])
        return made[name]

    return house


def _house_fixture(name: str) -> Any:
    @pytest.fixture(name=name)
    def fixture(houses: Callable[[str], Path], tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
        copy = tmp_path / "house"
        databases.copy(houses(name), copy)
        with django_db_blocker.unblock(), opened(copy):
            yield copy
        databases.drop(copy)

    return fixture


# A fixture for each folder, by the folder's name.
globals().update({name: _house_fixture(name) for name in ("empty", *FOLDERS)})


@pytest.fixture
def database(django_db_blocker: Any) -> Iterator[None]:
    """Lets a test open houses that it made itself."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    """Tests speak plain HTTP to any host name."""
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def enter() -> Callable[[str], Any]:
    """A browser without scripts, signed in as a person; without a person, a stranger."""
    from django.test import Client

    from chancery.council.models import Person

    def as_person(key: str = "") -> Client:
        client = Client()
        if key:
            client.force_login(Person.objects.get(pk=key))
            just_shown(client, key)
        return client

    return as_person


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What readers of pages share is forgotten, as after an act; for tests that change rows without one."""
    from chancery.trail import reading

    return lambda: monkeypatch.setattr(reading, "_shelf", reading.Shelf())


def just_shown(client: Any, key: str, *, ago: float = 0, means: str = "mfa") -> None:
    """The sign-in of a client is as if its person had shown a passkey some seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": means, "type": "webauthn", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = key
    session.save()
