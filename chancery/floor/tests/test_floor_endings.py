"""How a question ends without a result: withdrawn, postponed, referred and answered; a poll ends nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chancery.floor import actions
from chancery.floor.models import Poll, QuestionPut, Referral, Result
from chancery.meetings.models import AgendaItem
from chancery.trail import phrases
from chancery.trail.actor import Actor
from chancery.trail.errors import Refused
from chancery.trail.models import Record

LATER = datetime(2030, 1, 1, tzinfo=UTC)
CHAIR = Actor("person/gra.head", "chair", "member/GRA")


def test_a_withdrawn_a_postponed_and_a_referred_question_have_no_result_and_keep_their_numbers(quarry):
    ended = dict(QuestionPut.objects.exclude(state="closed").values_list("key", "state"))
    assert ended == {"3/1": "postponed", "3/2": "referred", "3/3": "withdrawn"}
    assert not Result.objects.filter(question__in=ended).exists()


def test_what_was_answered_by_its_body_waits_for_no_second_answer(quarry):
    referral = Referral.objects.get(subject="question/3/2")
    assert (referral.answer, referral.late) == ("paper/QB/3/4", False)
    with pytest.raises(Refused, match="waits for no answer"):
        actions.answer(
            QuestionPut.objects.get(pk="3/2"), paper="paper/QB/3/4", by=Actor("person/dust.rapporteur"), at=LATER
        )


def test_a_poll_decides_nothing_and_its_sentence_says_so(quarry):
    poll = Poll.objects.get()
    assert poll.values == {"support": 2, "unconvinced": 1}
    assert "decides nothing" in phrases.sentence(Record.objects.get(act="poll.record"))
    assert AgendaItem.objects.get(pk=poll.item_id).outcome == ""


@pytest.mark.parametrize("values", [{}, {"support": -1}])
def test_a_poll_without_answers_or_below_nought_is_refused(values, quarry):
    item = AgendaItem.objects.get(pk="3/3")
    with pytest.raises(Refused) as refused:
        actions.poll(item, question={"en": "Who is for it"}, values=values, by=CHAIR, at=LATER)
    assert refused.value.rule == "form"


def test_a_question_that_is_not_before_the_council_is_neither_postponed_nor_withdrawn(quarry):
    closed = QuestionPut.objects.get(pk="3/4")
    for end in (actions.postpone, actions.withdraw):
        with pytest.raises(Refused) as refused:
            end(closed, by=CHAIR, at=LATER)
        assert refused.value.rule == "order"
