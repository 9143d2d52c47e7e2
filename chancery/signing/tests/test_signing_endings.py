"""A round of signatures in which members decline, take back, and which is closed."""

from __future__ import annotations

import pytest

from chancery.signing import actions, queries
from chancery.signing.models import Instrument, RoundClosed, SignedAct
from chancery.trail.actor import Actor
from chancery.trail.door import now
from chancery.trail.errors import Refused

GRANITE = Actor("person/gra.head", "", "member/GRA")
CHALK = Actor("person/chk.head", "", "member/CHK")


@pytest.fixture
def act(quarry, django_db_blocker):
    """The instrument with its round open again."""
    from chancery.trail import triggers

    triggers.lift()
    RoundClosed.objects.all().delete()
    triggers.install()
    return Instrument.objects.get()


def test_a_signature_taken_back_stays_in_the_record_and_counts_no_more(quarry):
    signed = SignedAct.objects.get()
    assert signed.withdrawal.reason == "The annex is missing"
    granite = next(s for s in queries.progress(Instrument.objects.get()) if s.member.key == "GRA")
    assert granite.signed is None and granite.taken_back == signed.withdrawal
    assert not queries.is_in_force(Instrument.objects.get())


def test_who_declined_is_shown_with_its_reason_and_does_not_decline_twice(act):
    chalk = next(s for s in queries.progress(act) if s.member.key == "CHK")
    assert chalk.declined is not None and chalk.declined.reason == "Our parliament has not spoken"
    with pytest.raises(Refused, match="declined to sign"):
        actions.decline(act, reason="Once more", by=CHALK, at=now())


def test_a_signature_is_taken_back_once(act):
    with pytest.raises(Refused, match="no signature of GRA stands"):
        actions.withdraw(act, prev=SignedAct.objects.get().text_digest, reason="Again", by=GRANITE, at=now())


def test_nobody_declines_or_withdraws_in_a_members_place(act):
    registrar = Actor("person/registrar", "", "member/CHK")
    for attempt in (
        lambda: actions.decline(act, reason="For them", by=registrar, at=now()),
        lambda: actions.withdraw(act, prev="0", reason="For them", by=registrar, at=now()),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.rule == "roles"


def test_a_closed_round_is_closed_once_and_only_by_the_secretariat(quarry):
    act = Instrument.objects.get()
    with pytest.raises(Refused, match="closed already"):
        actions.close_round(act, by=Actor("person/registrar"), at=now())


def test_what_is_in_force_is_not_unsigned(act):
    from chancery.trail import triggers

    triggers.lift()
    SignedAct.objects.get().withdrawal.delete()
    Instrument.objects.filter(pk=act.pk).update(signatories=["GRA"])
    triggers.install()
    held = SignedAct.objects.get()
    with pytest.raises(Refused) as refused:
        actions.withdraw(act, prev=held.text_digest, reason="Too late", by=GRANITE, at=now())
    assert refused.value.rule == "instruments.entry_into_force"
