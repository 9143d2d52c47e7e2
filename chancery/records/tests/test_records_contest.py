"""A delegation contests what the secretariat entered for it; the entry stands and the contest beside it."""

from __future__ import annotations

import pytest

from chancery.floor.models import QuestionPut, Result
from chancery.meetings.models import AgendaItem, Meeting
from chancery.records import actions
from chancery.records.models import Contest
from chancery.trail.actor import Actor
from chancery.trail.door import now
from chancery.trail.errors import Refused
from chancery.trail.models import Mention

CHALK = Actor("person/chk.head", "", "member/CHK")


@pytest.fixture
def reopened(quarry):
    """The question whose item is under debate again, so that entries may still be contested."""
    AgendaItem.objects.filter(pk="3/2").update(state="under_debate")
    Meeting.objects.update(state="open")
    return QuestionPut.objects.get(pk="3/4")


def contest(subject, by=CHALK, **values):
    return actions.contest(subject, by=by, at=now(), **values)


def test_the_contest_stands_on_the_question_and_in_its_history_and_the_count_stands(quarry, client):
    held = Contest.objects.get(question="3/4")
    assert (held.was, held.should_be) == ("against", "abstain")
    assert Result.objects.get(pk="3/4").tallies["against"] == 1
    assert Mention.objects.filter(ref="question/3/4", record__act="record.contest").exists()
    page = client.get("/en/results/3/4/", follow=True).content.decode()
    assert "Contested by the delegation" in page and "abstain" in page


def test_what_the_delegation_did_itself_is_not_contested(reopened):
    with pytest.raises(Refused, match="nobody else entered"):
        contest(reopened, place="objection", should_be="no objection")


def test_an_entry_is_quoted_as_it_stands(reopened):
    for values, says in (({"was": "for"}, "the entry says"), ({"should_be": "against"}, "already")):
        with pytest.raises(Refused, match=says):
            contest(reopened, **{"place": "ballot", "should_be": "abstain"} | values)


def test_presence_is_contested_until_the_meeting_is_closed(reopened):
    meeting = Meeting.objects.get()
    contest(meeting, place="presence", should_be="room", was="remote")
    Meeting.objects.update(state="closed")
    with pytest.raises(Refused) as refused:
        contest(Meeting.objects.get(), place="presence", should_be="room")
    assert refused.value.rule == "records.correction_window"


def test_another_members_delegate_contests_only_its_own_entries(reopened):
    slate = Actor("person/sla.head", "", "member/SLA")
    contest(reopened, by=slate, place="ballot", should_be="abstain")
    with pytest.raises(Refused, match="stands on no letter"):
        contest(reopened, by=Actor("person/sla.head", "", "member/CHK"), place="ballot", should_be="abstain")
