"""One command serves a house and stops cleanly; a house in use is not played into; a kill leaves it whole."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from conftest import HARBOUR, ROOT, opened
from tests import databases
from tests.test_folders import run


def processes(data: Path) -> list[int]:
    """The processes whose command line names the data directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(data).encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture
def served(harbour):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "chancery.site", "serve", "--data", str(harbour), "--port", str(port)]
    env = os.environ | databases.environment(harbour)
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/en/").close()
            break
        except OSError:
            time.sleep(0.1)
    yield server, harbour
    if server.poll() is None:
        server.kill()
        server.wait(5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_leaves_no_worker_behind(number, served):
    server, data = served
    assert len(processes(data)) == 2
    server.send_signal(number)
    assert server.wait(15) == 0
    assert processes(data) == []


def test_a_killed_server_takes_its_worker_with_it(served):
    server, data = served
    server.kill()
    server.wait(5)
    for _ in range(50):
        if not processes(data):
            break
        time.sleep(0.1)
    assert processes(data) == []


def test_a_house_that_is_served_is_not_played_into(served):
    _, data = served
    refused = run("play", str(HARBOUR), "--data", str(data))
    assert refused.returncode == 2 and "in use" in refused.stderr


def test_killed_at_any_moment_the_house_is_the_old_one_or_the_whole_new_one(tmp_path, database):
    data = tmp_path / "data"
    wait = random.uniform(1.0, 5.0)
    print(f"killed after {wait:.2f} s")
    command = [sys.executable, "-m", "chancery.site", "play", str(HARBOUR), "--data", str(data)]
    env = os.environ | databases.environment(data)
    play = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    time.sleep(wait)
    play.kill()
    play.wait(5)
    count = 0
    if databases.exists(data):
        from django.db import connection

        with opened(data):
            if "trail_record" in connection.introspection.table_names():
                from chancery.trail.models import Record

                count = Record.objects.count()
    assert count == 0 or count > 60
    again = run("play", str(HARBOUR), "--data", str(data))
    assert again.returncode == (0 if count == 0 else 2)


def test_a_council_is_founded_without_a_session(tmp_path):
    founded = run("found", str(HARBOUR / "council.toml"), "--data", str(tmp_path / "data"))
    assert founded.returncode == 0 and founded.stdout == "Founded Harbour League.\n"
    again = run("found", str(HARBOUR / "council.toml"), "--data", str(tmp_path / "data"))
    assert again.returncode == 1 and "has a council already" in again.stderr


def test_production_refuses_a_rehearsal(tmp_path):
    settings = {"CHANCERY_PRODUCTION": "1", "CHANCERY_HOSTS": "council.example"}
    refused = run("play", str(HARBOUR), "--data", str(tmp_path / "data"), **settings)
    assert refused.returncode == 2 and "production settings refuse" in refused.stderr
    assert run("demo", "--no-serve", "--data", str(tmp_path / "demo"), **settings).returncode == 2


@pytest.mark.parametrize(
    "command",
    ["", "play", "export", "found", "demo", "serve", "password", "operator", "doctor", "decide", "rules", "schema", "verify", "key", "sign",
     "register", "witness", "mirror", "rates", "pdf", "text"],
)  # fmt: skip
def test_every_subcommand_has_help(command):
    shown = run(*([command] if command else []), "--help")
    assert shown.returncode == 0 and shown.stdout.startswith("usage: chancery")


@pytest.mark.parametrize("kind", ["decide", "ruleset", "text"])
def test_each_schema_is_printed(kind):
    import json

    assert json.loads(run("schema", kind).stdout)


def part(data: Path, *flags: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "chancery.site", "serve", "--data", str(data), *flags]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def answers(port: int) -> bool:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/en/").close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def test_several_web_processes_stand_beside_one_worker(harbour):
    ports = [free_port(), free_port()]
    parts = [part(harbour, "--web", "--port", str(port)) for port in ports] + [part(harbour, "--worker")]
    try:
        assert parts[2].stdout.readline().startswith("Working for") and all(answers(port) for port in ports)
        assert len(processes(harbour)) == 3
        second = run("serve", "--worker", "--data", str(harbour))
        whole = run("serve", "--data", str(harbour), "--port", str(free_port()))
        assert second.returncode == whole.returncode == 2 and "in use" in second.stderr and "in use" in whole.stderr
        for one in parts:
            one.send_signal(signal.SIGTERM)
        assert [one.wait(15) for one in parts] == [0, 0, 0]
    finally:
        for one in parts:
            one.kill()
            one.communicate()


def test_open_streams_end_themselves_when_the_server_stops(harbour):
    code = (
        "import django; django.setup(); from datetime import UTC, datetime; from chancery.desk import streams; "
        "from chancery.council.models import Person; from chancery.trail.refs import Ref; "
        "print(streams.token(Person.objects.first(), Ref('session/8'), datetime.now(UTC)))"
    )
    env = os.environ | {"CHANCERY_DATA": str(harbour), "DJANGO_SETTINGS_MODULE": "chancery.site.settings"}
    token = subprocess.check_output([sys.executable, "-c", code], env=env, cwd=ROOT, text=True).strip()
    port = free_port()
    server = part(harbour, "--web", "--port", str(port))
    try:
        assert answers(port)
        stream = urllib.request.urlopen(f"http://127.0.0.1:{port}/live/?token={token}")
        while stream.readline() != b"event: ready\n":
            pass
        server.send_signal(signal.SIGTERM)
        assert stream.read().endswith(b"event: over\ndata:\n\n")
        assert server.wait(15) == 0 and "Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.communicate()
