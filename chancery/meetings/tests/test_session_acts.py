"""The acts of the house on sessions, delegations, items and meetings: what each does, and whom and what it refuses."""

from __future__ import annotations

import pytest

from chancery.meetings import access, queries
from chancery.meetings.models import AgendaItem, Delegate, Delegation, Invitation, Letter, Meeting, Session
from chancery.trail import door, refs
from chancery.trail.errors import Refused
from tests.acting import actor, do, found_meadow, instant

CHAIR, MEMBER, OBSERVER, SECRETARY, FOCAL = "grn.head", "fen.head", "lark", "clerk", "grn.focal"
S = "session/12"


def refusal(*args, **given):
    with pytest.raises(Refused) as refused:
        do(*args, **given)
    return refused.value.rule


@pytest.fixture
def convened(empty):
    """A session convened under the meadow's rules, with three delegations whose credentials came in."""
    found_meadow()
    do("rules.adopt", SECRETARY, "2026-02-01 09:00", file="rules.toml", from_="2026-02-01")
    do(
        "session.plan", SECRETARY, "2026-02-01 10:00", number="12", kind="regular", title={"en": "T"}, venue={"en": "V"},
        opens="2026-06-08 10:00", closes="2026-06-09 17:00", rooms=[{"code": "A", "name": {"en": "Barn"}}],
    )  # fmt: skip
    do("session.convene", SECRETARY, "2026-04-01 10:00", S, notice={"en": "letters/notice.md"})
    for code in ("GRN", "FEN", "TOR"):
        do("delegation.notify", SECRETARY, "2026-04-20 10:00", S, member=code, head=f"{code.lower()}.head")
        do("credentials.receive", SECRETARY, "2026-05-20 10:00", S, member=code, form="original")


@pytest.fixture
def sitting(convened):
    """Its first meeting, with the agenda adopted and everybody there."""
    items = [{"number": n, "title": {"en": "T"}, "category": "discussion", "sponsors": ["FEN"]} for n in ("1", "2")]
    do("agenda.issue", SECRETARY, "2026-05-25 10:00", S, stage="provisional", items=items)
    do("session.open", CHAIR, "2026-06-08 10:00", S)
    meeting = do("meeting.open", CHAIR, "2026-06-08 10:01", S, number="1")
    do(
        "presence.enter",
        SECRETARY,
        "2026-06-08 10:02",
        str(meeting.ref),
        delegations=dict.fromkeys(("GRN", "FEN", "TOR"), "room"),
    )
    do("agenda.adopt", CHAIR, "2026-06-08 10:03", S)
    return meeting


def test_a_session_is_postponed_to_later_dates_and_stays_convened(convened):
    do(
        "session.postpone",
        SECRETARY,
        "2026-05-01 10:00",
        S,
        reason="Flood",
        opens="2026-07-01 10:00",
        closes="2026-07-02 10:00",
    )
    session = Session.objects.get(pk="12")
    assert (session.state, session.opens_at) == ("convened", instant("2026-07-01 10:00"))
    assert (
        refusal(
            "session.postpone",
            SECRETARY,
            "2026-05-02 10:00",
            S,
            reason="x",
            opens="2026-06-30 10:00",
            closes="2026-07-03 10:00",
        )
        == "order"
    )
    assert refusal("session.postpone", SECRETARY, "2026-05-02 10:00", S, reason="x", opens="2026-07-30 10:00") == "form"


def test_a_session_postponed_until_further_notice_is_convened_anew(convened):
    do("session.postpone", SECRETARY, "2026-05-01 10:00", S, reason="Flood")
    assert refusal("session.open", CHAIR, "2026-06-08 10:00", S) == "order"
    do(
        "session.postpone",
        SECRETARY,
        "2026-05-02 10:00",
        S,
        reason="Dry again",
        opens="2026-07-01 10:00",
        closes="2026-07-02 10:00",
    )
    assert Session.objects.get(pk="12").state == "planned"
    do("session.convene", SECRETARY, "2026-05-03 10:00", S, notice={"en": "letters/notice.md"})


