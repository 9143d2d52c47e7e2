"""A served house just before the last signature and the last release, and a browser of the system."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import DEMO, ROOT
from tests import databases

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CUT = "- do: release.issue\n  at: 2026-10-22 18:30"
SITTING = "- do: question.put\n  at: 2026-10-21 11:06"


@dataclass(frozen=True)
class Served:
    """A house that answers at `url`; `token` signs a person in, as the demo's links do."""

    url: str
    data: Path
    folder: Path

    def link(self, person: str) -> str:
        code = (
            "import django; django.setup(); from django.core import signing; "
            "from chancery.site.views import REHEARSAL_SALT; "
            f"print(signing.dumps({person!r}, salt=REHEARSAL_SALT))"
        )
        env = os.environ | databases.environment(self.data) | {"DJANGO_SETTINGS_MODULE": "chancery.site.settings"}
        made = subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return f"{self.url}/accounts/rehearsal/{made.stdout.strip()}/"


def chancery(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chancery.site", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | databases.for_command(args),
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The house just before the last signature and the last release."""
    yield from serve(tmp_path_factory.mktemp("served"), CUT)


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The house in the second meeting, just before the vote on the gauge data is put."""
    yield from serve(tmp_path_factory.mktemp("sitting"), SITTING)


def serve(root: Path, cut: str) -> Iterator[Served]:
    """Play the demo up to the act that begins with `cut`, and serve it."""
    folder, data = root / "folder", root / "data"
    shutil.copytree(DEMO, folder)
    text = (folder / "acts.yaml").read_text()
    assert text.count(cut) == 1
    (folder / "acts.yaml").write_text(text[: text.index(cut)])
    chancery("play", str(folder), "--data", str(data))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "chancery.site", "serve", "--data", str(data), "--port", str(port)]
    env = os.environ | databases.environment(data)
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    try:
        _wait(f"http://127.0.0.1:{port}/en/")
        yield Served(f"http://127.0.0.1:{port}", data, folder)
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine; CI must install it")
        pytest.skip("no Chromium on this machine: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 360], ids=["desktop", "phone"])
def page(chromium: Any, request: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
