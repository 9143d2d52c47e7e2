"""Sign-in at a ministry's own provider: matched by a verified address to somebody who is here, and nobody is made."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from chancery.council.models import Person
from chancery.site.doors.settings import sign_in_settings


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A small provider that says of everybody what the test wants said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy())
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{address}/.well-known/openid-configuration"):
                    break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def ministry(provider: str, settings: Any, demo: Any) -> str:
    given = {"CHANCERY_OIDC": provider, "CHANCERY_OIDC_NAME": "your ministry", "CHANCERY_OIDC_CLIENT": "chancery"}
    made = sign_in_settings(given | {"CHANCERY_OIDC_SECRET": "secret"})
    settings.SOCIALACCOUNT_PROVIDERS = made["SOCIALACCOUNT_PROVIDERS"]
    return provider


def claim(provider: str, sub: str, body: bytes) -> None:
    request = urllib.request.Request(
        f"{provider}/users/{sub}", data=body, method="PUT", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request):
        pass


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def come_in(client: Client, sub: str) -> Any:
    """The whole way: our button, the provider's page, back to us."""
    there = client.get("/accounts/sign-in/house/?next=/house/search/")
    assert there.status_code == 302
    sent = urllib.request.Request(there["Location"], data=urllib.parse.urlencode({"sub": sub}).encode())
    try:
        urllib.request.build_opener(Stay).open(sent)
        pytest.fail("the provider did not lead back")
    except urllib.error.HTTPError as answer:
        back = answer.headers["Location"]
    return client.get(re.sub(r"^https?://[^/]+", "", back))


def signed_in(client: Client) -> bool:
    return bool(client.get("/house/mine/").status_code == 200)


def test_a_verified_address_signs_its_person_in(ministry):
    person, client = Person.objects.get(pk="lum.delegate"), Client()
    assert "Sign in with your ministry" in client.get("/accounts/sign-in/").content.decode()
    claim(ministry, "one", b'{"email": "%s", "email_verified": true}' % person.email.encode())
    answer = come_in(client, "one")
    assert (answer.status_code, answer["Location"]) == (302, "/house/search/")
    assert signed_in(client)


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "%s", "email_verified": false}',
        b'{"email": "%s"}',
        b'{"email": "x-%s", "email_verified": true}',
        b"{}",
    ],
)
def test_an_unverified_or_unknown_address_signs_nobody_in_and_makes_nobody(body, ministry):
    email, client, before = Person.objects.get(pk="lum.delegate").email, Client(), Person.objects.count()
    claim(ministry, "two", body.replace(b"%s", email.encode()))
    assert come_in(client, "two").status_code == 403
    assert not signed_in(client) and Person.objects.count() == before


def test_a_released_person_is_not_signed_in_by_the_provider(ministry):
    from chancery.trail import door

    person, client = Person.objects.get(pk="lum.delegate"), Client()
    claim(ministry, "three", b'{"email": "%s", "email_verified": true}' % person.email.encode())
    Person.objects.filter(pk=person.pk).update(released_at=door.now())
    assert come_in(client, "three").status_code == 403 and not signed_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(ministry):
    client = Client()
    assert client.get("/accounts/sign-in/house/back/?code=x&state=forged").status_code == 403
    assert not signed_in(client)
