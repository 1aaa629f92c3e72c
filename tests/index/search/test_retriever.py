from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.articles import Article, Days, Filters
from index.errors import EmptyQuestion
from index.search.retriever import FINE, Query, nearness
from service.wiring import Components
from tests.conftest import ECLIPSE, TROOPS, CountingEmbedder
from tests.index.store.conftest import counted

TODAY = date(2024, 12, 17)


def test_best_hit_comes_first_with_ranks_scores_and_similarity(components: Components) -> None:
    hits = components.retriever.retrieve(Query("How many troops were sent?", TODAY), 5)
    assert hits[0].passage.sentence.text == "North Korea sent 10,000 troops, officials said."
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_score_is_the_weighted_sum_of_what_the_hit_says(empty: Components) -> None:
    list(empty.ingester.add([Article("The 94th brigade was sent.", published=TODAY)]))
    (hit,) = empty.retriever.retrieve(Query("Which brigade was sent?", TODAY), 5)
    assert hit.overlap == 1.0
    told = FINE.cosine * hit.similarity + FINE.words + FINE.overlap + empty.settings.ranking.recency_weight
    assert hit.score == pytest.approx(told)


def test_sentence_without_a_vector_is_compared_all_the_same(components: Components, embedder: CountingEmbedder) -> None:
    query = Query("How many troops were sent?", TODAY)
    before = components.retriever.retrieve(query, 5)
    embedder.model = "another"
    del components.engine, components.retriever
    best = components.retriever.retrieve(query, 5)[0]
    assert best.passage == before[0].passage
    assert best.similarity == pytest.approx(before[0].similarity, abs=1e-3)


def test_title_counts_among_the_words_of_a_passage(empty: Components) -> None:
    titled, plain = Article("It fell at noon.", "Ariane rocket"), Article("It fell at night.")
    list(empty.ingester.add([titled, plain]))
    hits = empty.retriever.retrieve(Query("When did the Ariane rocket fall?", TODAY), 5)
    assert {hit.passage.article: hit.overlap for hit in hits} == {titled: pytest.approx(2 / 3), plain: 0.0}


def test_question_takes_seven_statements_of_which_three_begin_to_read(components: Components) -> None:
    query = Query("How many troops were sent?", TODAY)
    components.retriever.retrieve(query, 24)
    with counted() as statements:
        assert components.retriever.retrieve(query, 24)
    assert [one.split()[0] for one in statements] == ["BEGIN", "SELECT"] * 2 + ["BEGIN", "SELECT", "SELECT"]


@pytest.mark.parametrize("text", ["", "  ", "?!", "…"])
def test_question_without_a_word_is_refused(components: Components, text: str) -> None:
    with pytest.raises(EmptyQuestion):
        components.retriever.retrieve(Query(text, TODAY), 5)


def test_question_of_function_words_is_still_searched(components: Components) -> None:
    assert components.retriever.retrieve(Query("Who was it?", TODAY), 5)


def test_filters_leave_only_what_fits(components: Components) -> None:
    hits = components.retriever.retrieve(Query("troops moon prize", TODAY, Filters(publishers=("Sky",))), 5)
    assert {hit.passage.article for hit in hits} == {ECLIPSE}


def with_dates(components: Components, *days: date | None) -> list[date | None]:
    """Add the same report under several dates, each worded a little otherwise, and return the order they come in."""
    texts = [f"The troops were sent by {name}." for name in ("sea", "air", "road", "rail")]
    reports = [Article(text, published=day) for text, day in zip(texts, days, strict=False)]
    list(components.ingester.add(reports))
    hits = components.retriever.retrieve(Query("Were troops sent this week?", TODAY, speaks_of_now=True), 9)
    return [hit.passage.article.published for hit in hits if hit.passage.article in reports]


def test_newer_articles_come_first_and_undated_ones_stay(empty: Components) -> None:
    old, new = TODAY - timedelta(days=400), TODAY - timedelta(days=2)
    assert with_dates(empty, old, None, new)[0] == new
    assert set(with_dates(empty, old, None, new)) == {old, None, new}


