from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from index.retriever import Query
from service.bodies import AnswerBody
from service.conversation import document
from service.origin import Origin
from service.wiring import Parts
from tests.conftest import PRIZE, TROOPS

TODAY = date(2024, 12, 17)
QUESTIONS = ("How many troops were sent?", "Who won the 1998 World Cup?", "How long did the eclipse last?")


@pytest.fixture
def answer_ids(parts: Parts) -> Sequence[str]:
    """One conversation of the visitor ``me``: an answer, an abstention, an answer."""
    conversation = parts.conversations.begin("me")
    bodies = [AnswerBody.of(parts.answerer.answer(Query(question, TODAY), 1), 0) for question in QUESTIONS]
    assert [body.answerable for body in bodies] == [True, False, True]
    return [parts.conversations.add(conversation, document(body)).id for body in bodies]


def questions(origin: Origin) -> list[str]:
    return [answer.question for answer in origin.answers]


def test_visitor_sees_all_answers_of_the_conversation(parts: Parts, answer_ids: Sequence[str]) -> None:
    origin = Origin.find(parts.conversations, answer_ids[2], "me")
    assert questions(origin) == [QUESTIONS[0], QUESTIONS[2]]  # not what came nearest to another question
    assert origin.back is not None
    assert (origin.back.answer_id, origin.back.turn) == (answer_ids[2], 3)
    assert origin.places(TROOPS.id) == [(0, 47)]
    assert origin.places("0" * 16) == []


def test_what_came_nearest_is_seen_by_who_comes_from_there(parts: Parts, answer_ids: Sequence[str]) -> None:
    origin = Origin.find(parts.conversations, answer_ids[1], "me")
    assert questions(origin) == list(QUESTIONS)


@pytest.mark.parametrize("visitor", ["", "another"])
def test_others_see_the_one_answer_and_no_way_to_its_conversation(
    parts: Parts, answer_ids: Sequence[str], visitor: str
) -> None:
    origin = Origin.find(parts.conversations, answer_ids[0], visitor)
    assert questions(origin) == [QUESTIONS[0]]
    assert (origin.back, origin.answers[0].conversation_id) == (None, None)


def test_answer_that_is_none_any_more_leads_nowhere(parts: Parts, answer_ids: Sequence[str]) -> None:
    parts.conversations.delete_all("me")
    assert Origin.find(parts.conversations, answer_ids[0], "me") == Origin()
    assert Origin().places(PRIZE.id) == []
