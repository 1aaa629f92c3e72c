from __future__ import annotations

from dataclasses import replace

import pytest

from index import sentences
from index.articles import Article, Hit, Passage, Span
from index.errors import ModelError, SettingsError
from service.calibration import Calibration, CurvePoint, Weights, sigmoid
from service.judge import Judge, answer_key, features
from service.reader import Reading

RELEVANCE = Calibration(Weights(0, {"relevance": 1}), Weights(0, {"relevance": 2}), Weights(-1, {"relevance": 1}), ())


def reading(text: str, answer: str, relevance: float = 0.0, ordinal: int = 0, score: float = 1.0) -> Reading:
    article = Article(text)
    found = sentences.split(article)
    start = text.index(answer)
    sentence = next(s for s in found if s.span.start <= start < s.span.end)
    hit = Hit(Passage(found[ordinal], tuple(found)), score, 1, similarity=0.5, recency=0.25)
    return Reading(hit, sentence, Span(article, start, start + len(answer)), relevance, margin=1.5)


def test_best_comes_first_and_each_sentence_once() -> None:
    text = "At least 30 men were lost. It rained."
    given = [reading(text, "30", 1.0), reading("About 40 men were lost.", "40", 2.0), reading(text, "30 men", 0.5)]
    judged = Judge(RELEVANCE).judge("How many?", given)
    assert [one.answer.text for one in judged] == ["About 40", "At least 30"]
    assert judged[0].worth == pytest.approx(sigmoid(2.0))
    assert judged[0].answerable == pytest.approx(sigmoid(4.0))
    assert judged[0].confidence == pytest.approx(sigmoid(1.0))


def test_support_counts_other_articles_that_likely_say_the_same() -> None:
    given = [
        reading("They sent 10,000 men.", "10,000", 3.0),
        reading("It was 10,000, one heard.", "10,000", 1.0),
        reading("It was 10000 in all.", "10000", 1.0),
        reading("In 10,000 years, who knows?", "10,000", -3.0),
        reading("Others say 12,000.", "12,000", 2.0),
    ]
    judged = Judge(RELEVANCE).judge("How many men were sent?", given)
    assert {one.answer.text: one.support for one in judged} == {"10,000": 3, "12,000": 1, "10000": 3}


def test_one_article_supports_itself_once() -> None:
    text = "They sent 10,000 men. The 10,000 men came by train."
    given = [reading(text, "10,000", 3.0), replace(reading(text, "10,000 men came", 2.0))]
    assert {one.support for one in Judge(RELEVANCE).judge("How many?", given)} == {1}


def test_wire_copies_are_one_quote_and_one_voice() -> None:
    wire = "Some 10,000 troops went east, the agency said."
    given = [
        reading(f"{wire} It rained.", "10,000", 2.0),
        reading(f"It was cold. {wire}", "10,000", 1.0),
        reading("One counted 10,000 of them at the border.", "10,000", 0.5),
    ]
    first, second = Judge(RELEVANCE).judge("How many troops?", given)
    assert [copy.article for copy in first.copies] == [given[1].hit.passage.article]
    assert (first.support, second.support) == (2, 2)
    assert second.copies == ()


def test_features_are_what_they_say() -> None:
    first, second = features(
        "How many men were sent?",
        [reading("They sent 9 men. It rained.", "9", 0.5, score=1.0), reading("It rained. Nine.", "Nine", 0, 1, 0.5)],
    )
    assert first == pytest.approx(
        {
            "relevance": 0.5,
            "margin": 1.5,
            "similarity": 0.5,
            "recency": 0.25,
            "retrieval": 0.0,
            "own": 1.0,
            "overlap": 1.0,
            "votes": 0.0,
            "support": 1.0,
        }
    )
    assert second["retrieval"] == pytest.approx(-0.6931, abs=1e-4)
    assert second["overlap"] == 0.0


def test_equal_answers_have_equal_keys() -> None:
    assert answer_key("the 10,000 troops") == answer_key("10000 troop")
    assert answer_key("Kyiv's") == answer_key("Kyiv")
    assert answer_key("at least 10,000") == answer_key("10,000")
    assert answer_key("10,000") != answer_key("12,000")
    assert answer_key("?") != answer_key("…")


def test_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    curve = (CurvePoint(0.9, 1.0, 0.1), CurvePoint(0.6, 0.92, 0.4), CurvePoint(0.3, 0.7, 1.0))
    calibration = replace(RELEVANCE, curve=curve)
    assert calibration.threshold(0.9) == 0.6
    assert calibration.threshold(0.95) == 0.9
    assert calibration.threshold(0.5) == 0.3


def test_precision_that_was_never_reached_stops_the_start() -> None:
    calibration = replace(RELEVANCE, curve=(CurvePoint(0.9, 0.8, 0.1),))
    with pytest.raises(SettingsError, match=r"NEWSQUOTE_PRECISION='0.9': this reader reached 0.80 at most"):
        calibration.threshold(0.9)


def test_reader_without_calibration_is_taken_at_its_word() -> None:
    calibration = Calibration.of({})
    assert calibration.threshold(0.9) == 0.9
    assert calibration.confidence.log_odds({"margin": 2.0, "relevance": 9.0}) == 2.0


@pytest.mark.parametrize("given", [{}, {"ranking": {}}, [], {"ranking": 1, "answerable": 1, "confidence": 1}])
def test_calibration_that_is_not_whole_is_refused(given: object) -> None:
    with pytest.raises(ModelError, match="calibration is not whole"):
        Calibration.of({"calibration": given})
