"""Quotations, bodies, Popular and rates: what may go out, and what it may claim."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.press import body, popular, slugs, sources
from chancery.press.models import PopularClock, PopularScore, PressItem, Rate
from chancery.press.sources import Quotation
from chancery.trail.errors import Refused
from chancery.trail.refs import Ref

T0 = datetime(2026, 10, 20, tzinfo=UTC)
SPEECH = Ref("speech/51/1")


@pytest.mark.parametrize(
    "words",
    [
        "<b>x</b>",
        "a <script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "![x](vbscript:x)",
    ],
)
def test_raw_html_and_strange_links_are_refused(words):
    with pytest.raises(body.BadBody):
        body.check(words)


@given(st.text(max_size=200))
def test_no_body_that_passes_carries_a_script_or_a_handler(words):
    try:
        body.check(words)
    except body.BadBody:
        return
    made = body.html(words, lambda name: "", lambda name: "").lower()
    assert "<script" not in made and "javascript:" not in made and " onerror=" not in made.split("<")[0:1]


def test_a_quotation_is_found_word_for_word_with_its_paragraph(demo):
    exact = "A river does not ask whose gauge it passes."
    assert sources.locate(Quotation(exact, SPEECH)) == 4
    gap = Quotation("A river […] can still use.", SPEECH, "abridged")
    assert sources.locate(gap) == 4


def test_what_is_not_in_the_record_is_refused_with_the_nearest_passage(demo):
    with pytest.raises(sources.NotFound, match="the nearest passage: “A river does not ask whose gauge it passes.”"):
        sources.locate(Quotation("A river never asks whose gauge it passes.", SPEECH))
    with pytest.raises(sources.NotFound):
        sources.locate(Quotation("can still use. […] A river", SPEECH, "abridged"))


def test_a_changed_wording_is_not_released(demo):
    from chancery.press.actions.releases import draft  # noqa: F401 (declared)
    from tests.test_walk import perform, stored

    raw = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": "One"}}
    item = perform("release.draft", "press.ellend", None, raw | {"body": {"en": stored("one")}})
    perform("release.clear", "dov.head", str(item.ref), {})
    PressItem.objects.filter(pk=item.pk).update(title={"en": "Two"})
    with pytest.raises(Refused) as refused:
        perform("release.issue", "press.ellend", str(item.ref), {})
    assert refused.value.rule == "clearance"


def test_the_vector_of_the_popular_score():
    hours = 24
    total = popular.weight(T0, T0, hours) + popular.weight(T0 + timedelta(hours=hours), T0, hours)
    assert total == 3
    now = {n: total * 2 ** (-n) for n in (1, 2)}
    assert now == {1: 1.5, 2: 0.75}


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30), st.integers(1, 20_000))
def test_a_rebase_keeps_order_and_values(minutes, later):
    events = [T0 + timedelta(minutes=m) for m in minutes]
    moved = T0 + timedelta(minutes=later)
    score = math.fsum(popular.weight(t, T0, 24) for t in events)
    rebased = score * popular.weight(T0, moved, 24)
    direct = math.fsum(popular.weight(t, moved, 24) for t in events)
    assert math.isclose(rebased, direct, rel_tol=1e-12)


def test_the_list_is_hidden_below_three_eligible_items_and_shows_no_count(demo, enter):
    from chancery.press.queries import visible
    from chancery.register.tasks import now

    items = list(visible(now()))
    for item in items[:2]:
        popular.count(item, "en", now(), now().date(), visitors=50)
    assert popular.popular("en", now(), now().date()) == []
    popular.count(items[2], "en", now(), now().date(), visitors=9)
    assert popular.popular("en", now(), now().date()) == []
    popular.count(items[2], "en", now(), now().date(), visitors=1)
    assert len(popular.popular("en", now(), now().date())) == 3
    assert "50" not in enter("").get("/en/").content.decode().split('class="popular"')[1].split("</section>")[0]


def test_the_same_visitor_counts_once_a_day_and_a_bot_never(demo, enter):
    client = enter("")
    for _ in range(5):
        client.post("/v", "PRESS/51/4 en", content_type="text/plain", HTTP_USER_AGENT="Firefox", REMOTE_ADDR="10.0.0.1")
    client.post("/v", "PRESS/51/4 en", content_type="text/plain", HTTP_USER_AGENT="Firefox", REMOTE_ADDR="10.0.0.9")
    client.post("/v", "PRESS/51/4 en", content_type="text/plain", HTTP_USER_AGENT="Googlebot", REMOTE_ADDR="10.1.0.1")
    client.post(
        "/v",
        "PRESS/51/4 en",
        content_type="text/plain",
        HTTP_USER_AGENT="Firefox",
        HTTP_DNT="1",
        REMOTE_ADDR="10.2.0.1",
    )
    client.post("/v", "PRESS/51/99 en", content_type="text/plain", HTTP_USER_AGENT="Firefox", REMOTE_ADDR="10.3.0.1")
    assert [row.today for row in PopularScore.objects.all()] == [1]
    answer = client.post("/v", "x", content_type="text/plain")
    assert answer.status_code == 204 and answer["Cache-Control"] == "no-store"
    assert PopularClock.objects.count() == 1


def test_a_jump_of_more_than_a_fifth_is_held_until_a_person_imports_the_file_again(demo):
    from chancery.trail import files
    from tests.test_walk import perform

    data = (
        b'<?xml version="1.0"?><CurrencyRates Name="x" Date="24.10.2026"><Currency ISOCode="USD">'
        b"<Nominal>1</Nominal><Value>60,0000</Value></Currency></CurrencyRates>"
    )
    stored = files.put(data, "jump.xml")
    raw = {"bank": "cre", "file": vars(stored), "fetched_at": "2026-10-22 12:00+00:00"}
    perform("rates.import", "press.ellend", None, raw)
    assert [row.held for row in Rate.objects.filter(raw_sha256=stored.sha256)] == [True]
    perform("rates.import", "press.ellend", None, raw)
    assert [row.held for row in Rate.objects.filter(raw_sha256=stored.sha256)] == [True, False]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Nine rivers, one format!", "nine-rivers-one-format"),
        ("Девять рек: щука ъ", "deviat-rek-shchuka"),
        ("تسعة أنهار", "communique"),
        ("Élan  vital", "elan-vital"),
    ],
)
def test_slugs_are_plain(title, slug):
    assert slugs.slug(title, "communique") == slug


def test_the_feed_keeps_its_ids_when_an_item_is_corrected(demo, enter):
    feed = enter("").get("/en/press/feed.atom").content.decode()
    assert "tag:register.council.example,2026:press/51/4/en" in feed
    assert feed.count("<entry>") == 4


def test_a_corrected_item_says_so_and_keeps_its_old_version_readable(demo, enter):
    client = enter("")
    page = client.get("/p/51/4", follow=True).content.decode()
    assert "Clarified" in page and "the ninth signature, of Corvane, was received on 23 October" in page
    address = client.get("/p/51/4")["Location"]
    old = client.get(f"{address}v/1/")
    assert "The signature of Corvane is expected" in old.content.decode()
    assert old["X-Robots-Tag"] == "noindex" and "This is an older version" in old.content.decode()


RELEASE = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": "One"}}
EXACT = "A river does not ask whose gauge it passes."


def drafted(words: str, **more):
    """A press statement in English with this body, drafted by the press officer."""
    from chancery.trail import files
    from tests.test_walk import perform

    body_file = {"en": vars(files.put(words.encode(), "statement.md"))}
    return perform("release.draft", "press.ellend", None, RELEASE | {"body": body_file} | more)


def test_words_in_quotation_marks_are_those_of_the_source_that_they_name(demo):
    source = [{"quote": EXACT, "of": "speech/51/1", "mode": "exact", "language": "en"}]
    drafted(f"# One\n\n> {EXACT} {{source:1}}\n", sources=source)
    with pytest.raises(Refused, match="is not the quotation of source 1") as refused:
        drafted("# One\n\n> A river asks whose gauge it passes. {source:1}\n", sources=source)
    assert refused.value.rule == "sources"


def test_a_paper_that_the_public_may_not_read_is_no_source(demo):
    from tests.test_walk import plant_paper

    hidden = plant_paper("confidential", "RED")
    source = [{"quote": "confidential confidential.", "of": f"paper/{hidden}", "mode": "exact", "language": "en"}]
    with pytest.raises(Refused, match="is not public") as refused:
        drafted("# One\n\nWords.\n", sources=source)
    assert refused.value.rule == "sources"


def test_a_press_officer_adds_a_note_but_gives_no_released_item_a_new_text(demo):
    from tests.test_walk import perform, stored

    note = {"kind": "clarification", "note": {"en": "One more word."}}
    new = {language: stored("new") for language in ("en", "ru", "ar")}
    with pytest.raises(Refused) as refused:
        perform("release.correct", "press.ellend", "release/PRESS/51/4", note | {"body": new})
    assert refused.value.rule == "clearance"
    item = perform("release.correct", "press.ellend", "release/PRESS/51/4", note)
    assert item.key == "PRESS/51/4"