def test_as_of_moves_what_is_recent(empty: Components) -> None:
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


def test_question_that_speaks_of_now_prefers_the_new_to_what_matches_better(empty: Components) -> None:
    old = Article("The 94th brigade was sent.", published=TODAY - timedelta(days=365))
    new = Article("It was sent away.", published=TODAY)
    others = [Article(f"The brigade number {n} was killed.", published=TODAY - timedelta(days=400)) for n in range(9)]
    list(empty.ingester.add([old, new, *others]))
    query = Query("Which brigade was sent?", TODAY)
    plain, now = (
        {hit.passage.article: hit.score for hit in empty.retriever.retrieve(replace(query, speaks_of_now=is_now), 9)}
        for is_now in (False, True)
    )
    ranking = empty.settings.ranking
    assert now[new] - plain[new] == pytest.approx(ranking.recency_weight_now - ranking.recency_weight)
    assert now[old] == pytest.approx(plain[old], abs=1e-3)


def test_question_that_speaks_of_days_prefers_their_news_however_old(empty: Components) -> None:
    asked = Days(date(2020, 1, 1), date(2020, 1, 31))
    then, later = date(2020, 2, 5), date(2020, 2, 1) + timedelta(days=6 + 60)
    reports = [Article(f"The troops were sent by {day}.", published=day) for day in (then, later, TODAY)]
    list(empty.ingester.add(reports))
    query = Query("Were troops sent?", TODAY)
    hits = empty.retriever.retrieve(replace(query, days=asked), 9)
    assert [hit.passage.article for hit in hits] == reports
    assert [hit.recency for hit in hits] == pytest.approx([1.0, math.exp(-1), 0.0], abs=1e-3)
    plain = {hit.passage.article: hit.score for hit in empty.retriever.retrieve(replace(query, as_of=then), 9)}
    assert hits[0].score == pytest.approx(plain[reports[0]])  # 1 + 1, as for the newest


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (date(2020, 1, 10), 1.0),
        (date(2020, 1, 20), 1.0),
        (date(2020, 1, 27), 1.0),
        (date(2020, 3, 27), math.exp(-1)),
        (date(2019, 11, 11), math.exp(-1)),
        (None, 0.0),
    ],
)
def test_nearness_is_whole_on_the_days_and_a_week_after_and_then_fades(published: date | None, expected: float) -> None:
    assert nearness(published, Days(date(2020, 1, 10), date(2020, 1, 20))) == pytest.approx(expected)


def test_wire_copies_are_one_hit_with_all_their_articles(components: Components) -> None:
    copy = replace(TROOPS, text=TROOPS.text + " More to come.", publisher="The Copy", url=None)
    list(components.ingester.add([copy]))
    hits = components.retriever.retrieve(Query("How many troops were sent?", TODAY), 9)
    texts = [hit.passage.sentence.text for hit in hits]
    assert len(texts) == len(set(texts))
    first = hits[0]
    assert {first.passage.article, *(sentence.article for sentence in first.copies)} == {TROOPS, copy}
    assert all(sentence.text == first.passage.sentence.text for sentence in first.copies)


def test_what_a_question_is_about_is_found_too(components: Components) -> None:
    query = Query("How many troops were sent?", TODAY)
    assert components.retriever.retrieve(query, 1)[0].passage.article.id == TROOPS.id
    about = replace(query, about=frozenset({ECLIPSE.id}))
    found = [hit.passage.article.id for hit in components.retriever.retrieve(about, 9)]
    assert ECLIPSE.id in found
    assert TROOPS.id in found


def test_what_a_question_is_about_does_not_pass_its_filters(components: Components) -> None:
    query = Query("troops moon", TODAY, Filters(article_ids=(TROOPS.id,)), about=frozenset({ECLIPSE.id}))
    assert {hit.passage.article.id for hit in components.retriever.retrieve(query, 9)} == {TROOPS.id}
