from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.articles import Article, Filters
from index.copies import is_copy
from index.engine import Match
from index.errors import EmptyQuestion
from index.retriever import Query, fuse
from index.words import analyze
from service.wiring import Parts
from tests.conftest import ECLIPSE, TROOPS

TODAY = date(2024, 12, 17)


def test_fuse_adds_weighted_reciprocal_ranks() -> None:
    fused = fuse([(1.0, [Match(1, 9.0), Match(2, 8.0)]), (2.0, [Match(2, 0.5), Match(3, 0.4)])], rank_constant=60)
    assert fused == [Match(2, 1 / 62 + 2 / 61), Match(3, 2 / 62), Match(1, 1 / 61)]


def test_fuse_keeps_the_order_of_first_appearance_for_equal_scores() -> None:
    assert [m.sentence_id for m in fuse([(1.0, [Match(7, 1.0)]), (1.0, [Match(3, 1.0)])], 60)] == [7, 3]


def test_best_hit_comes_first_with_ranks_scores_and_similarity(parts: Parts) -> None:
    hits = parts.retriever.retrieve(Query("How many troops were sent?", TODAY), 5)
    assert hits[0].passage.sentence.text == "North Korea sent 10,000 troops, officials said."
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("text", ["", "  ", "?!", "…"])
def test_question_without_a_word_is_refused(parts: Parts, text: str) -> None:
    with pytest.raises(EmptyQuestion):
        parts.retriever.retrieve(Query(text, TODAY), 5)


def test_question_of_function_words_is_still_searched(parts: Parts) -> None:
    assert parts.retriever.retrieve(Query("Who was it?", TODAY), 5)


def test_filters_leave_only_what_fits(parts: Parts) -> None:
    hits = parts.retriever.retrieve(Query("troops moon prize", TODAY, Filters(publishers=("Sky",))), 5)
    assert {hit.passage.article for hit in hits} == {ECLIPSE}


def with_dates(parts: Parts, *days: date | None) -> list[date | None]:
    """Add the same report under several dates, each worded a little otherwise, and return the order they come in."""
    texts = [f"The troops were sent by {name}." for name in ("sea", "air", "road", "rail")]
    reports = [Article(text, published=day) for text, day in zip(texts, days, strict=False)]
    list(parts.ingester.add(reports))
    hits = parts.retriever.retrieve(Query("Were troops sent this week?", TODAY), 9)
    return [hit.passage.article.published for hit in hits if hit.passage.article in reports]


def test_newer_articles_come_first_and_undated_ones_stay(empty: Parts) -> None:
    old, new = TODAY - timedelta(days=400), TODAY - timedelta(days=2)
    assert with_dates(empty, old, None, new)[0] == new
    assert set(with_dates(empty, old, None, new)) == {old, None, new}


def test_as_of_moves_what_is_recent(empty: Parts) -> None:
    reports = [
        Article("The troops were sent by sea.", published=date(2020, 1, 1)),
        Article("The troops were sent by air.", published=date(2024, 12, 1)),
    ]
    list(empty.ingester.add(reports))
    first = [
        empty.retriever.retrieve(Query("Were troops sent?", day), 2)[0].passage.article
        for day in (date(2020, 1, 3), date(2024, 12, 3))
    ]
    assert first == reports


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What happened this week?", True),
        ("What is the latest on Kursk?", True),
        ("Who is currently president?", True),
        ("Who won the 1998 World Cup?", False),
        ("What is nowhere?", False),
        ("This is the week of the prize?", False),
    ],
)
def test_speaks_of_now(text: str, expected: bool) -> None:
    assert Query(text, TODAY).speaks_of_now is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Kyiv said “no”, twice, on Monday.", "Kyiv said 'no' twice on Monday", True),
        ("MOSCOW: The army took the town on Monday.", "The army took the town on Monday.", True),
        (
            "The army took the town.",
            "The army took the town, according to three officials who asked not to be named.",
            False,
        ),
        ("At least 30 were killed.", "At least 40 were killed.", False),
        ("Kyiv said 30 soldiers were killed in Kursk.", "Moscow said 30 soldiers were killed in Kursk.", False),
        ("It was so.", "It was not so.", False),
        ("", "", False),
    ],
)
def test_copies_differ_at_their_edges_at_most(one: str, other: str, expected: bool) -> None:
    assert is_copy(analyze(one), analyze(other)) is expected
    assert is_copy(analyze(other), analyze(one)) is expected


def test_wire_copies_are_one_hit_with_all_their_articles(parts: Parts) -> None:
    copy = replace(TROOPS, text=TROOPS.text + " More to come.", publisher="The Copy", url=None)
    list(parts.ingester.add([copy]))
    hits = parts.retriever.retrieve(Query("How many troops were sent?", TODAY), 9)
    texts = [hit.passage.sentence.text for hit in hits]
    assert len(texts) == len(set(texts))
    first = hits[0]
    assert {first.passage.article, *(sentence.article for sentence in first.copies)} == {TROOPS, copy}
    assert all(sentence.text == first.passage.sentence.text for sentence in first.copies)