def test_a_cancelled_session_keeps_its_number_and_never_opens(convened):
    do("session.cancel", SECRETARY, "2026-05-01 10:00", S, reason="Peace")
    assert refusal("session.open", CHAIR, "2026-06-08 10:00", S) == "order"
    assert refusal("session.cancel", SECRETARY, "2026-05-02 10:00", S, reason="Peace") == "order"
    following = {
        "number": "12",
        "kind": "regular",
        "title": {"en": "T"},
        "venue": {"en": "V"},
        "opens": "2026-08-01 10:00",
        "closes": "2026-08-02 10:00",
    }
    assert refusal("session.plan", SECRETARY, "2026-05-02 10:00", **following) == "order"
    do("session.plan", SECRETARY, "2026-05-02 10:00", **following | {"number": "13"})


def test_an_open_session_is_neither_postponed_nor_cancelled(sitting):
    assert refusal("session.postpone", SECRETARY, "2026-06-08 11:00", S, reason="x") == "order"
    assert refusal("session.cancel", SECRETARY, "2026-06-08 11:00", S, reason="x") == "order"


def invited(rights=("attend", "reply", "read_papers"), people=("lark",)):
    return do(
        "invitation.send",
        SECRETARY,
        "2026-04-11 10:00",
        S,
        invitee={"en": "Birds"},
        as_="observer",
        rights=[*rights],
        people=[*people],
    )


def rights_at(person, text):
    return access.right_set_of(refs.get(f"person/{person}"), "12", instant(text))


def test_who_accepts_an_invitation_has_its_rights_and_no_others(convened):
    invited()
    assert rights_at("lark", "2026-04-11 12:00") == frozenset()
    assert refusal("invitation.reply", "watcher", "2026-04-12 09:00", "invitation/12/1", answer="accepted") == "roles"
    assert refusal("invitation.reply", MEMBER, "2026-04-12 09:00", "invitation/12/1", answer="accepted") == "roles"
    do("invitation.reply", "lark", "2026-04-12 10:00", "invitation/12/1", answer="accepted")
    assert rights_at("lark", "2026-04-12 10:00") == {"attend", "reply", "read_papers"}
    assert rights_at("watcher", "2026-04-12 10:00") == frozenset()
    assert refusal("invitation.reply", "lark", "2026-04-12 11:00", "invitation/12/1", answer="declined") == "order"


def test_who_declines_has_none_and_members_and_staff_have_their_own(convened):
    invited()
    do("invitation.reply", SECRETARY, "2026-04-12 10:00", "invitation/12/1", answer="declined", people=["watcher"])
    assert Invitation.objects.get().people == ["watcher"] and rights_at("watcher", "2026-05-21 10:00") == frozenset()
    assert "vote" in rights_at(MEMBER, "2026-05-21 10:00") and "vote" not in rights_at(SECRETARY, "2026-05-21 10:00")
    assert rights_at("fen.alt", "2026-05-21 10:00") == frozenset()


@pytest.mark.parametrize(
    ("rights", "rule"), [(("attend", "propose"), "members.observer_classes"), (("reply",), "form")]
)
def test_an_observer_is_given_no_right_beyond_the_rules(rights, rule, convened):
    with pytest.raises(Refused) as refused:
        invited(rights)
    assert refused.value.rule == rule


def test_a_vote_is_in_no_invitation(convened):
    from chancery.trail.errors import BadArguments

    with pytest.raises(BadArguments):
        invited(("attend", "vote"))


def letter(at="2026-04-10 10:00", **given):
    said = {"from": "FEN", "reference": "F/1", "date": "2026-04-08", "file": "letters/letter.md"} | given
    return do("letter.receive", SECRETARY, at, **said)


def test_letters_are_numbered_by_the_year_and_seen_by_the_secretariat(convened):
    assert [letter().key, letter().key] == ["2026/1", "2026/2"]
    assert Letter.objects.first().audience == "secretariat"
    with pytest.raises(Refused):
        letter(date="2026-04-11")
    with pytest.raises(Refused):
        letter(reply_by="2026-04-09 10:00")


def may_vote(person, text):
    return access.speaks_for(actor(person), "12", instant(text), vote=True)


