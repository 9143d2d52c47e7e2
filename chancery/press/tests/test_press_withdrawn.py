"""A withdrawn release: its address answers with the reason, and no list or feed names it."""

from __future__ import annotations

import pytest

from chancery.press.models import PressItem

ADDRESS = "/en/press/3/1-board-asks-quarries-to-wet-their-roads/"


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}v/1/", ADDRESS.replace("/en/", "/fr/")])
def test_the_address_of_a_withdrawn_item_says_when_and_why_in_every_language(address, quarry, client):
    page = client.get(address)
    assert page.status_code == 410
    words = page.content.decode()
    assert "withdrawn" in words or "Withdrawn" in words
    assert ("a quarry that was not asked" in words) or ("concernée" in words)
    assert "wet its roads" not in words


def test_no_list_and_no_feed_names_a_withdrawn_item(quarry, client):
    for address in ("/en/", "/en/press/", "/en/press/feed.atom", "/en/sessions/3/", "/en/press/?q=roads"):
        assert "wet their roads" not in client.get(address, follow=True).content.decode(), address


def test_the_short_link_of_a_withdrawn_item_leads_to_the_reason(quarry, client):
    assert client.get("/p/3/1", follow=True).status_code == 410


def test_what_is_withdrawn_is_neither_corrected_nor_withdrawn_again(quarry):
    from chancery.press.actions import releases
    from chancery.trail.actor import Actor
    from chancery.trail.door import now
    from chancery.trail.errors import Refused

    item, press = PressItem.objects.get(), Actor("person/press")
    with pytest.raises(Refused, match="is withdrawn"):
        releases.withdraw(item, reason={"en": "Twice"}, by=press, at=now())
    with pytest.raises(Refused, match="is withdrawn"):
        releases.correct(item, kind="correction", note={"en": "Late"}, by=press, at=now())
