"""People and keys: who brings whom in, who confirms a newcomer, which key signs."""

from __future__ import annotations

from datetime import date

import pytest

from chancery.council import access, queries
from chancery.council.models import Council, MemberKey, Person, RoleGrant
from chancery.trail.errors import BadArguments, Refused
from conftest import FOLDERS
from tests.acting import actor, do, found_meadow, instant

CHAIR, MEMBER, OBSERVER, SECRETARY, FOCAL = "grn.head", "fen.head", "lark", "clerk", "grn.focal"
KEYS = FOLDERS["meadow"] / "keys"


@pytest.fixture
def founded(empty):
    found_meadow()


def refusal(*args, **given):
    with pytest.raises(Refused) as refused:
        do(*args, **given)
    return refused.value.rule


def newcomer(by=FOCAL, **given):
    said = {"id": "grn.new", "name": "Greta Elm", "member": "GRN", "roles": ["delegate"]} | given
    return do("person.appoint", by, "2026-02-21 10:00", **said)


def test_whom_a_focal_point_brings_in_waits_for_a_head_or_the_secretariat(founded):
    assert newcomer().awaits_confirmation
    assert refusal("person.confirm", MEMBER, "2026-02-22 10:00", "person/grn.new") == "roles"
    assert refusal("person.confirm", OBSERVER, "2026-02-22 10:00", "person/grn.new") == "roles"
    assert refusal("person.confirm", FOCAL, "2026-02-22 10:00", "person/grn.new") == "roles"
    do("person.confirm", CHAIR, "2026-02-22 10:00", "person/grn.new")
    assert not Person.objects.get(pk="grn.new").awaits_confirmation
    assert refusal("person.confirm", SECRETARY, "2026-02-22 11:00", "person/grn.new") == "order"


def test_a_newcomer_confirms_nobody_and_never_himself(founded):
    newcomer()
    RoleGrant.objects.create(person_id="grn.new", role="head")
    assert refusal("person.confirm", "grn.new", "2026-02-22 10:00", "person/grn.new") == "roles"
    newcomer(id="grn.second")
    assert refusal("person.confirm", "grn.new", "2026-02-22 10:00", "person/grn.second") == "roles"


def test_the_secretariat_brings_people_in_who_wait_for_nobody(founded):
    assert not newcomer(by=SECRETARY, roles=["head"]).awaits_confirmation


@pytest.mark.parametrize(
    "given",
    [
        {"roles": ["head"]},
        {"roles": ["alternate"]},
        {"roles": ["delegate", "secretary"]},
        {"member": "FEN"},
        {"office": "secretariat"},
        {"key": "keys/fen.vkey"},
    ],
)
def test_a_focal_point_grants_neither_head_nor_vote_nor_office_nor_key_and_only_for_its_own_member(given, founded):
    with pytest.raises(Refused) as refused:
        newcomer(**given)
    assert refused.value.rule == "roles" and not Person.objects.filter(pk="grn.new").exists()


@pytest.mark.parametrize("by", [CHAIR, MEMBER, OBSERVER])
def test_who_is_neither_focal_point_nor_secretariat_brings_nobody_in(by, founded):
    with pytest.raises(Refused):
        newcomer(by=by)


@pytest.mark.parametrize(
    "given",
    [
        {"id": "Grn New"},
        {"id": "grn.head"},
        {"email": "no address"},
        {"email": "GRN@meadow.example"},
        {"languages": ["English"]},
    ],
)
def test_an_id_address_or_language_that_is_none_or_taken_is_refused(given, founded):
    with pytest.raises(Refused):
        newcomer(by=SECRETARY, **given)


def test_a_role_that_nobody_knows_is_a_bad_argument(founded):
    with pytest.raises(BadArguments):
        newcomer(by=SECRETARY, roles=["emperor"])


def test_a_role_has_a_scope_and_a_term(founded):
    do("session.plan", SECRETARY, "2026-02-20 10:00", number="12", kind="regular", title={"en": "T"}, venue={"en": "V"}, opens="2026-06-01 10:00", closes="2026-06-02 10:00")  # fmt: skip
    term = {"from": "2026-05-01", "to": "2026-06-30"}
    newcomer(
        by=SECRETARY, id="usher", member=None,
        roles=[{"role": "secretary", "scope": "session/12", **term}, {"role": "rapporteur", "scope": "body/B.1"}],
    )  # fmt: skip
    usher = actor("usher")
    assert not access.is_secretary(usher, instant("2026-05-02 10:00"))
    held = [
        access.is_secretary(usher, instant(f"2026-{day} 10:00"), "12") for day in ("04-30", "05-01", "06-30", "07-01")
    ]
    assert held == [False, True, True, False]
    assert not access.is_secretary(usher, instant("2026-05-02 10:00"), "13")
    assert access.holds(usher, "rapporteur", instant("2026-05-02 10:00"), "B.1")
    assert access.holders("secretary", instant("2026-05-02 10:00")) == ["clerk"]


