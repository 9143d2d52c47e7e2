"""Signing: the member's own key over the exact text, and nothing else."""

from __future__ import annotations

import pytest

from chancery.council.models import MemberKey
from chancery.decisions.models import Decision
from chancery.ledger import note
from chancery.signing import queries
from chancery.signing.models import Instrument, SignedAct
from chancery.signing.pdf import build_pdf
from chancery.trail import files
from chancery.trail.errors import Refused
from chancery.trail.models import Record
from conftest import DEMO


def reopened() -> Instrument:
    """Another decision opened for signature, which nobody has signed."""
    from tests.test_walk import perform

    perform("signature.open", "secretary.ansgar", "decision/CNR/DEC/215", {"signatories": ["ALD", "COR"], "level": "B"})
    return Instrument.objects.get(pk="CNR/DEC/215")


def signed(instrument: Instrument, member: str, text: str = "", key: str = "") -> dict[str, str]:
    person = f"{member.lower()}.head"
    enrolled = MemberKey.objects.get(person_id=person)
    words = (text or queries.act_text(instrument, enrolled, member, "head of delegation")).encode()
    signer = note.Signer.from_private_text((DEMO / "keys" / f"{key or person}.key").read_text())
    return vars(files.put(words + b"\n" + signer.sign_line(words).encode(), "x.note"))


def give(instrument: Instrument, by: str, raw: dict[str, str]) -> None:
    from tests.test_walk import perform

    perform("signature.give", by, str(instrument.ref), {"note": raw})


def test_a_note_signed_elsewhere_with_the_enrolled_key_is_taken(demo):
    instrument = reopened()
    give(instrument, "cor.head", signed(instrument, "COR"))
    assert [act.member_id for act in SignedAct.objects.filter(instrument=instrument)] == ["COR"]
    assert not queries.is_in_force(instrument)
    give(instrument, "ald.head", signed(instrument, "ALD"))
    assert queries.is_in_force(instrument)


@pytest.mark.parametrize(
    ("by", "member", "key", "rule"),
    [
        ("cor.head", "COR", "ald.head", "credentials"),
        ("ald.head", "COR", "cor.head", "credentials"),
        ("hal.head", "HAL", "hal.head", "signatories"),
        ("cor.delegate", "COR", "cor.head", "credentials"),
        ("secretary.ansgar", "COR", "cor.head", "signatories"),
    ],
)
def test_nobody_signs_for_another_or_with_another_key(by, member, key, rule, demo):
    instrument = reopened()
    with pytest.raises(Refused) as refused:
        give(instrument, by, signed(instrument, member, key=key))
    assert refused.value.rule == rule
    assert Record.objects.order_by("-id").first().outcome == "refused"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("act sign", "act join"),
        ("ALD", "BRE"),
        ("session 51", "session 52"),
        ("lang en,ru,ar", "lang en"),
        ("prev -", "prev - "),
    ],
)
def test_a_text_that_differs_in_one_line_is_refused_and_the_line_is_named(old, new, demo):
    instrument = reopened()
    right = queries.act_text(instrument, MemberKey.objects.get(person_id="ald.head"), "ALD", "head of delegation")
    with pytest.raises(Refused) as refused:
        give(instrument, "ald.head", signed(instrument, "ALD", right.replace(old, new)))
    assert refused.value.rule in ("credentials", "form")


def test_a_member_signs_once(demo):
    instrument = reopened()
    give(instrument, "cor.head", signed(instrument, "COR"))
    with pytest.raises(Refused, match="has signed"):
        give(instrument, "cor.head", signed(instrument, "COR"))


def test_a_signature_after_the_end_of_the_round_is_kept_and_called_late(harbour):
    late = {act.member_id: act.late for act in SignedAct.objects.all()}
    assert late == {"NOR": False, "SUD": True}


def test_the_pdf_of_a_decision_is_the_same_bytes_each_time_and_tagged(demo):
    decision = Decision.objects.get(pk="CNR/DEC/215")
    first, second = (build_pdf(decision, [], decision.issued_at) for _ in range(2))
    assert first == second
    for mark in (b"pdfaid:part", b"pdfuaid:part", b"/StructTreeRoot", b"/Lang"):
        assert mark in first


def test_what_was_signed_is_the_stored_pdf(demo):
    instrument = Instrument.objects.get(pk="CNR/51/FIN")
    act = SignedAct.objects.filter(instrument=instrument).first()
    text = note.parse(files.File(**act.note).read()).text.decode()
    assert f"sha256 {instrument.document.sha256}" in text


def test_a_key_that_was_revoked_signs_nothing_and_a_page_shows_no_text_to_sign(demo, enter):
    from tests.test_walk import perform

    instrument = reopened()
    key = MemberKey.objects.get(person_id="cor.head")
    made = signed(instrument, "COR")
    page = f"/house/file/act/{instrument.key}.txt"
    assert enter("cor.head").get(page).status_code == 200
    perform("key.revoke", "secretary.ansgar", "person/cor.head", {"vkey": key.vkey, "reason": "The token was lost"})
    with pytest.raises(Refused) as refused:
        give(instrument, "cor.head", made)
    assert refused.value.rule == "credentials" and "revoked" in refused.value.because
    assert enter("cor.head").get(page).status_code == 404
