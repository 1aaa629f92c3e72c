from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from index.articles import Filters
from index.errors import BadSpan, RemovedArticle, UnknownArticle, UnknownConversation
from service.application.feedback import MAX_NOTE_CHARS, Location
from service.conversing.turn import Question
from service.errors import BadField
from service.newsquote import Newsquote
from service.schemas.feedback import ComplaintBody
from tests.conftest import ECLIPSE, TROOPS

ASKED = Question("How many troops were sent?", 2, Filters(publishers=("The Daily",)), date(2024, 12, 17))


def complain(newsquote: Newsquote, question: Question = ASKED, note: str = "") -> str:
    """Ask, say that the answer is wrong, and return its conversation's id."""
    place = newsquote.ask(question).place
    assert place is not None
    newsquote.feedback.add_on_turn(place.turn_id, note)
    return place.conversation_id


def exported(newsquote: Newsquote) -> list[dict[str, Any]]:
    return [json.loads(ComplaintBody.of(one).model_dump_json()) for one in newsquote.feedback.every()]


def test_export_has_all_that_a_benchmark_needs(newsquote: Newsquote) -> None:
    complain(newsquote, note=" It was\r\ntwelve thousand. ")
    (line,) = exported(newsquote)
    assert line.pop("said_at").endswith("Z")
    assert 0 < line.pop("confidence") < 1
    second = line["quotes"].pop(1)
    assert (second["rank"], second["article_id"]) == (2, TROOPS.id)
    place = {"article_id": TROOPS.id, "url": TROOPS.url, "sha256": TROOPS.sha256}
    assert line == {
        "number": 1,
        "label": "wrong",
        "note": "It was\ntwelve thousand.",
        "question": ASKED.text,
        "resolved_question": ASKED.text,
        "as_of": "2024-12-17",
        "filters": {
            "published_from": None,
            "published_to": None,
            "publisher": ["The Daily"],
            "article_id": [],
            "collection": [],
        },
        "outcome": "answered",
        "reason": None,
        "kind": "span",
        "answers": [place | {"start": 17, "end": 23, "text": "10,000"}],
        "quotes": [
            place | {"start": 0, "end": 47, "rank": 1, "state": "current", "answer": {"start": 17, "end": 23}},
        ],
    }


def test_exported_question_can_be_asked_again(newsquote: Newsquote) -> None:
    complain(newsquote)
    (line,) = exported(newsquote)
    filters = Filters(publishers=tuple(line["filters"]["publisher"]))
    again = newsquote.answer(Question(line["question"], 2, filters, date.fromisoformat(line["as_of"])))
    found = [(quote.span.article.id, quote.span.start, quote.span.end) for quote in again.answer.quotes]
    assert found == [(quote["article_id"], quote["start"], quote["end"]) for quote in line["quotes"]]


def test_question_without_a_day_was_asked_on_the_day_of_its_turn(newsquote: Newsquote) -> None:
    complain(newsquote, replace(ASKED, as_of=None))
    (line,) = exported(newsquote)
    assert line["as_of"] == line["said_at"][:10]


def test_follow_up_is_exported_as_asked_and_as_it_was_read(newsquote: Newsquote) -> None:
    conversation = complain(newsquote)
    who = newsquote.ask(Question("Who said so?"), conversation)
    assert who.place is not None
    newsquote.feedback.add_on_turn(who.place.turn_id)
    line = exported(newsquote)[1]
    assert (line["question"], line["resolved_question"]) == ("Who said so?", "Who said so: “10,000”?")
    newsquote.remove(TROOPS.id)
    assert exported(newsquote)[1]["resolved_question"] == "Who said so: “[removed]”?"


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Who won the 1998 World Cup?", "not_in_articles"),
        ("Which two scientists opened a school?", "uncertain"),
    ],
)
def test_what_was_not_answered_has_its_outcome_and_nearest_quotes(
    newsquote: Newsquote, question: str, outcome: str
) -> None:
    complain(newsquote, Question(question))
    (line,) = exported(newsquote)
    assert (line["outcome"], line["answers"], len(line["quotes"])) == (outcome, [], 5)


def test_removed_article_leaves_no_word_in_the_export(newsquote: Newsquote) -> None:
    complain(newsquote)
    newsquote.remove(TROOPS.id)
    (line,) = exported(newsquote)
    assert line["answers"] == []
    first, *_ = line["quotes"]
    assert (first["state"], first["start"], first["answer"]) == ("removed", 0, None)
    assert "10,000" not in json.dumps(line)


def test_superseded_article_is_still_cited(newsquote: Newsquote) -> None:
    complain(newsquote)
    list(newsquote.add([replace(TROOPS, text="North Korea sent 11,000 troops.")]))
    (line,) = exported(newsquote)
    assert (line["answers"][0]["text"], line["quotes"][0]["state"]) == ("10,000", "superseded")


def test_answer_that_was_not_kept_is_named_by_question_and_place(newsquote: Newsquote) -> None:
    newsquote.feedback.add("How long did it last?", Location(ECLIPSE.id, 45, 49), "Longer.")
    newsquote.feedback.add("Who won?", None)
    first, second = exported(newsquote)
    assert (first["outcome"], first["answers"][0]["text"], first["note"]) == ("answered", "four", "Longer.")
    assert (second["outcome"], second["answers"], second["quotes"]) == ("not_in_articles", [], [])


def test_complaint_goes_with_its_conversation(newsquote: Newsquote) -> None:
    newsquote.forget(complain(newsquote))
    assert exported(newsquote) == []


def test_cleared_complaints_are_gone_and_later_ones_stay(newsquote: Newsquote) -> None:
    complain(newsquote)
    last = exported(newsquote)[-1]["number"]
    complain(newsquote, note="later")
    assert newsquote.feedback.clear(last) == 1
    assert [line["note"] for line in exported(newsquote)] == ["later"]


@pytest.mark.parametrize("note", ["a" * (MAX_NOTE_CHARS + 1), " " * (MAX_NOTE_CHARS + 1), "a\0b", "\ud800"])
def test_note_that_is_too_long_or_not_text_is_refused(newsquote: Newsquote, note: str) -> None:
    with pytest.raises(BadField, match=r"^note: "):
        complain(newsquote, note=note)
    with pytest.raises(BadField, match=r"^note: "):
        newsquote.feedback.add("Who won?", None, note)
    assert exported(newsquote) == []


@pytest.mark.parametrize(
    ("place", "error"),
    [
        (Location("0" * 16, 0, 5), UnknownArticle),
        (Location(ECLIPSE.id, 5, 5), BadSpan),
        (Location(ECLIPSE.id, 0, 10_000), BadSpan),
    ],
)
def test_place_that_is_none_is_refused(newsquote: Newsquote, place: Location, error: type[Exception]) -> None:
    with pytest.raises(error):
        newsquote.feedback.add("Who won?", place)


def test_question_over_the_limit_and_gone_answers_are_refused(newsquote: Newsquote) -> None:
    with pytest.raises(BadField, match=r"^question: too long: 501 characters"):
        newsquote.feedback.add("a" * 501, None)
    newsquote.remove(ECLIPSE.id)
    with pytest.raises(RemovedArticle):
        newsquote.feedback.add("How long?", Location(ECLIPSE.id, 0, 3))
    with pytest.raises(UnknownConversation):
        newsquote.feedback.add_on_turn("a" * 22)