@pytest.mark.parametrize(
    "role",
    [{"role": "delegate", "scope": "member/GRN"}, {"role": "delegate", "from": "2026-05-02", "to": "2026-05-01"}],
)
def test_a_scope_that_is_none_and_a_term_that_ends_before_it_begins_are_refused(role, founded):
    with pytest.raises(Refused):
        newcomer(by=SECRETARY, roles=[role])


def test_a_released_person_signs_in_no_more_and_the_id_is_never_given_again(founded):
    newcomer()
    do("person.release", FOCAL, "2026-02-23 10:00", "person/grn.new", reason="Left")
    assert not Person.objects.get(pk="grn.new").is_active
    assert refusal("person.release", SECRETARY, "2026-02-23 11:00", "person/grn.new", reason="Left") == "order"
    assert refusal("person.appoint", SECRETARY, "2026-02-23 11:00", id="grn.new", name="X", roles=[]) == "order"
    assert refusal("person.confirm", SECRETARY, "2026-02-23 12:00", "person/grn.new") == "order"


@pytest.mark.parametrize("person", [CHAIR, FOCAL, MEMBER, "fen.alt"])
def test_a_focal_point_releases_nobody_who_holds_an_office_and_nobody_of_another_member(person, founded):
    assert refusal("person.release", FOCAL, "2026-02-23 10:00", f"person/{person}", reason="x") == "roles"


def test_the_last_secretary_is_not_released(founded):
    assert refusal("person.release", SECRETARY, "2026-02-23 10:00", "person/clerk", reason="x") == "roles"


def test_a_newcomer_stands_in_the_charter_as_one_who_waits(founded):
    newcomer()
    found = {person["id"]: person for person in queries.standing(Council.objects.get())["people"]}
    assert found["grn.new"]["awaits_confirmation"] is True and "awaits_confirmation" not in found["grn.head"]


def fingerprint(name):
    return MemberKey.objects.get(vkey=(KEYS / name).read_text().strip()).credential


def enrolled():
    return do("key.enrol", SECRETARY, "2026-02-24 09:00", "person/fen.head", vkey="keys/fen.vkey")


def test_a_key_is_confirmed_when_both_sides_read_the_same_fingerprint(founded):
    enrolled()
    read = fingerprint("fen.vkey")
    key = MemberKey.objects.get(person_id="fen.head")
    do("key.confirm", SECRETARY, "2026-02-24 10:00", "person/fen.head", channel="telephone", fingerprint=read.upper())
    assert not MemberKey.objects.get(pk=key.pk).is_confirmed
    assert (
        refusal("key.confirm", SECRETARY, "2026-02-24 10:01", "person/fen.head", channel="x", fingerprint=read)
        == "order"
    )
    do(
        "key.confirm",
        MEMBER,
        "2026-02-24 10:02",
        "person/fen.head",
        channel="telephone",
        fingerprint=" ".join([read[:32], read[32:]]),
    )
    assert MemberKey.objects.get(pk=key.pk).is_confirmed


def test_another_fingerprint_or_another_member_confirms_no_key(founded):
    enrolled()
    assert (
        refusal("key.confirm", SECRETARY, "2026-02-24 10:00", "person/fen.head", channel="x", fingerprint="0" * 64)
        == "credentials"
    )
    read = fingerprint("fen.vkey")
    for by in (CHAIR, OBSERVER):
        assert (
            refusal("key.confirm", by, "2026-02-24 10:00", "person/fen.head", channel="x", fingerprint=read) == "roles"
        )
    assert (
        refusal("key.confirm", SECRETARY, "2026-02-24 10:00", "person/tor.head", channel="x", fingerprint=read)
        == "order"
    )


def test_a_revoked_key_signs_no_more_from_that_instant(founded):
    old = (KEYS / "grn.old.vkey").read_text().strip()
    assert refusal("key.revoke", MEMBER, "2026-02-24 10:00", "person/grn.head", vkey=old, reason="Lost") == "roles"
    do("key.revoke", CHAIR, "2026-02-24 10:00", "person/grn.head", vkey=old, reason="Lost")
    before, after = (access.signing_keys("grn.head", instant(f"2026-02-24 {hour}:00")) for hour in ("09", "10"))
    assert [key.vkey for key in before] == [old] and after == []
    assert refusal("key.revoke", SECRETARY, "2026-02-24 11:00", "person/grn.head", vkey=old, reason="Lost") == "order"
    assert (
        refusal("key.revoke", SECRETARY, "2026-02-24 11:00", "person/fen.head", vkey=old, reason="Lost")
        == "credentials"
    )
    held = {person["id"]: person for person in queries.standing(Council.objects.get())["people"]}
    assert "key" not in held["grn.head"]


def test_a_grant_is_in_force_on_its_first_and_last_day():
    grant = RoleGrant(from_on=date(2026, 5, 1), to_on=date(2026, 5, 2))
    assert [grant.in_force(date(2026, 5, day)) for day in (1, 2, 3)] == [True, True, False]
