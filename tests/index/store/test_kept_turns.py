from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from index.store.migrations.kept_turns import Past, Source, converted

TEXT = "Some 12,000 divers searched off Malta. Ann Author led the northern fleet, the navy said."
ARTICLES = {"here": Source(TEXT, "Divers of the northern fleet"), "gone": Source("", "")}


def quote(article: str, words: str, answer: str, **more: object) -> dict[str, Any]:
    start = TEXT.index(words)
    begin = TEXT.index(answer)
    return {
        "rank": 1,
        "text": words,
        "start": start,
        "end": start + len(words),
        "answer": {"start": begin, "end": begin + len(answer), "text": answer},
        "attribution": None,
        "support": 2,
        "highlights": [],
        "before": TEXT[:start],
        "after": "",
        "article": {"id": article, "sha256": "0" * 64},
        "copies": [{"start": 3, "end": 9, "article": {"id": "copy"}}],
    } | more


def document(question: str, resolved: str = "", carried: Sequence[tuple[str, int]] = (), **more: object) -> str:
    return json.dumps(
        {
            "question": question,
            "resolved_question": resolved or question,
            "carried": [{"text": text, "from_turn": turn} for text, turn in carried],
            "answerable": False,
            "confidence": 0.5,
            "reason": "no_evidence",
            "answer": None,
            "quotes": [],
            "took_ms": 1,
        }
        | more
    )


def answered(question: str, article: str, words: str, answer: str) -> str:
    shown = quote(article, words, answer)
    return document(question, answerable=True, reason=None, answer=shown["answer"] | {"quote": 0}, quotes=[shown])


def conversation(*documents: str) -> list[dict[str, Any]]:
    past: list[Past] = []
    kept = []
    for number, one in enumerate(documents, start=1):
        made, turn = converted(one, number, past, lambda article: ARTICLES.get(article, Source("", "")))
        past.append(turn)
        kept.append(json.loads(made))
    return kept


FIRST = answered("How many searched?", "here", "Some 12,000 divers searched off Malta.", "12,000 divers")


def reference(words: str, name: str = "text", article: str = "here") -> dict[str, object]:
    start = getattr(ARTICLES[article], name).index(words)
    return {"article": article, "in": name, "start": start, "end": start + len(words)}


def test_older_rows_lack_confidence_and_have_copies() -> None:
    (kept,) = conversation(FIRST)
    assert kept["quotes"][0]["confidence"] == kept["quotes"][0]["score"] == 0.0
    assert kept["quotes"][0]["copies"] == [["copy", 3, 9]]
    assert kept["parts"] == [{"rank": 1, "start": 5, "end": 18, "normalized": None}]


def test_name_of_an_article_is_cut_out_with_what_is_around_it() -> None:
    *_, kept = conversation(
        FIRST, document("When did they leave?", "When did 12,000 divers leave?", [("12,000 divers", 1)])
    )
    assert kept["resolved"] == ["When did ", reference("12,000 divers"), " leave?"]
    assert kept["carried"] == [{"from": 1, "words": reference("12,000 divers")}]


def test_possessive_and_capital_of_a_name_are_ours() -> None:
    *_, kept = conversation(FIRST, document("Their ship?", "The northern fleet's ship?", [("the northern fleet", 1)]))
    assert kept["resolved"] == [reference("the northern fleet"), "'s ship?"]


def test_name_that_stands_in_a_title_alone_refers_to_it() -> None:
    *_, kept = conversation(FIRST, document("Where?", "Where, Divers of the", [("Divers of the", 1)]))
    assert kept["carried"][0]["words"] == reference("Divers of the", "title")


def test_part_of_a_longer_number_is_not_it() -> None:
    *_, kept = conversation(FIRST, document("Who?", "Who, 2,000?", [("2,000", 1)]))
    assert kept["carried"][0]["words"] == {"article": None}


def test_question_taken_over_keeps_what_its_own_words_refer_to() -> None:
    second = document("When did they leave?", "When did 12,000 divers leave?", [("12,000 divers", 1)])
    third = document("Why?", "Why did 12,000 divers leave?", [("When did 12,000 divers leave", 2)])
    *_, kept = conversation(FIRST, second, third)
    assert kept["resolved"] == ["Why did ", reference("12,000 divers"), " leave?"]
    assert kept["carried"] == [{"from": 2, "words": {"article": None}}]  # one segment cannot be all three


def test_question_taken_over_whole_is_the_users_where_all_its_words_are() -> None:
    first = document("Who sent the fleet to Malta?")
    second = document("And when?", "When sent the fleet to Malta?", [("Who sent the fleet to Malta", 1)])
    third = document("In spring?", "When sent the fleet to Malta in spring?", [("When sent the fleet to Malta", 2)])
    *_, kept = conversation(first, second, third)
    assert kept["resolved"] == ["When sent the fleet to Malta in spring?"]
    assert kept["carried"] == [{"from": 2, "words": "When sent the fleet to Malta"}]


def test_words_of_an_article_that_is_gone_are_gone() -> None:
    first = answered("How many searched?", "gone", "Some 12,000 divers searched off Malta.", "12,000 divers")
    second = document(
        "When did they leave?",
        "When did 12,000 divers leave?",
        [("12,000 divers", 1)],
        without=["Ann Author", "searched"],
    )
    third = document("Why did they?", "Why did 12,000 divers, northern fleet?", [("northern fleet", 2)])
    *_, kept, last = conversation(first, second, third)
    assert kept["resolved"] == ["When did ", {"article": None}, " leave?"]
    assert kept["without"] == ["searched"]
    assert last["resolved"] == ["Why did ", {"article": None}, ", ", {"article": None}, "?"]


def test_surrogate_that_stands_for_nothing_is_kept_as_it_was() -> None:
    (kept,) = conversation(document("Who \ud800?"))
    assert kept["question"] == "Who \ud800?"


@pytest.mark.parametrize("change", [{"took_ms": "long"}, {"confidence": None}, {"quotes": 5}, {"answerable": True}])
def test_field_that_is_no_such_thing_makes_the_turn_unreadable(change: dict[str, Any]) -> None:
    (kept,) = conversation(document("Who?", **change))
    assert (kept["question"], kept["reason"]) == ("Who?", "unreadable")
