"""The acts of the house on council, members and bodies: what each does, and whom and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.council import access, charter, queries, symbols
from chancery.council.models import Body, Council, Member, RightsInterval, RuleAdoption, Series
from chancery.trail import door, refs
from chancery.trail.errors import Refused
from chancery.trail.models import Record
from tests.acting import do, found_meadow, instant

CHAIR, MEMBER, OBSERVER, SECRETARY = "grn.head", "fen.head", "lark", "clerk"
UNPAID = "dues unpaid for two years"


@pytest.fixture
def founded(empty):
    found_meadow()


def refusal(*args, **given):
    with pytest.raises(Refused) as refused:
        do(*args, **given)
    return refused.value.rule


def test_an_amendment_changes_what_the_charter_says_and_leaves_the_founding_as_it_was(founded):
    before = Council.objects.get().charter
    do(
        "council.amend",
        SECRETARY,
        "2026-02-03 10:00",
        "council",
        field="seat",
        value={"en": "Hill"},
        from_="2026-02-01",
    )
    council = Council.objects.get()
    assert council.charter == before
    assert queries.standing(council)["council"]["seat"] == {"en": "Hill"}


@pytest.mark.parametrize("field", ["origin", "code", "rehearsal", "founded_at"])
def test_origin_code_and_what_is_no_field_of_the_charter_never_change(field, founded):
    assert (
        refusal(
            "council.amend",
            SECRETARY,
            "2026-02-03 10:00",
            "council",
            field=field,
            value={"en": "x"},
            from_="2026-02-01",
        )
        == "form"
    )


@pytest.mark.parametrize(
    ("field", "value", "becomes"),
    [
        ("languages", {"working": "en fr"}, {"official": ["en"], "authentic": ["en"], "working": ["en", "fr"]}),
        ("zone", {"zone": "Europe/Paris"}, "Europe/Paris"),
        ("rates", {"bank": "ecb", "show": "USD EUR"}, {"bank": "ecb", "show": ["USD", "EUR"]}),
    ],
)
def test_languages_zone_and_rates_are_amended_too(field, value, becomes, founded):
    do("council.amend", SECRETARY, "2026-02-03 10:00", "council", field=field, value=value, from_="2026-02-01")
    assert getattr(Council.objects.get(), field) == becomes


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", {"zone": "Moon/Sea"}),
        ("languages", {"working": "English!"}),
        ("languages", {"spoken": "en"}),
        ("name", {"en": ""}),
    ],
)
def test_an_amendment_that_the_charter_could_not_say_is_refused(field, value, founded):
    from chancery.trail.errors import BadArguments

    with pytest.raises((Refused, BadArguments)):
        do("council.amend", SECRETARY, "2026-02-03 10:00", "council", field=field, value=value, from_="2026-02-01")


def test_an_amendment_of_a_later_day_waits_for_that_day(founded):
    assert (
        refusal(
            "council.amend",
            SECRETARY,
            "2026-02-03 10:00",
            "council",
            field="seat",
            value={"en": "Hill"},
            from_="2026-02-04",
        )
        == "order"
    )


def join(seat="4", code="HAY", at="2026-02-03 10:00", from_="2026-02-10", by=SECRETARY):
    return do("member.join", by, at, code=code, name={"en": "Haywold"}, from_=from_, seat=seat)


def test_a_member_joins_and_leaves_from_a_day(founded):
    hay = join()
    assert not hay.is_member(date(2026, 2, 9)) and hay.is_member(date(2026, 2, 10))
    do("member.leave", SECRETARY, "2026-02-20 10:00", "member/HAY", from_="2026-05-01")
    hay.refresh_from_db()
    assert hay.is_member(date(2026, 4, 30)) and not hay.is_member(date(2026, 5, 1))
    assert refusal("member.leave", SECRETARY, "2026-02-21 10:00", "member/HAY", from_="2026-06-01") == "order"


@pytest.mark.parametrize(
    ("seat", "code"), [("3", "HAY"), ("0", "HAY"), ("4", "GRN"), ("4", "hay"), ("4", "TOOLONGCODE")]
)
def test_a_seat_or_code_that_is_taken_or_none_is_refused(seat, code, founded):
    with pytest.raises(Refused):
        join(seat, code)


def test_a_member_does_not_leave_before_it_joined_nor_before_today(founded):
    join()
    assert refusal("member.leave", SECRETARY, "2026-02-04 10:00", "member/HAY", from_="2026-02-10") == "order"
    assert refusal("member.leave", SECRETARY, "2026-02-04 10:00", "member/FEN", from_="2026-02-03") == "order"


def test_a_right_is_suspended_from_a_day_and_restored_from_another(founded):
    do("rights.suspend", SECRETARY, "2026-02-03 10:00", "member/FEN", from_="2026-03-01", reason=UNPAID)
    assert (
        refusal("rights.suspend", SECRETARY, "2026-02-04 10:00", "member/FEN", from_="2026-03-05", reason=UNPAID)
        == "order"
    )
    assert (
        refusal("rights.restore", SECRETARY, "2026-02-05 10:00", "member/FEN", from_="2026-03-01", reason="Paid")
        == "order"
    )
    do("rights.restore", SECRETARY, "2026-02-05 10:00", "member/FEN", from_="2026-04-01", reason="Paid")
    span = RightsInterval.objects.get()
    assert (span.from_on, span.to_on) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (
        refusal("rights.restore", SECRETARY, "2026-02-06 10:00", "member/FEN", from_="2026-05-01", reason="Paid")
        == "order"
    )
    do("rights.suspend", SECRETARY, "2026-02-07 10:00", "member/FEN", from_="2026-04-01", reason=UNPAID)


def test_a_suspension_is_never_retroactive(founded):
    assert (
        refusal("rights.suspend", SECRETARY, "2026-02-03 10:00", "member/FEN", from_="2026-02-02", reason=UNPAID)
        == "order"
    )


def adopt(by=SECRETARY, at="2026-02-25 10:00", from_="2026-02-26"):
    return do("rules.adopt", by, at, file="rules.toml", from_=from_)


def plan(at, number):
    return do(
        "session.plan", SECRETARY, at, number=number, kind="regular", title={"en": "T"}, venue={"en": "V"},
        opens="2026-06-01 10:00", closes="2026-06-02 10:00",
    )  # fmt: skip


def test_a_session_planned_from_the_day_of_new_rules_pins_them_and_an_earlier_one_keeps_its_own(founded):
    before = plan("2026-02-25 09:00", "11")
    adopt()
    eve, after = plan("2026-02-25 11:00", "12"), plan("2026-02-26 00:00", "13")
    assert before.ruleset_id == eve.ruleset_id != after.ruleset_id
    assert after.ruleset_id == RuleAdoption.objects.get().ruleset_id
    assert refs.get("session/11").ruleset_id == before.ruleset_id


def test_rules_are_never_retroactive_and_no_older_ones_follow_newer_ones(founded):
    assert refusal("rules.adopt", SECRETARY, "2026-02-25 10:00", file="rules.toml", from_="2026-02-24") == "order"
    adopt()
    assert refusal("rules.adopt", SECRETARY, "2026-02-25 11:00", file="rules.toml", from_="2026-02-26") == "order"
    assert refusal("rules.adopt", SECRETARY, "2026-02-28 11:00", file="rules.toml", from_="2026-03-01") == "order"


def test_a_file_that_holds_no_rules_is_refused(founded):
    assert refusal("rules.adopt", SECRETARY, "2026-02-25 10:00", file="session.toml", from_="2026-02-26") == "form"


def test_adopted_rules_name_the_reasons_for_which_a_right_is_suspended(founded):
    adopt()
    assert (
        refusal("rights.suspend", SECRETARY, "2026-03-01 10:00", "member/FEN", from_="2026-03-01", reason="a quarrel")
        == "members.voting_rights_suspended"
    )


def test_a_renewed_body_outlives_its_first_sunset_and_not_the_second(founded):
    do("body.renew", SECRETARY, "2026-02-25 10:00", "body/B.1", sunset="2027-12-31")
    door.settle(instant("2027-01-02 10:00"))
    assert Body.objects.get(pk="B.1").dissolved_at is None
    door.settle(instant("2028-01-01 10:00"))
    assert Body.objects.get(pk="B.1").dissolved_at == instant("2027-12-31 23:59:59")


def test_a_mandate_is_renewed_for_longer_and_within_the_longest_life(founded):
    adopt()
    assert refusal("body.renew", SECRETARY, "2026-03-01 10:00", "body/B.1", sunset="2026-12-31") == "order"
    assert refusal("body.renew", SECRETARY, "2026-03-01 10:00", "body/B.1", sunset="2036-12-31") == "bodies.max_life"
    assert refusal("body.renew", SECRETARY, "2026-03-01 10:00", "body/B.2", sunset="2036-12-31") == "order"


def test_a_merged_body_is_dissolved_into_the_other_which_takes_the_new_mandate(founded):
    do("body.merge", SECRETARY, "2026-02-25 10:00", "body/B.2", into="B.1", mandate="texts/wells-and-hedges.md")
    gone, stays = Body.objects.get(pk="B.2"), Body.objects.get(pk="B.1")
    assert gone.merged_into == stays and gone.dissolved_at and stays.dissolved_at is None
    assert stays.mandate["name"] == "wells-and-hedges.md"
    assert refusal("body.merge", SECRETARY, "2026-02-25 11:00", "body/B.1", into="B.2") == "order"
    assert refusal("body.merge", SECRETARY, "2026-02-25 11:00", "body/B.1", into="B.1") == "form"


def test_a_series_is_added_and_its_symbols_are_those_of_no_other(founded):
    made = do(
        "series.add", SECRETARY, "2026-02-25 10:00", code="NOTE", pattern="MU/{session}/NOTE/{counter}", for_="paper"
    )
    assert symbols.take(made, session="12") == "MU/12/NOTE/1"
    for code, pattern in [
        ("NOTE", "MU/N/{counter}"),
        ("LOW", "MU/{session}/{body}/{counter}"),
        ("NIL", "MU/NIL"),
        ("BAD", "MU/{nothing}/{counter}"),
    ]:
        with pytest.raises(Refused):
            do("series.add", SECRETARY, "2026-02-25 11:00", code=code, pattern=pattern, for_="paper")
    assert Series.objects.count() == 3


LITERAL = st.text("ABC", min_size=1, max_size=3)


@given(LITERAL, LITERAL)
def test_patterns_clash_exactly_where_their_literals_are_the_same(left, right):
    made = [f"{word}/{{session}}/{{counter}}" for word in (left, right)]
    assert symbols.may_clash(*made) == (left == right) == symbols.may_clash(*reversed(made))


def chairs_at(text):
    return access.chairmanship("council", instant(text)).member_id


def test_the_chair_is_ceded_for_a_time_and_taken_back(founded):
    do("chair.cede", CHAIR, "2026-02-26 10:00", "council", member="FEN", reason="Own interest")
    do("chair.cede", MEMBER, "2026-02-26 12:00", "council", member="GRN", reason="Done")
    assert [chairs_at(f"2026-02-26 {hour}:00") for hour in ("09", "10", "11", "12")] == ["GRN", "FEN", "FEN", "GRN"]


def test_only_who_presides_or_the_secretariat_cedes_the_chair(founded):
    assert refusal("chair.cede", MEMBER, "2026-02-26 10:00", "council", member="FEN", reason="I want it") == "roles"
    assert refusal("chair.cede", CHAIR, "2026-02-26 10:00", "council", member="GRN", reason="Mine") == "order"
    assert (
        refusal("chair.cede", CHAIR, "2026-02-26 10:00", "council", member="FEN", person="tor.head", reason="x")
        == "form"
    )


def test_a_ceded_chair_is_no_term_in_the_charter_as_it_stands(founded):
    do("chair.cede", CHAIR, "2026-02-26 10:00", "council", member="FEN", reason="Own interest")
    assert [term["member"] for term in queries.standing(Council.objects.get())["chairs"]] == ["GRN"]


def test_the_operator_enters_for_eight_hours_at_most_and_the_clock_ends_it(founded):
    assert refusal("operator.enter", "operator", "2026-02-25 10:00", reason="Disk", until="2026-02-25 18:01") == "roles"
    opened = do("operator.enter", "operator", "2026-02-25 10:00", reason="Disk", until="2026-02-25 18:00")
    assert access.operator_access_at(instant("2026-02-25 17:59")) == opened
    assert access.operator_access_at(instant("2026-02-25 18:00")) is None
    assert refusal("operator.enter", "operator", "2026-02-25 11:00", reason="Disk", until="2026-02-25 12:00") == "order"
    door.settle(instant("2026-02-26 10:00"))
    ended = Record.objects.get(act="operator.leave")
    assert (ended.by, ended.at) == ("clock", instant("2026-02-25 18:00"))
    assert {record.audience for record in Record.objects.filter(act__startswith="operator.")} == {"secretariat"}


def test_an_access_that_the_operator_left_is_not_ended_again_by_the_clock(founded):
    do("operator.enter", "operator", "2026-02-25 10:00", reason="Disk", until="2026-02-25 18:00")
    do("operator.leave", SECRETARY, "2026-02-25 11:00", "operator/1")
    assert door.settle(instant("2026-02-26 10:00")) == []
    assert access.operator_access_at(instant("2026-02-25 12:00")) is None


@pytest.mark.parametrize("by", [CHAIR, MEMBER, OBSERVER])
def test_who_is_not_the_secretariat_changes_nothing_of_the_council(by, founded):
    for act, to, given_ in [
        ("council.amend", "council", {"field": "seat", "value": {"en": "Hill"}, "from": "2026-02-01"}),
        ("member.join", None, {"code": "HAY", "name": {"en": "H"}, "from": "2026-02-10", "seat": "4"}),
        ("member.leave", "member/TOR", {"from": "2026-05-01"}),
        ("rights.suspend", "member/TOR", {"from": "2026-05-01", "reason": UNPAID}),
        ("rules.adopt", None, {"file": "rules.toml", "from": "2026-05-01"}),
        ("body.renew", "body/B.1", {"sunset": "2027-05-01"}),
        ("body.merge", "body/B.1", {"into": "B.2"}),
        ("series.add", None, {"code": "N", "pattern": "N/{counter}", "for": "paper"}),
        ("operator.enter", None, {"reason": "x", "until": "2026-02-03 11:00"}),
    ]:
        assert refusal(act, by, "2026-02-03 10:00", to, **given_) == "roles", act
    assert Member.objects.count() == 3


def test_the_charter_reads_what_stands_after_all_of_it(meadow):
    value = queries.standing(Council.objects.get())
    assert charter.read(charter.write(value)).council.seat == {"en": "Longfield Green"}
    assert value["council"]["rules"].endswith("/rules.toml")
