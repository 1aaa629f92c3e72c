from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.asking import LOST, Asked
from benchmarks.windows import Archive, Result, passages, ranked, result, threshold
from index.articles import Article, Hit, Span
from service.readers.calibration import Calibration
from service.readers.reader import ExtractedAnswer

WINDOW = Article("Rain fell. The mayor closed two bridges. Nearly 40 people left.", "Flood")


def hits() -> list[Hit]:
    return [Hit(passage, 1.0, rank) for rank, passage in enumerate(passages(WINDOW), start=1)]


class ByHand:
    """Reads the first word of each sentence; where that holds a digit, its margin is the rank of the passage."""

    calibration = Calibration.of({})

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:  # noqa: ARG002
        return [
            ExtractedAnswer(
                hit,
                s,
                Span(s.article, s.span.start, s.span.start + len(s.text.split()[0])),
                0.0,
                float(hit.rank) if "40" in s.text else 0.0,
            )
            for hit in hits
            for s in hit.passage.around
        ]


def test_passages_are_sentences_with_their_neighbours() -> None:
    assert [len(passage.around) for passage in passages(WINDOW)] == [2, 3, 2]


def test_archive_finds_what_shares_words_with_the_question() -> None:
    other = Article("Snow fell on Oslo. Schools closed.", "Winter")
    assert [p.article for p in Archive([WINDOW, other]).search("Did schools in Oslo close?", 2)] == [other, other]


def test_quotes_are_ranked_once_each_by_their_best_reading() -> None:
    given = Asked("How many left?", "Nearly 40", WINDOW)
    order = ranked(ByHand().read(given.question, hits()))
    assert [(r.sentence.ordinal, r.margin) for r in order] == [(2, 3.0), (0, 0.0), (1, 0.0)]


def test_result_tells_rank_and_short_answer() -> None:
    found = result(ByHand(), Asked("How many left?", "Nearly 40", WINDOW), passages(WINDOW))
    assert (found.first_hit, found.exact, found.score) == (1, False, 1.5)
    assert found.f1 == pytest.approx(2 / 3)
    assert result(ByHand(), Asked("What closed?", "two bridges", WINDOW), passages(WINDOW)).first_hit == 3
    assert result(ByHand(), Asked("Who paid?", "", WINDOW), passages(WINDOW)).first_hit == 0


def test_threshold_loses_the_stated_share_of_right_quotes() -> None:
    (hit, *_) = hits()
    sentence = hit.passage.sentence
    right = [
        Result(Asked("q", "a", WINDOW), ExtractedAnswer(hit, sentence, sentence.span, float(n), 0.0), 1)
        for n in range(100)
    ]
    least = threshold(right)
    assert sum(r.score < least for r in right) == 100 * LOST
