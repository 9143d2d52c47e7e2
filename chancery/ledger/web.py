"""Reading a log over HTTP: no redirects, a limit on time and bytes, errors as plain sentences."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from chancery.ledger import Malformed, Missing, Refused
from chancery.ledger.reader import Fetch

MAX_BYTES = 256 * 65_537 + 1024  # one full bundle of the longest entries
SECONDS = 10


class Unreachable(Refused):
    """Nobody answers at the address, or not in time."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, body (at most `MAX_BYTES`), content type."""

    status: int
    body: bytes
    content_type: str = ""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def ask(url: str, body: bytes | None = None) -> Answer:
    """GET, or POST when there is a body. Raises Unreachable, Malformed for what is no web address."""
    if not url.startswith(("http://", "https://")):
        raise Malformed(f"{url[:80]!r} is no web address")
    try:
        request = urllib.request.Request(url, data=body, headers=_headers(body))  # noqa: S310 -- the scheme is checked
        with _OPENER.open(request, timeout=SECONDS) as response:
            return _answer(response.status, response, response.headers.get("Content-Type", ""))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error, error.headers.get("Content-Type", ""))
    except Refused:
        raise
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(f"{url} does not answer: {error}") from error


def fetch_from(url: str) -> Fetch:
    """A fetch of the log's files under the address `url`."""
    prefix = url.rstrip("/")

    def fetch(path: str) -> bytes:
        answer = ask(f"{prefix}/{path}")
        if answer.status == 404:
            raise Missing(f"{path} is missing at {prefix}")
        if answer.status != 200:
            raise Unreachable(f"{prefix}/{path} answers with status {answer.status}")
        return answer.body

    return fetch


def _headers(body: bytes | None) -> Mapping[str, str]:
    return {} if body is None else {"Content-Type": "text/plain; charset=utf-8"}


def _answer(status: int, stream: IO[bytes], content_type: str) -> Answer:
    body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise Malformed(f"an answer is longer than {MAX_BYTES} bytes")
    return Answer(status, body, content_type)
