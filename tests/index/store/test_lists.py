"""Lists of articles: in every order, counted, narrowed, and read without their texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.store.articles import Sort
from index.store.collections import Named
from index.store.facets import Counted, Facets, NumberedSource, Totals
from index.store.sources import Named as NamedThere
from index.store.sources import SourceKind, Sources, Wishes
from index.store.store import Store
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import add, counted, explained

EVERY = (PRIZE, TROOPS, ECLIPSE)


@pytest.fixture
def filled(store: Store) -> Store:
    for article in EVERY:
        add(store, article)
    return store


def listed(store: Store, sort: Sort, found: list[int] | None = None, filters: Filters | None = None) -> list[Article]:
    return [record.article for record in store.articles.page(0, 9, filters, sort, found).records]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, [TROOPS, ECLIPSE, PRIZE]),
        (Sort.OLDEST, [ECLIPSE, TROOPS, PRIZE]),
        (Sort.ADDED, [ECLIPSE, TROOPS, PRIZE]),
    ],
)
def test_each_order_is_what_it_says(filled: Store, sort: Sort, expected: list[Article]) -> None:
    assert listed(filled, sort) == expected


def test_found_articles_keep_their_order_or_get_the_one_asked_for(filled: Store) -> None:
    keys = [3, 1, 99, 2]  # 99 was removed since it was found
    assert listed(filled, Sort.BEST, keys) == [ECLIPSE, PRIZE, TROOPS]
    assert listed(filled, Sort.NEWEST, keys) == [TROOPS, ECLIPSE, PRIZE]
    page = filled.articles.page(1, 1, Filters(publishers=("The Daily",)), Sort.BEST, keys)
    assert ([record.article for record in page.records], page.total) == ([TROOPS], 2)
    assert listed(filled, Sort.BEST, []) == []


def test_more_articles_are_found_than_a_statement_takes_parameters(filled: Store) -> None:
    assert filled.articles.page(0, 9, None, Sort.BEST, list(range(1, 40_000))).total == 3


def test_every_article_is_yielded_as_it_came_and_a_few_are_read_at_a_time(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.articles._STREAMED", 2)
    with counted() as statements:
        assert [record.article for record in filled.articles.every()] == list(EVERY)
    texts = [one for one in statements if "articles.text," in one]
    assert len(texts) == 2
    assert [record.article for record in filled.articles.every(Filters(publishers=("Sky",)), [1, 2, 3])] == [ECLIPSE]


def test_counts_leave_the_filter_of_their_own_kind_aside(filled: Store) -> None:
    add(filled, replace(ECLIPSE, text="Another eclipse.", collections=("Sky", "Moon")))
    add(filled, replace(TROOPS, collections=("Sky",)))
    ids = {one.name: one.id for one in filled.collections.every()}
    sky, moon = Named(ids["Sky"], "Sky"), Named(ids["Moon"], "Moon")
    assert Facets.of(filled.database, Filters()) == Facets(
        (Counted("Sky", 2), Counted("The Daily", 2)),
        (Counted("2024-12", 1), Counted("2024-04", 2)),
        (Counted(sky, 2), Counted(moon, 1)),
    )
    april = Filters(date(2024, 4, 1), date(2024, 4, 30), publishers=("Sky",), collections=(ids["Moon"],))
    assert Facets.of(filled.database, april) == Facets(
        (Counted("Sky", 1),), (Counted("2024-04", 1),), (Counted(moon, 1), Counted(sky, 1))
    )
    assert Facets.of(filled.database, Filters(), [1]) == Facets((Counted("The Daily", 1),), (), ())


def test_lists_follow_an_index_of_current_articles(filled: Store) -> None:
    for sort in (Sort.NEWEST, Sort.OLDEST, Sort.ADDED):
        plans = explained(lambda sort=sort: filled.articles.page(0, 1, None, sort).total)  # type: ignore[misc]
        scans = [plan for plan in plans if plan.startswith("SCAN")]
        assert scans
        assert [plan for plan in scans if "INDEX ix_articles_current" not in plan] == []
        assert "USE TEMP B-TREE FOR ORDER BY" not in plans[:2]  # which come in order


def test_superseded_and_removed_articles_are_in_no_list_and_no_count(filled: Store) -> None:
    add(filled, replace(TROOPS, text="North Korea sent 11,000 troops."))
    filled.articles.remove(ECLIPSE.id)
    assert {article.text for article in listed(filled, Sort.ADDED)} == {PRIZE.text, "North Korea sent 11,000 troops."}
    assert Facets.of(filled.database, Filters()).publishers == (Counted("The Daily", 2),)
    assert len(list(filled.articles.every())) == 2


def test_articles_are_counted_and_listed_by_the_source_that_brought_them(filled: Store) -> None:
    sources = Sources(filled.database)

    def bring(address: str, title: str | None, *articles: Article) -> int:
        number = sources.add(SourceKind.FEED, address, title, Wishes())
        sources.name(number, [NamedThere(f"{address}/{article.id}") for article in articles])
        for entry, article in zip(sources.waiting(number, 9), articles, strict=True):
            sources.note_bringing(entry, [article.id])
        return number

    daily, sky = bring("https://daily.example", "The Daily", TROOPS, PRIZE), bring("https://sky.example", None, ECLIPSE)
    assert Facets.of(filled.database, Filters(sources=(sky,))).sources == (
        Counted(NumberedSource(daily, "The Daily"), 2),
        Counted(NumberedSource(sky, "https://sky.example"), 1),
    )
    assert listed(filled, Sort.NEWEST, None, Filters(sources=(daily,))) == [TROOPS, PRIZE]
    assert listed(filled, Sort.NEWEST, None, Filters(sources=(daily + sky + 1,))) == []


def test_totals_are_read_from_indexes_alone(store: Store) -> None:
    for number, publisher in enumerate(("Sky", "The Daily", None, "Sky")):
        add(store, Article(f"Report {number}.", publisher=publisher, published=date(2024, 1, 1 + number)))
    add(store, Article("Undated.", publisher="The Daily"))
    store.articles.remove(Article("Report 3.").id)
    plans = explained(lambda: Totals.of(store.database))
    assert [plan for plan in plans if "articles" in plan and "INDEX ix_articles_current" not in plan] == []
    most = (Counted("The Daily", 2), Counted("Sky", 1))
    assert Totals.of(store.database) == Totals(4, most, date(2024, 1, 1), date(2024, 1, 3))
