"""Sponsors of a draft join and leave until the rules close the list; the main sponsor withdraws it."""

from __future__ import annotations

import pytest

from chancery.texts import actions
from chancery.texts.models import Draft
from chancery.trail.actor import Actor
from chancery.trail.door import now
from chancery.trail.errors import Refused
from chancery.trail.refs import get

SLATE = Actor("person/sla.head", "", "member/SLA")
CHALK = Actor("person/chk.head", "", "member/CHK")
GRANITE = Actor("person/gra.head", "", "member/GRA")


def test_sponsors_joined_and_left_as_they_said(quarry):
    assert Draft.objects.get(pk="3/W").sponsors == ["GRA", "SLA"]
    assert Draft.objects.get(pk="3/N").sponsors == ["SLA"]


@pytest.mark.parametrize(
    ("draft", "by", "join", "rule"),
    [
        ("3/W", CHALK, True, "papers.cosponsor_until"),
        ("3/N", SLATE, True, "order"),
        ("3/N", GRANITE, False, "order"),
        ("3/N", SLATE, False, "proposals.sponsors_min"),
        ("3/B", GRANITE, True, "order"),
    ],
)
def test_the_list_of_sponsors_keeps_the_rules(draft, by, join, rule, quarry):
    member = get(by.for_)
    with pytest.raises(Refused) as refused:
        actions.sponsor(Draft.objects.get(pk=draft), member=member, join=join, by=by, at=now())
    assert refused.value.rule == rule


def test_what_the_council_decided_is_not_withdrawn(quarry):
    with pytest.raises(Refused) as refused:
        actions.withdraw(Draft.objects.get(pk="3/W"), by=GRANITE, at=now())
    assert refused.value.rule == "proposals.withdrawal_until"


def test_a_withdrawn_draft_is_not_frozen_and_keeps_its_text(quarry):
    bells = Draft.objects.get(pk="3/B")
    assert bells.text and bells.withdrawal_reason == "A horn is louder"
    with pytest.raises(Refused, match="is withdrawn"):
        actions.freeze(bells, languages=["en", "fr"], by=Actor("person/registrar"), at=now())
