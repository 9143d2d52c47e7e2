"""Papers in a browser: a delegate takes what is new with a phone, translators deliver late, files are dropped."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Served, serve
from .test_journeys import findings

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.filterwarnings("ignore::ResourceWarning")]

UNTRANSLATED = "- do: paper.translate\n  at: 2026-10-19 18:00"
LIST, DESK = "/house/session/51/papers/", "/house/session/51/translation/"
COMPARE = "/house/paper/CNR/51/DOC/1/compare/"


@pytest.fixture(scope="module")
def preparing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The house on the eve of the session, when one paper still lacks its Arabic text."""
    yield from serve(tmp_path_factory.mktemp("preparing"), UNTRANSLATED)


def take(page: Any, name: str, to: Path) -> list[str]:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(to)
    return zipfile.ZipFile(to).namelist()


@pytest.mark.parametrize("page", [360], indirect=True)
def test_a_delegate_takes_the_papers_and_then_what_is_new_with_a_phone(page, preparing: Served, tmp_path):
    page.goto(preparing.link("lum.delegate"))
    page.goto(preparing.url + LIST)
    everything = take(page, "All as one zip", tmp_path / "all.zip")
    assert "INDEX.txt" in everything and len(everything) > 5
    page.reload()
    assert take(page, "Changed since my last zip", tmp_path / "new.zip") == ["INDEX.txt"]
    assert findings(page, preparing, [LIST, "/house/paper/CNR/51/DOC/1/", COMPARE]) == []


def test_a_late_translation_is_loud_is_delivered_and_is_late_no_more(page, preparing: Served, tmp_path):
    page.goto(preparing.link("secretary.ansgar"))
    assert findings(page, preparing, [LIST, DESK]) == []
    rows = page.locator("table.work tbody tr")
    waiting, row = rows.count(), rows.first
    assert row.get_by_text("late", exact=True).is_visible()
    row.get_by_role("link", name="Deliver").click()
    text = tmp_path / "delivered.ar.md"
    text.write_text("# خطة العمل\n\nنص.\n")
    assert page.get_by_label("Language").input_value() == "ar"
    page.locator("main input[type=file]").set_input_files(text)
    page.get_by_role("button", name="Translate paper").click()
    page.get_by_role("heading", name="Recorded").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "Translation desk"
    assert rows.count() == waiting - 1


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_files_given_at_once_go_to_the_language_in_their_names_and_are_set_right(page, preparing: Served, tmp_path):
    for name in ("note.en.md", "note.ru.md"):
        (tmp_path / name).write_text(f"# {name}\n")
    page.goto(preparing.link("secretary.ansgar"))
    page.goto(preparing.url + LIST)
    page.get_by_label("Drop the files here").set_input_files([tmp_path / "note.en.md", tmp_path / "note.ru.md"])
    assert page.get_by_label("note.ru.md").input_value() == "ru"
    page.get_by_label("note.ru.md").select_option("en")
    assert page.get_by_label("note.ru.md").evaluate("one => one.validationMessage") == "Another file has this language."
    page.get_by_label("note.ru.md").select_option("ar")
    page.get_by_role("button", name="Go on with these files").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Table paper"
    kept = page.locator("main").inner_text()
    assert "note.en.md" in kept and "note.ru.md" in kept
    assert page.locator("input[name='files.ar.kept']").count() == 1


def test_a_translator_delivers_late_the_freeze_is_refused_before_it_and_done_after(page, preparing: Served, tmp_path):
    key = f"LATE{page.viewport_size['width']}"
    draft = f"/house/draft/51/{key}/"
    page.goto(preparing.link("secretary.ansgar"))
    page.goto(f"{preparing.url}/house/act/draft.table/?session=session/51&item=item/51/13")
    page.locator("[name='key']").fill(key)
    for code, words in (("en", "Gauges at the ford"), ("ru", "Водомеры у брода")):
        page.locator(f"[name='title.{code}']").fill(words)
        page.locator(f"textarea[name='text.{code}']").fill(f"# {words}\n\n1. {words}.\n")
    page.get_by_role("button", name="Table draft").click()
    page.get_by_role("heading", name="Recorded").wait_for()

    page.goto(preparing.url + draft)
    assert page.get_by_role("link", name="Freeze draft").count() == 0
    page.get_by_text("Not possible now").click()
    assert page.locator("main").get_by_text("the draft has no text in ar").first.is_visible()
    page.goto(f"{preparing.url}/house/act/draft.freeze/?to=draft/51/{key}")
    assert "rule: languages" in page.locator("main").inner_text().lower()

    page.goto(preparing.link("translator.tolvan"))
    assert findings(page, preparing, [DESK, draft]) == []
    page.goto(preparing.url + DESK)
    row = page.locator("section li").filter(has_text=key)
    row.get_by_role("link", name="Deliver").click()
    text = tmp_path / "delivered.ar.md"
    text.write_text("# مقاييس عند المخاضة\n\n1. مقياس واحد.\n")
    assert page.get_by_label("Language").input_value() == "ar"
    page.locator("main input[type=file]").first.set_input_files(text)
    page.get_by_role("button", name="Translate draft").click()
    page.get_by_role("heading", name="Recorded").wait_for()
    assert page.locator("section li").filter(has_text=key).count() == 0

    page.goto(preparing.link("secretary.ansgar"))
    page.goto(preparing.url + draft)
    page.get_by_role("link", name="Freeze draft").click()
    page.get_by_role("button", name="Freeze draft").click()
    page.get_by_role("heading", name="Recorded").wait_for()
    page.goto(f"{preparing.url}{draft}?language=ar")
    assert page.get_by_text("Frozen", exact=True).first.is_visible()
    assert page.get_by_text("مقياس واحد").first.is_visible()
