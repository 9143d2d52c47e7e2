"""A log over HTTP: verified, mirrored, witnessed by pull; what a web server may do to it is a plain refusal."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chancery.ledger import Malformed, Missing, note, web
from chancery.ledger.note import Kind
from chancery.ledger.tests.council import (
    LOG,
    make_folder,
    make_log,
    make_policy,
    make_signer,
    make_witnesses,
    record_leaf,
)

ENTRIES = [record_leaf(number) for number in range(1, 300)]
WITNESSES = make_witnesses(3)


class Site(SimpleHTTPRequestHandler):
    """Serves a folder, and keeps what mirrors return."""

    returned: list[bytes]
    answer = 200

    def do_POST(self) -> None:
        self.returned.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answer)
        self.end_headers()

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/checkpoint")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path, answer: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a site with the folder, and the list of what was returned to it."""
    returned: list[bytes] = []
    handler = type("Handler", (Site,), {"returned": returned, "answer": answer})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", returned
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "log"
    make_folder(path, ENTRIES, WITNESSES, 3)
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chancery.ledger", *map(str, arguments)], capture_output=True, text=True
    )


def test_a_site_is_verified_by_its_address_with_the_readers_own_policy_and_memory(site: Path, tmp_path: Path) -> None:
    (tmp_path / "policy").write_bytes(make_policy(WITNESSES, 3))
    own = ("--policy", tmp_path / "policy", "--state", tmp_path / "heads.json", "--strict")
    with served(site) as (address, _):
        done = run("verify", address, *own)
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, "key: given"), done.stdout
    with served(tmp_path) as (address, _):
        assert "log.vkey is missing" in run("verify", address, *own).stdout
    assert run("verify", address, *own).returncode == 1


def test_a_mirror_pulls_over_http_cosigns_and_returns_its_line(site: Path, tmp_path: Path) -> None:
    key = make_signer("ALD", Kind.COSIGNATURE)
    (tmp_path / "ald.key").write_text(key.private_text())
    cosign = ("--log", LOG.vkey, "--cosign", "--key", tmp_path / "ald.key")
    head, _ = make_log(ENTRIES)
    with served(site) as (address, returned):
        done = run("mirror", tmp_path / "mirror", address, *cosign)
        assert done.returncode == 0, done.stderr
        once = run("witness", "once", address, "--key", tmp_path / "ald.key", "--log", LOG.vkey)
        assert once.returncode == 0, once.stderr
    assert len(returned) == 2
    for body in returned:
        opened, signatures = note.open(body, [LOG.verifier, key.verifier])
        assert (opened.text, len(opened.lines), len(signatures)) == (head.text(), 2, 2)
    with served(site, answer=409) as (address, _):
        refused = run("mirror", tmp_path / "mirror", address, *cosign)
        assert (refused.returncode, "the register answers 409" in refused.stderr) == (1, True)


def test_what_a_server_may_do_is_a_plain_refusal(site: Path, tmp_path: Path) -> None:
    with served(site) as (address, _):
        fetch = web.fetch_from(address + "/")
        assert fetch("checkpoint") == (site / "checkpoint").read_bytes()
        with pytest.raises(Missing):
            fetch("nothing")
        with pytest.raises(web.Unreachable, match="302"):
            fetch("moved")
    (tmp_path / "long").write_bytes(bytes(web.MAX_BYTES + 1))
    with served(tmp_path) as (address, _), pytest.raises(Malformed, match="longer"):
        web.fetch_from(address)("long")