def test_a_substitute_speaks_at_once_and_the_other_no_more(convened):
    do("delegation.substitute", MEMBER, "2026-05-21 10:00", "delegation/12/FEN", out="fen.head", in_="fen.alt")
    assert may_vote("fen.alt", "2026-05-21 10:00") and not may_vote("fen.head", "2026-05-21 10:00")
    assert may_vote("fen.head", "2026-05-21 09:59")


def test_a_substitution_of_a_later_time_waits_for_it(convened):
    do(
        "delegation.substitute",
        SECRETARY,
        "2026-05-21 10:00",
        "delegation/12/FEN",
        out="fen.head",
        in_="fen.alt",
        from_="2026-05-22 10:00",
    )
    assert [bool(may_vote("fen.alt", f"2026-05-{day} 10:00")) for day in ("21", "22")] == [False, True]


@pytest.mark.parametrize(
    ("by", "given", "rule"),
    [
        (MEMBER, {"out": "fen.alt", "in": "fen.head"}, "credentials"),
        (MEMBER, {"out": "fen.head", "in": "tor.head"}, "form"),
        (MEMBER, {"out": "fen.head", "in": "fen.head"}, "form"),
        (MEMBER, {"out": "fen.head", "in": "fen.alt", "from": "2026-05-20 10:00"}, "order"),
        (CHAIR, {"out": "fen.head", "in": "fen.alt"}, "roles"),
        (OBSERVER, {"out": "fen.head", "in": "fen.alt"}, "roles"),
        ("fen.alt", {"out": "fen.head", "in": "fen.alt"}, "roles"),
    ],
)
def test_who_may_not_substitute_or_whom_one_may_not_put_is_refused(by, given, rule, convened):
    assert refusal("delegation.substitute", by, "2026-05-21 10:00", "delegation/12/FEN", **given) == rule


def test_a_focal_point_puts_nobody_in_the_place_of_a_vote(convened):
    do("person.appoint", SECRETARY, "2026-05-21 09:00", id="grn.alt", name="G", member="GRN", roles=["delegate"])
    assert (
        refusal("delegation.substitute", FOCAL, "2026-05-21 10:00", "delegation/12/GRN", out="grn.head", in_="grn.alt")
        == "roles"
    )


def test_a_newcomer_of_a_focal_point_has_no_vote_until_confirmed(convened):
    do("person.appoint", FOCAL, "2026-05-21 09:00", id="grn.new", name="G", member="GRN", roles=["delegate"])
    do("delegation.substitute", SECRETARY, "2026-05-21 10:00", "delegation/12/GRN", out="grn.head", in_="grn.new")
    refused = may_vote("grn.new", "2026-05-21 11:00")
    assert not refused and refused.rule == "roles"
    assert access.speaks_for(actor("grn.new"), "12", instant("2026-05-21 11:00"), vote=False)
    assert (
        refusal(
            "delegation.substitute", "grn.new", "2026-05-21 11:00", "delegation/12/GRN", out="grn.new", in_="grn.head"
        )
        == "roles"
    )
    do("person.confirm", CHAIR, "2026-05-21 12:00", "person/grn.new")
    assert may_vote("grn.new", "2026-05-21 12:00")


def test_who_is_released_speaks_for_nobody(convened):
    do("person.release", SECRETARY, "2026-05-21 10:00", "person/fen.head", reason="Left")
    assert may_vote("fen.head", "2026-05-21 09:59") and not may_vote("fen.head", "2026-05-21 10:00")


def test_a_member_that_left_has_no_voice(convened):
    do("member.leave", SECRETARY, "2026-05-21 10:00", "member/FEN", from_="2026-05-22")
    assert [bool(may_vote("fen.head", f"2026-05-{day} 10:00")) for day in ("21", "22")] == [True, False]


