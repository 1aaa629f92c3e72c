from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from index.articles import Article, Filters
from index.errors import EmptyQuestion
from index.search.engine import Match
from index.search.retriever import Query, fuse
from service.wiring import Components
from tests.conftest import ECLIPSE, TROOPS
from tests.index.store.conftest import counted

TODAY = date(2024, 12, 17)


def test_fuse_adds_reciprocal_ranks() -> None:
    fused = fuse([[Match(1, 9.0), Match(2, 8.0)], [Match(2, 0.5), Match(3, 0.4)]])
    assert fused == [Match(2, 1 / 62 + 1 / 61), Match(1, 1 / 61), Match(3, 1 / 62)]


def test_fuse_keeps_the_order_of_first_appearance_for_equal_scores() -> None:
    assert [m.sentence_id for m in fuse([[Match(7, 1.0)], [Match(3, 1.0)]])] == [7, 3]


def test_best_hit_comes_first_with_ranks_scores_and_similarity(components: Components) -> None:
    hits = components.retriever.retrieve(Query("How many troops were sent?", TODAY), 5)
    assert hits[0].passage.sentence.text == "North Korea sent 10,000 troops, officials said."
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


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
    assert now[new] == pytest.approx(2 * plain[new])  # 1 + 3 in the place of 1 + 1
    assert now[old] == pytest.approx(plain[old], rel=1e-3)


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
