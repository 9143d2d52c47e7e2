"""Two web processes on one PostgreSQL database: no act is lost, none is done twice, and the record plays again."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

import pytest
from django.core.management import call_command

from chancery.play import export
from chancery.register.tasks import ensure_register
from chancery.trail import door
from chancery.trail.models import Mention, Record
from conftest import ROOT, opened, play
from tests import databases
from tests.test_folders import run, same

SERVE = "import sys; from chancery.trail import house; house.open_house(sys.argv[1], create=False); "
WEB = SERVE + (
    "from pathlib import Path; from chancery.site import server; "
    "held = house.one_of_several(Path(sys.argv[1]), worker=False); held.__enter__(); "
    "import uvicorn; uvicorn.run('chancery.site.asgi:application', port=int(sys.argv[2]), log_level='warning')"
)
LINK = (
    "import django; django.setup(); from django.core import signing; from chancery.site.views import REHEARSAL_SALT; "
    "print(signing.dumps({person!r}, salt=REHEARSAL_SALT))"
)


class Browser:
    """A signed-in person at one of the processes, without scripts."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.web = urllib.request.build_opener(jar)
        self.web.open(f"{url}/accounts/rehearsal/{token}/").close()

    def form(self, address: str) -> dict[str, str]:
        """The hidden fields of an act's form."""
        page = self.web.open(self.url + address).read().decode()
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        return dict(found)

    def send(self, address: str, fields: dict[str, str]) -> int:
        """Post a form; 200 after being led to what came of it."""
        data = urllib.parse.urlencode(fields).encode()
        try:
            with self.web.open(self.url + address, data) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def token(data: Path, person: str) -> str:
    env = os.environ | databases.environment(data) | {"DJANGO_SETTINGS_MODULE": "chancery.site.settings"}
    command = [sys.executable, "-c", LINK.format(person=person)]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def two(demo):
    """The addresses of two web processes on the demo's house."""
    env = os.environ | databases.environment(demo)
    urls, running = [], []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        urls.append(f"http://127.0.0.1:{port}")
        running.append(subprocess.Popen([sys.executable, "-c", WEB, str(demo), str(port)], cwd=ROOT, env=env))
    for url in urls:
        wait_for(url)
    yield urls
    for server in running:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(url: str) -> None:
    for _ in range(900):
        try:
            urllib.request.urlopen(f"{url}/en/").close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def plan(number: int) -> dict[str, str]:
    """What the form of a new session sends."""
    return {
        "number": str(number),
        "kind": "regular",
        "title.en": "Later",
        "venue.en": "Velmar",
        "opens": "2030-05-02 10:00",
        "closes": "2030-05-03 10:00",
    }


def at_once(jobs: list) -> list[int]:
    """The answers to forms that are sent at the same time."""
    with ThreadPoolExecutor(12) as pool:
        return [running.result() for running in [pool.submit(browser.send, *sent) for browser, *sent in jobs]]


def test_acts_sent_at_once_to_two_processes_are_done_once_in_order_and_play_again(two, demo, tmp_path):
    before, numbers = Record.objects.count(), range(53, 60)
    word = token(demo, "secretary.ansgar")
    browsers = [Browser(url, word) for url in two for _ in range(3)]
    tokens = [one.form("/house/act/session.plan/")["csrfmiddlewaretoken"] for one in browsers]
    carrying = list(zip(browsers, tokens, strict=True))
    cancel = {"reason": "No quorum in sight"}

    def forms(act, fields, each=lambda place: ""):
        """One form from every browser: the same sending, or with `each` a sending of its own."""
        return [
            (one, f"/house/act/{act}/", fields | {"csrfmiddlewaretoken": csrf, "request_id": f"{act}-{n}{each(place)}"})
            for place, (one, csrf) in enumerate(carrying)
        ]

    for n in numbers:
        # The same form six times, at two processes: each is led to the one session. Beside it six forms against one
        # another about the session before: one is done, the others are refused or told what was done meanwhile.
        alike = forms("session.plan", plan(n))
        rivals = forms("session.cancel", cancel | {"to": f"session/{n - 1}"}, "-{}".format) if n > numbers[0] else []
        answers = at_once([one for pair in zip_longest(alike, rivals) for one in pair if one])
        assert answers.count(200) == len(alike) + bool(rivals) and set(answers) <= {200, 403, 409}, answers

    records = list(Record.objects.order_by("id"))
    assert len(records) == before + 2 * len(numbers) - 1
    assert [one.id for one in records] == list(range(1, len(records) + 1))
    assert [one.at for one in records[before:]] == sorted(one.at for one in records[before:])
    for one in records[before:]:
        named = set(Mention.objects.filter(record=one).values_list("ref", flat=True))
        assert {ref for ref in (one.subject, one.result) if ref} <= named, one
    ensure_register()
    checked = subprocess.run(
        [sys.executable, "-m", "chancery.site", "verify", str(demo / "register")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
    _plays_again("53", tmp_path)


def _plays_again(number: str, tmp_path: Path) -> None:
    export.write(number, tmp_path / "first")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with opened(fresh):
        call_command("migrate", verbosity=0)
        play(tmp_path / "first")
        export.write(number, tmp_path / "again")
    assert same(tmp_path / "first", tmp_path / "again") == []


def test_while_one_act_is_under_way_another_process_waits_for_it(demo):
    """A turn is held to the commit: what another process would do in between comes after it, with the next number."""
    plan_one = (
        "import sys; from chancery.trail import house; house.open_house(sys.argv[1], create=False); "
        "from tests.test_walk import perform; "
        "perform('session.plan', 'secretary.ansgar', None, "
        "{'number': '53', 'kind': 'regular', 'title': {'en': 'T'}, 'venue': {'en': 'V'}, "
        "'opens': '2030-05-02T10:00Z', 'closes': '2030-05-03T10:00Z'})"
    )
    env = os.environ | databases.environment(demo)
    last = door.last_id()
    with door.batch():
        other = subprocess.Popen([sys.executable, "-c", plan_one, str(demo)], cwd=ROOT, env=env)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(8)
        assert door.last_id() == last
    assert other.wait(60) == 0
    assert door.last_id() == last + 1


def test_a_house_is_served_by_several_or_played_by_one_and_has_one_worker(demo):
    from chancery.trail.house import Busy, one_of_several, only_one

    with one_of_several(demo, worker=False), one_of_several(demo, worker=True):
        with pytest.raises(Busy), only_one(demo):
            pass
        with pytest.raises(Busy), one_of_several(demo, worker=True):
            pass
    with only_one(demo), pytest.raises(Busy), one_of_several(demo, worker=False):
        pass


def test_a_data_directory_elsewhere_does_not_take_a_database_that_is_in_use(demo, tmp_path):
    from chancery.trail.house import Busy, only_one

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with only_one(demo), pytest.raises(Busy), only_one(elsewhere):
        pass


def test_a_database_that_sorts_as_a_language_does_is_refused(tmp_path):
    refused = run("serve", "--data", str(tmp_path), DATABASE_URL=databases.sorted_as_english())
    assert refused.returncode == 2 and "sort by bytes" in refused.stderr