def test_contested_credentials_withhold_the_vote_until_the_ruling(sitting):
    do("credentials.object", MEMBER, "2026-06-08 10:10", S, member="TOR", reason="Two letters")
    session = Session.objects.get(pk="12")
    assert not may_vote("tor.head", "2026-06-08 10:10") and may_vote("tor.head", "2026-06-08 10:09")
    assert queries.electorate(session, sitting, instant("2026-06-08 10:10"))["rights"] == {"TOR": []}
    do("credentials.rule", CHAIR, "2026-06-08 10:20", S, member="TOR", ruling="seat")
    assert may_vote("tor.head", "2026-06-08 10:20")
    assert "rights" not in queries.electorate(session, sitting, instant("2026-06-08 10:20"))
    assert refusal("credentials.object", MEMBER, "2026-06-08 10:30", S, member="TOR", reason="x") == "order"


@pytest.mark.parametrize(
    ("by", "member", "rule"),
    [(MEMBER, "FEN", "form"), (OBSERVER, "FEN", "credentials"), ("fen.alt", "TOR", "credentials")],
)
def test_nobody_objects_to_its_own_credentials_nor_without_a_voice(by, member, rule, convened):
    assert refusal("credentials.object", by, "2026-05-21 10:00", S, member=member, reason="x") == rule


def added(at, by=MEMBER, **given):
    said = {"number": "3", "title": {"en": "Flood"}, "category": "decision", "reason": "Water"} | given
    return do("item.add", by, at, S, **said)


def test_an_item_in_time_is_added_without_a_vote_and_without_a_wait(convened):
    item = added("2026-05-24 10:00")
    assert item.discussed_from is None and item.sponsors == ["FEN"]
    with pytest.raises(Refused):
        added("2026-05-24 11:00")


def test_a_late_item_needs_the_result_of_a_vote(convened):
    for given in ({}, {"authority": "member/FEN"}):
        with pytest.raises(Refused) as refused:
            added("2026-05-26 10:00", **given)
        assert refused.value.rule == "agenda.late_item.majority"


def test_a_late_item_added_by_a_vote_waits_unless_the_wait_was_waived(meadow):
    Session.objects.filter(pk="12").update(state="open")
    late = AgendaItem.objects.get(pk="12/3")
    assert late.discussed_from == instant("2026-06-09 10:30")
    waived = added("2026-06-09 18:00", by=SECRETARY, number="4", authority="result/12/1", waiver="result/12/1")
    assert waived.discussed_from == instant("2026-06-09 18:00")


def test_a_sponsor_withdraws_its_item_and_another_member_does_not(sitting):
    assert refusal("item.withdraw", "tor.head", "2026-06-08 10:10", "item/12/2", reason="x") == "roles"
    do("item.withdraw", MEMBER, "2026-06-08 10:11", "item/12/2", reason="Cut")
    assert refusal("item.take_up", CHAIR, "2026-06-08 10:12", "item/12/2") == "order"
    assert refusal("item.withdraw", MEMBER, "2026-06-08 10:12", "item/12/2", reason="Cut") == "order"


def test_an_item_is_reopened_by_the_chair_and_a_decided_one_only_by_a_vote(sitting):
    do("item.conclude", CHAIR, "2026-06-08 10:10", "item/12/1", outcome="noted")
    assert refusal("item.reopen", MEMBER, "2026-06-08 10:11", "item/12/1", reason="x") == "roles"
    assert do("item.reopen", CHAIR, "2026-06-08 10:12", "item/12/1", reason="x").state == "listed"
    AgendaItem.objects.filter(pk="12/1").update(state="concluded", outcome="decided")
    assert refusal("item.reopen", CHAIR, "2026-06-08 10:13", "item/12/1", reason="x") == "proposals.reconsideration"


def test_an_adjourned_meeting_is_over_and_the_next_one_follows(sitting):
    do("meeting.adjourn", CHAIR, "2026-06-08 11:00", str(sitting.ref), until="2026-06-09 10:00")
    assert refusal("meeting.resume", CHAIR, "2026-06-08 12:00", str(sitting.ref)) == "order"
    assert queries.present(sitting, instant("2026-06-08 11:00")) == []
    do("meeting.open", CHAIR, "2026-06-09 10:00", S, number="2")
    assert refusal("session.close", CHAIR, "2026-06-09 11:00", S) == "order"


