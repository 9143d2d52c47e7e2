"""The doors in a real browser: a passkey, a newcomer who may not vote yet, the operator whom the secretary sees."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from tests.browser.conftest import Served, chancery
from tests.browser.test_journeys import no_sideways_scrolling

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.filterwarnings("ignore::ResourceWarning")]
WORDS = "nine rivers meet at noon"


def set_password(served: Served, person: str) -> None:
    command = [sys.executable, "-m", "chancery.site", "password", person, "--data", str(served.data)]
    subprocess.run(command, cwd=ROOT, input=f"{WORDS}\n", text=True, capture_output=True, check=True)


def at_localhost(served: Served) -> str:
    return served.url.replace("127.0.0.1", "localhost")


def sign_in(page: Any, served: Served, email: str) -> None:
    page.goto(f"{at_localhost(served)}/accounts/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Any) -> None:
    page.locator("details.menu").first.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_passkey_is_enrolled_and_then_opens_the_house_alone(page, served: Served):
    violations: list[str] = []
    page.on("console", lambda said: violations.append(said.text) if "Content Security" in said.text else None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    set_password(served, "lum.delegate")
    sign_in(page, served, "lum.delegate@council.example")
    page.goto(f"{at_localhost(served)}/accounts/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Telephone")
    page.get_by_role("button", name="Make a passkey").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Recovery codes"
    assert page.locator(".key").count() == 10
    page.get_by_role("link", name="I have written them down").click()
    page.get_by_text("Telephone", exact=True).wait_for()
    sign_out(page)
    page.goto(f"{at_localhost(served)}/accounts/sign-in/")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/house/**")
    sign_out(page)
    sign_in(page, served, "lum.delegate@council.example")
    assert page.get_by_role("heading", level=1).inner_text() == "Second step"
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/house/**")
    assert violations == []


def mailed_link(served: Served, to: str) -> str:
    """The link of the newest mail to somebody, which the worker writes within seconds."""
    folder = Path(served.data) / "private" / "mail"
    for _ in range(100):
        letters = [path.read_text() for path in sorted(folder.glob("*"))] if folder.is_dir() else []
        if mine := [text for text in letters if f"To: {to}" in text]:
            plain = mine[-1].replace("=\n", "")
            found = re.search(r"/accounts/invitation/\S+", plain)
            assert found
            return served.url + found[0]
        time.sleep(0.2)
    raise TimeoutError(to)


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_a_focal_point_replaces_a_delegate_who_cannot_vote_until_confirmed(page, sitting: Served, chromium):
    width = page.viewport_size["width"]
    key = f"lum.new{width}"
    page.goto(sitting.link("secretary.ansgar"))
    page.goto(f"{sitting.url}/house/act/person.appoint/")
    appoint(page, f"lum.focal{width}", "Lotte Focal", "focal", f"focal{width}@lumery.example")
    page.goto(sitting.link(f"lum.focal{width}"))
    page.goto(f"{sitting.url}/house/act/person.appoint/")
    appoint(page, key, f"Newcomer {width}", "delegate", f"new{width}@lumery.example")
    page.goto(f"{sitting.url}/house/council/")
    page.locator(f"[id='{key}']").get_by_text("Not confirmed").wait_for()
    assert no_sideways_scrolling(page)
    newcomer = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    newcomer.goto(mailed_link(sitting, f"new{width}@lumery.example"))
    assert no_sideways_scrolling(newcomer)
    newcomer.get_by_label("New password").fill(WORDS)
    newcomer.get_by_label("The same again").fill(WORDS)
    newcomer.get_by_role("button", name="Set the password and come in").click()
    newcomer.wait_for_url("**/house/**")
    page.goto(sitting.link("lum.head"))
    page.goto(f"{sitting.url}/house/mine/")
    page.get_by_text(f"Newcomer {width} is new in your delegation").wait_for()
    page.goto(f"{sitting.url}/house/act/person.confirm/?to=person/{key}")
    page.get_by_role("button", name="Confirm").click()
    newcomer.goto(f"{sitting.url}/house/mine/")
    assert newcomer.get_by_role("heading", level=1).inner_text() == "Sign in"
    newcomer.context.close()


def appoint(page: Any, key: str, name: str, role: str, email: str) -> None:
    page.locator("[name='id']").fill(key)
    page.locator("[name='name']").fill(name)
    page.locator("[name='member']").select_option("member/LUM")
    page.locator("[name='email']").fill(email)
    if not page.locator("[name='roles.0.role']").count():
        page.locator("button[name='more'][value='roles']").click()
    page.locator("[name='roles.0.role']").select_option(role)
    page.locator("button.btn-main").click()


@pytest.mark.parametrize("page", [1280, 360], indirect=True)
def test_an_operator_enters_with_a_reason_and_the_secretary_sees_it(page, served: Served, chromium):
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    said = chancery("operator", "enter", "--reason", "A lost index", "--until", until, "--data", str(served.data))
    link = re.search(r"/accounts/operator/\S+", said.stdout)
    assert link
    operator = chromium.new_context(viewport=page.viewport_size).new_page()
    operator.goto(served.url + link[0])
    operator.get_by_role("button", name="Open the house").click()
    operator.get_by_text("You look in as operator").wait_for()
    assert no_sideways_scrolling(operator)
    page.goto(served.link("secretary.ansgar"))
    page.goto(f"{served.url}/house/mine/")
    need = page.locator("article.need", has_text="The operator looks into the house: A lost index")
    assert need.is_visible() and no_sideways_scrolling(page)
    need.get_by_role("link", name="End it now").click()
    page.locator("button.btn-main").click()
    operator.goto(f"{served.url}/house/")
    assert operator.get_by_role("heading", level=1).inner_text() == "Sign in"
    operator.context.close()
