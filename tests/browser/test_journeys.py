"""A reader reaches a verified decision; a head of delegation signs; a press officer releases; nothing is barred."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.conftest import Served, chancery

# One group, one worker: playwright keeps an event loop running, beside which Django's own tests cannot work.
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.filterwarnings("ignore::ResourceWarning")]


def no_sideways_scrolling(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_reader_goes_from_the_front_page_to_a_verified_decision(page, served: Served, tmp_path):
    page.goto(served.url)
    page.get_by_role("link", name="CNR/DEC/216").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Exchange of gauge-station data in a common format"
    assert "6 voted for, 2 against, 1 abstained" in page.locator(".outcome").inner_text()
    page.get_by_text("Working, rule by rule").click()
    assert page.locator("table.working").get_by_text("Rule 25").is_visible()
    assert page.get_by_role("heading", name="Not proven here").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Inputs to recompute it, JSON").click()
    download.value.save_as(tmp_path / "inputs.json")
    recomputed = json.loads(chancery("decide", str(tmp_path / "inputs.json")).stdout)
    assert (recomputed["status"], recomputed["tallies"]["for"]) == ("adopted", 6)
    page.get_by_role("link", name="العربية").first.click()
    assert page.locator(".decision-text").get_attribute("dir") == "rtl"
    assert no_sideways_scrolling(page)
    assert "register.council.example/log" in chancery("verify", str(served.data / "register")).stdout


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_head_of_delegation_signs_with_an_uploaded_note(page, served: Served, tmp_path):
    page.goto(served.link("cor.head"))
    page.get_by_role("link", name="Look and sign").click()
    assert page.get_by_text("8 of 9 signed").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the act text").click()
    text, note = tmp_path / "act.txt", tmp_path / "cor.note"
    download.value.save_as(text)
    assert text.read_text() == page.locator("pre.acttext").inner_text().rstrip("\n") + "\n"
    spoiled = tmp_path / "spoiled.note"
    chancery("sign", str(text), "--key", str(served.folder / "keys/cor.head.key"), "--out", str(note))
    spoiled.write_bytes(note.read_bytes().replace(b"act sign", b"act join"))
    page.get_by_label("Your signed note").set_input_files(spoiled)
    page.get_by_role("button", name="Check and file").click()
    assert "The note says “act join” where the text to sign says “act sign”" in page.get_by_role("alert").inner_text()
    page.get_by_label("Note").set_input_files(note)
    page.get_by_role("button", name="Give signature").click()
    assert page.get_by_role("status").get_by_text("COR signed CNR/51/FIN").is_visible()
    assert page.get_by_text("9 of 9 signed").is_visible()
    page.goto(f"{served.url}/house/instrument/CNR/51/FIN/")
    assert page.locator("#why").get_by_text("COR has signed CNR/51/FIN already").is_visible()


@pytest.mark.parametrize("page", [360], indirect=True)
def test_a_press_officer_releases_what_was_cleared_and_the_public_reads_it(page, served: Served):
    page.goto(served.link("press.ellend"))
    page.goto(f"{served.url}/house/session/51/press/")
    page.get_by_role("link", name="Nine rivers, one format").click()
    page.get_by_role("link", name="Issue release").click()
    page.get_by_role("button", name="Issue release").click()
    page.get_by_role("heading", name="Recorded").wait_for()
    page.get_by_role("link", name="The public page").first.click()
    assert page.locator("figure.quote").first.get_by_text("A river does not ask").is_visible()
    page.locator("figure.quote").first.get_by_role("link", name="In the record").click()
    assert "A river does not ask" in page.locator("#p4").inner_text()
    assert no_sideways_scrolling(page)


PUBLIC = ["/en/", "/ru/", "/ar/", "/en/press/", "/en/sessions/", "/en/sessions/51/", "/en/decisions/", "/en/decisions/CNR/DEC/216/",
          "/en/results/51/4/", "/ar/decisions/CNR/51/FIN/", "/ru/speeches/51/1/", "/en/papers/CNR/51/DOC/1/", "/en/verify/",
          "/en/members/", "/en/accessibility/", "/p/51/1", "/accounts/sign-in/", "/nothing/"]  # fmt: skip
HOUSE = ["/house/session/51/", "/house/session/51/agenda/", "/house/session/51/papers/", "/house/session/51/texts/",
         "/house/session/51/decisions/", "/house/session/51/signing/", "/house/session/51/delegations/", "/house/session/51/register/",
         "/house/session/51/press/", "/house/session/52/", "/house/session/51/agenda/versions/", "/house/entry/3/",
         "/house/paper/CNR/51/DOC/3/?language=ar", "/house/draft/51/D4/?language=ru", "/house/question/51/5/",
         "/house/decision/CNR/DEC/216/", "/house/instrument/CNR/51/FIN/", "/house/release/PRESS/51/4/",
         "/house/mine/", "/house/room/51/3/", "/house/console/51/3/", "/house/item/51/4/", "/house/act/agenda.issue/?to=session/51",
         "/house/act/paper.table/?session=session/51", "/house/act/question.close/?to=question/51/3", "/house/history/?of=session/51",
         "/house/history/?of=draft/51/D1", "/house/search/?q=gauge", "/house/search/?q=zzz",
         "/house/council/", "/house/person/lum.head/", "/house/calendar/?month=2026-10", "/house/session/51/journal/2026-10-21/",
         "/house/session/52/preparation/", "/house/session/51/participants/", "/house/circulars/", "/house/circular/CNR/51/CIRC/1/"]  # fmt: skip


def findings(page, served: Served, addresses: list[str]) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for address in addresses:
        page.goto(served.url + address)
        result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        found += [f"{address}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in result.response["violations"]]
        if not no_sideways_scrolling(page):
            found.append(f"{address}: scrolls sideways")
    return found


def test_axe_finds_nothing_on_any_public_page(page, served: Served):
    assert findings(page, served, PUBLIC) == []


def test_axe_finds_nothing_on_any_page_of_the_house(page, served: Served):
    page.goto(served.link("secretary.ansgar"))
    assert findings(page, served, HOUSE) == []


def test_the_house_speaks_russian(page, served: Served):
    page.goto(served.link("secretary.ansgar"))
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="Русский").click()
    assert page.locator("html").get_attribute("lang") == "ru"
    assert page.get_by_role("link", name="Повестка дня").first.is_visible()
    assert findings(page, served, ["/house/session/51/", "/house/decision/CNR/DEC/216/"]) == []


def test_a_person_signs_in_by_password(page, served: Served):
    import os
    import subprocess
    import sys

    from conftest import ROOT
    from tests import databases

    words = "nine rivers flow by night"
    command = [sys.executable, "-m", "chancery.site", "password", "lum.head", "--data", str(served.data)]
    env = os.environ | databases.environment(served.data)
    subprocess.run(command, input=words + "\n", text=True, check=True, cwd=ROOT, capture_output=True, env=env)
    page.goto(f"{served.url}/house/")
    page.get_by_label("E-mail").fill("lum.head@council.example")
    page.get_by_label("Password").fill("wrong words, quite")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("alert").is_visible()
    email = page.get_by_label("E-mail").input_value()
    page.get_by_label("Password").fill(words)
    page.get_by_role("button", name="Continue").click()
    assert email and page.get_by_role("heading", level=1).inner_text().startswith("What needs you")
    assert Path(served.data).exists()