def test_a_planned_meeting_is_moved_and_then_opened_under_its_number(convened):
    do("meeting.plan", SECRETARY, "2026-06-01 10:00", S, number="1", room="A", opens="2026-06-08 10:00")
    do(
        "meeting.plan",
        SECRETARY,
        "2026-06-01 11:00",
        S,
        number="1",
        room="A",
        opens="2026-06-08 11:00",
        closes="2026-06-08 13:00",
    )
    do("session.open", CHAIR, "2026-06-08 10:00", S)
    do("meeting.open", CHAIR, "2026-06-08 11:02", S, number="1")
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.room, meeting.opens_at) == ("open", "A", instant("2026-06-08 11:00"))
    assert refusal("meeting.plan", SECRETARY, "2026-06-08 12:00", S, number="1", opens="2026-06-08 14:00") == "order"


@pytest.mark.parametrize("given", [{"room": "Z"}, {"closes": "2026-06-08 09:00"}, {"number": "0"}])
def test_a_meeting_in_no_room_or_of_no_length_is_not_planned(given, convened):
    with pytest.raises(Refused):
        do("meeting.plan", SECRETARY, "2026-06-01 10:00", S, **{"number": "1", "opens": "2026-06-08 10:00"} | given)


def test_a_challenge_counts_the_quorum_at_once(sitting):
    do("presence.leave", SECRETARY, "2026-06-08 10:30", str(sitting.ref), delegations=["GRN", "TOR"])
    do("presence.challenge", MEMBER, "2026-06-08 10:31", str(sitting.ref))
    found = queries.challenges(str(sitting.ref), instant("2026-06-08 10:31"))[0].found
    assert (found["need"], found["present"], found["met"], found["challenges"]) == (2, 1, False, 1)
    assert queries.challenges(str(sitting.ref), instant("2026-06-08 10:30")) == []
    assert refusal("presence.challenge", OBSERVER, "2026-06-08 10:32", str(sitting.ref)) == "credentials"


def test_a_question_with_its_result_is_challenged_no_more(meadow):
    Meeting.objects.filter(pk="12/2").update(state="open")
    assert refusal("presence.challenge", MEMBER, "2026-06-09 18:00", "question/12/1") == "order"


def test_who_serves_one_session_keeps_the_record_of_that_session_only(convened):
    do(
        "person.appoint", SECRETARY, "2026-04-30 10:00", id="usher", name="U",
        roles=[{"role": "secretary", "scope": S, "from": "2026-05-01", "to": "2026-06-30"}],
    )  # fmt: skip
    do("invitation.send", "usher", "2026-05-01 10:00", S, invitee={"en": "Birds"}, as_="guest", rights=["attend"])
    assert refusal("body.merge", "usher", "2026-05-01 10:00", "body/B.2", into="B.1") == "roles"


def test_one_person_stands_on_a_letter_once_at_an_instant(convened):
    do("delegation.substitute", MEMBER, "2026-05-21 10:00", "delegation/12/FEN", out="fen.head", in_="fen.alt")
    do("delegation.substitute", SECRETARY, "2026-05-22 10:00", "delegation/12/FEN", out="fen.alt", in_="fen.head")
    standing = access.delegates("12", "FEN", instant("2026-05-22 10:00"))
    assert [(d.person_id, d.capacity) for d in standing] == [("fen.head", "head")]
    assert Delegate.objects.filter(delegation=Delegation.objects.get(pk="12/FEN")).count() == 3


def may(name, by, voice=""):
    permit = door.acts()[name].may(refs.get(S), actor(by, voice), instant("2026-06-08 12:00"))
    return permit.allowed or permit.because


CREDENTIALS = [("credentials.receive", SECRETARY), ("credentials.rule", SECRETARY), ("credentials.object", MEMBER)]


@pytest.mark.parametrize(("name", "by"), CREDENTIALS)
def test_credentials_are_handled_between_convening_and_close_and_the_permit_says_so(name, by, convened):
    assert may(name, by) is True
    for state in ("planned", "closed", "cancelled"):
        Session.objects.update(state=state)
        assert f"session/12 is {state}; this needs it convened or open" in str(may(name, by))
    Session.objects.update(state="postponed")
    assert (may(name, by) is True) == (name == "credentials.receive")
