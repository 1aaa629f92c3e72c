from __future__ import annotations

import math

import pytest

from index.articles import Article, Hit, Passage, Sentence, Span
from service.reader import SimilarityReader, logit, overlap, sigmoid, telling

TEXT = "Before it. North Korean troops were sent North. After it, troops left."
ARTICLE = Article(TEXT)


def hit(start: int, end: int, similarity: float = 0.0) -> Hit:
    return Hit(Passage(Sentence(Span(ARTICLE, start, end), 0), Span(ARTICLE, 0, len(TEXT))), 1.0, 1, similarity)


def test_score_is_a_logistic_regression_on_cosine_and_overlap() -> None:
    reader = SimilarityReader(bias=-1.0, similarity=2.0, overlap=3.0)
    (reading,) = reader.read("How many troops were sent?", [hit(11, 47, similarity=0.5)])
    assert reading.score == pytest.approx(1 / (1 + math.exp(-(-1.0 + 2.0 * 0.5 + 3.0 * 1.0))))
    assert reading.answer.text == "North Korean troops were sent North."


def test_evidence_is_the_asked_words_in_the_sentence_joined_where_they_touch() -> None:
    (reading,) = SimilarityReader(0, 1, 1).read("How many North Korean troops were sent?", [hit(11, 47)])
    assert [span.text for span in reading.evidence] == ["North Korean troops", "sent North"]


def test_no_word_in_common_is_no_evidence() -> None:
    (reading,) = SimilarityReader(-5, 1, 1).read("Who won the cup?", [hit(11, 47)])
    assert reading.evidence == ()
    assert reading.score == pytest.approx(sigmoid(-5))


def test_rare_words_tell_more() -> None:
    weights = telling(["troop", "sent", "cup"], [{"troop", "sent"}, {"troop"}])
    assert weights == {"troop": math.log(1 + 2 / 3), "sent": math.log(1 + 2 / 2), "cup": math.log(1 + 2 / 1)}
    assert overlap(weights, {"sent"}) == pytest.approx(math.log(2) / sum(weights.values()))
    assert overlap({}, {"sent"}) == 0.0


@pytest.mark.parametrize("log_odds", [-1e9, -3.0, 0.0, 2.5, 1e9])
def test_logit_takes_sigmoid_back_within_bounds(log_odds: float) -> None:
    assert logit(sigmoid(log_odds)) == pytest.approx(max(-30.0, min(30.0, log_odds)), rel=0.02)
