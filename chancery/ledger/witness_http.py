"""A witness as a web service, and as a separate process that a program starts and stops."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from chancery.ledger.web import Answer
from chancery.ledger.witness import MAX_BODY, Witness

SECONDS = 10


def make_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that answers for `witness`; port 0 takes any free one."""

    class Handler(_Handler):
        answers = witness

    return ThreadingHTTPServer((host, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    answers: Witness
    timeout = SECONDS
    server_version = "chancery-witness"
    sys_version = ""

    def do_POST(self) -> None:
        """Take a submission at any address that ends in /add-checkpoint."""
        if not self.path.endswith("/add-checkpoint"):
            self._send(Answer(404, b"submit to /add-checkpoint\n"))
            return
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._send(Answer(400, b"a submission states its length, at most %d bytes\n" % MAX_BODY))
            return
        body = self.rfile.read(int(length))
        self._send(self.answers.add_checkpoint(body, int(time.time())))

    def do_GET(self) -> None:
        """Show the last cosigned head at …/<SHA-256 of the origin>/checkpoint."""
        parts = self.path.rstrip("/").split("/")
        is_head = len(parts) >= 2 and parts[-1] == "checkpoint"
        self._send(self.answers.last_checkpoint(parts[-2] if is_head else ""))

    def log_message(self, format: str, *args: object) -> None:
        """Say what was asked and answered, without addresses of those who ask."""
        print(f"{self.log_date_time_string()} {format % args}", file=sys.stderr, flush=True)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type or "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


@contextmanager
def spawn(key: Path, log_vkeys: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a witness on loopback as a process of its own, until the block ends; state and log lie beside the key.

    Raises RuntimeError when it does not listen within a few seconds. A block that ended and a new one with the same
    key are a witness that slept and came back.
    """
    logs = [argument for vkey in log_vkeys for argument in ("--log", vkey)]
    command = [sys.executable, "-m", "chancery.ledger", "witness", "serve", "--key", str(key), "--port", str(port)]
    with key.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen([*command, *logs], stdout=log, stderr=log)  # noqa: S603 -- our own program
    try:
        _wait_until_it_listens(process, port)
        yield process
    finally:
        _stop(process)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"the witness on port {port} did not start; its log lies beside its key")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
