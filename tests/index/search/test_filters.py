"""What filters leave of each search, through the seam that every engine has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.search.engine import Field
from index.store.ids import key_of
from service.wiring import Components
from tests.conftest import CountingEmbedder

pytestmark = pytest.mark.every_engine

ODD = ('moon" OR *:*', "Ann's [1 TO 9]", "Sky\\", "sky", "Ünïted — 新聞", "a" * 200)
"""Publishers whose names would be patterns or commands somewhere."""

DAYS = (date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1), date(1, 1, 1), None)


def article(number: int, publisher: str | None, published: date | None) -> Article:
    return Article(f"The moon, part {number}, shone.", "Moon", publisher, published=published)


@pytest.fixture
def components(empty: Components) -> Components:
    """Six articles with the keys 1 to 6, each with another publisher and day."""
    given = zip(range(1, 7), ODD, DAYS, strict=True)
    list(empty.ingester.add([article(*one) for one in given]))
    return empty


def found(components: Components, filters: Filters) -> set[int]:
    """Return the keys of the articles that pass, after seeing that every search finds the same ones."""
    query = CountingEmbedder().embed_query("moon")
    every = components.engine.search(query, ["moon"], 99, filters)
    ways = [every.dense, every.sentence, every.context]
    ways += [components.engine.search_lexical(["moon"], field, 99, filters) for field in Field]
    keys = [{key_of(match.sentence_id) for match in way} for way in ways]
    keys.append({match.key for match in components.engine.search_articles(["moon"], 99, filters)})
    assert keys == [keys[0]] * len(keys)
    return keys[0]


@pytest.mark.parametrize(("key", "publisher"), list(enumerate(ODD, start=1)))
def test_publisher_is_compared_as_it_is_whatever_its_characters(
    components: Components, key: int, publisher: str
) -> None:
    assert found(components, Filters(publishers=(publisher,))) == {key}
    assert found(components, Filters(publishers=(publisher, "nobody", ODD[0]))) == {key, 1}
    assert found(components, Filters(publishers=(f"{publisher} ",))) == set()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), {2, 3}),
        (date(2024, 2, 1), None, {2, 3, 4}),
        (None, date(2024, 1, 31), {1, 5}),
        (date(2024, 3, 2), None, set()),
        (date(2024, 2, 2), date(2024, 2, 1), set()),
        (date(1, 1, 1), date(9999, 12, 31), {1, 2, 3, 4, 5}),
        (None, None, {1, 2, 3, 4, 5, 6}),
    ],
)
def test_days_are_included_at_both_ends_and_undated_articles_are_in_no_range(
    components: Components, first: date | None, last: date | None, expected: set[int]
) -> None:
    assert found(components, Filters(published_from=first, published_to=last)) == expected


def test_filters_together_leave_what_passes_all(components: Components) -> None:
    ids = tuple(record.article.id for record in components.store.articles.page(0, 9).records)
    both = Filters(publishers=ODD[:3], published_from=date(2024, 2, 1))
    assert found(components, both) == {2, 3}
    assert found(components, replace(both, article_ids=ids)) == {2, 3}
    assert found(components, replace(both, article_ids=(article(3, None, None).id, "0" * 16))) == {3}
    assert found(components, replace(both, article_ids=("0" * 16,))) == set()


def test_many_names_are_filtered_by_as_few_are(components: Components) -> None:
    nobody = tuple(f"nobody {number}" for number in range(300))
    assert found(components, Filters(publishers=(*nobody, *ODD[:2]))) == {1, 2}
    assert found(components, Filters(publishers=nobody)) == set()
    ids = tuple(record.article.id for record in components.store.articles.page(0, 9).records)
    list(components.ingester.add(article(number, "Sky", None) for number in range(7, 207)))
    every = tuple(record.article.id for record in components.store.articles.every())
    assert found(components, Filters(article_ids=every, publishers=ODD)) == {1, 2, 3, 4, 5, 6}
    assert found(components, Filters(article_ids=ids)) == {1, 2, 3, 4, 5, 6}


def test_corrected_publisher_and_day_are_what_filters_see(components: Components) -> None:
    components.engine.catch_up()
    components.store.articles.update(article(1, None, None).id, publisher="sky", published=date(2024, 3, 1))
    components.store.articles.update(article(4, None, None).id, publisher=None, published=None)
    assert found(components, Filters(publishers=("sky",))) == {1}
    assert found(components, Filters(publishers=(ODD[0],))) == set()
    assert found(components, Filters(published_from=date(2024, 3, 1))) == {1}


def test_article_moves_between_collections_and_is_found_where_it_is(components: Components) -> None:
    moon, sun = components.store.collections.make("Moon"), components.store.collections.make("Sun")
    assert moon is not None
    assert sun is not None
    one, two = (article(number, None, None).id for number in (1, 2))
    in_moon, in_sun = Filters(collections=(moon.id,)), Filters(collections=(sun.id,))
    assert found(components, in_moon) == set()
    components.store.collections.put(moon.id, [one, two])
    components.store.collections.put(sun.id, [two])
    assert (found(components, in_moon), found(components, in_sun)) == ({1, 2}, {2})
    assert found(components, Filters(collections=(moon.id, sun.id), publishers=(ODD[1],))) == {2}
    components.store.collections.take_out(moon.id, [two])
    components.store.collections.put(sun.id, [one])
    assert (found(components, in_moon), found(components, in_sun)) == ({1}, {1, 2})
    components.store.collections.rename(moon.id, "The moon")
    assert found(components, in_moon) == {1}


def test_collection_that_is_deleted_is_in_no_other_ones_place(components: Components) -> None:
    moon = components.store.collections.make("Moon")
    assert moon is not None
    components.store.collections.put(moon.id, [article(1, None, None).id])
    assert found(components, Filters(collections=(moon.id,))) == {1}
    components.store.collections.delete(moon.id)
    again = components.store.collections.make("Moon")
    assert again is not None
    assert found(components, Filters(collections=(again.id,))) == set()
    assert found(components, Filters()) == {1, 2, 3, 4, 5, 6}


def test_newer_version_is_found_in_the_collections_of_the_one_before(components: Components) -> None:
    moon = components.store.collections.make("Moon")
    assert moon is not None
    first = Article("The moon rose.", url="https://sky.example/moon")
    list(components.ingester.add([first]))
    components.store.collections.put(moon.id, [first.id])
    assert found(components, Filters(collections=(moon.id,))) == {7}
    list(components.ingester.add([replace(first, text="The moon rose again.")]))
    assert found(components, Filters(collections=(moon.id,))) == {8}
