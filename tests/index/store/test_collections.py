from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from index.articles import Filters
from index.errors import FullCollections, UnknownCollection
from index.store import collections
from index.store.articles import Outcome
from index.store.collections import Collection
from index.store.store import Store
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import add, explained

NEWER = replace(TROOPS, text="North Korea sent 11,000 troops.")


def made(store: Store, name: str) -> str:
    collection = store.collections.make(name)
    assert collection is not None
    return collection.id


def inside(store: Store, collection_id: str) -> set[str]:
    page = store.articles.page(0, 9, Filters(collections=(collection_id,)))
    return {record.article.id for record in page.records}


def in_collections(store: Store, article_id: str) -> list[str]:
    return [one.name for one in store.articles.record(article_id).collections]


def test_article_can_be_in_several_collections_and_they_are_listed_by_name(store: Store) -> None:
    add(store, TROOPS)
    add(store, ECLIPSE)
    sky, war = made(store, "Sky"), made(store, "kursk")
    assert (store.collections.put(war, [TROOPS.id, ECLIPSE.id]), store.collections.put(sky, [ECLIPSE.id])) == (2, 1)
    assert store.collections.put(war, [TROOPS.id]) == 0
    assert [(one.name, one.articles) for one in store.collections.every()] == [("kursk", 2), ("Sky", 1)]
    assert in_collections(store, ECLIPSE.id) == ["Sky", "kursk"]
    assert store.collections.take_out(war, [ECLIPSE.id, PRIZE.id]) == 1
    assert inside(store, war) == {TROOPS.id}


def test_name_is_one_collections_alone(store: Store) -> None:
    war, sky = made(store, "War"), made(store, "Sky")
    assert store.collections.make("War") is None
    assert store.collections.rename(sky, "War") is False
    assert store.collections.rename(war, "War") is True
    assert store.collections.rename(war, "Kursk") is True
    assert store.collections.ids(["Kursk", sky, "War"]) == {"Kursk": war, war: war, "Sky": sky, sky: sky}


def test_deleted_collection_leaves_its_articles(store: Store) -> None:
    add(store, TROOPS)
    war = made(store, "War")
    store.collections.put(war, [TROOPS.id])
    store.collections.delete(war)
    assert (store.collections.every(), in_collections(store, TROOPS.id)) == ([], [])
    assert inside(store, war) == set()
    assert store.articles.page(0, 9).total == 1


@pytest.mark.parametrize("unknown", ["", "x" * 22, "\0", "\ud800", "é"])
def test_unknown_collection_is_an_error(store: Store, unknown: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: store.collections.one(unknown),
        lambda: store.collections.rename(unknown, "A"),
        lambda: store.collections.delete(unknown),
        lambda: store.collections.put(unknown, []),
        lambda: store.collections.take_out(unknown, []),
    ]
    for call in calls:
        with pytest.raises(UnknownCollection):
            call()


def test_no_more_collections_than_a_person_can_choose_from(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MAX_COLLECTIONS", 2)
    for name in ("One", "Two"):
        made(store, name)
    with pytest.raises(FullCollections, match="There are already 2 collections"):
        store.collections.make("Three")
    with pytest.raises(FullCollections):
        add(store, replace(TROOPS, collections=("One", "Three")))
    assert TROOPS.id not in store.articles  # taken in whole or not at all


def test_article_is_added_to_the_collections_that_it_names_and_stays_in_the_others(store: Store) -> None:
    add(store, replace(TROOPS, collections=("War", "Kursk")))
    assert add(store, replace(TROOPS, collections=("Kursk",))) is Outcome.UNCHANGED
    assert add(store, replace(TROOPS, collections=("Troops", "Kursk"))) is Outcome.UPDATED
    assert in_collections(store, TROOPS.id) == ["Kursk", "Troops", "War"]


def test_newer_version_takes_its_place_in_the_collections(store: Store) -> None:
    war = made(store, "War")
    add(store, TROOPS)
    store.collections.put(war, [TROOPS.id])
    add(store, NEWER)
    assert inside(store, war) == {NEWER.id}
    assert store.collections.one(war) == Collection(war, "War", store.collections.one(war).made_at, 1)


def test_older_version_that_comes_late_brings_its_collections(store: Store) -> None:
    add(store, replace(NEWER, published=None))
    before = store.changes.last().number
    add(store, replace(NEWER, text=NEWER.text + " Later.", published=None))
    late = replace(TROOPS, collections=("War",))
    add(store, replace(NEWER, published=TROOPS.published))  # now the current one has a day
    add(store, replace(late, published=TROOPS.published and TROOPS.published.replace(year=2020)))
    (war,) = store.collections.every()
    (record,) = store.articles.page(0, 9, Filters(collections=(war.id,))).records
    assert record.superseded_by is None
    assert store.changes.last().number > before


def test_superseded_article_is_put_in_by_what_superseded_it(store: Store) -> None:
    war = made(store, "War")
    for article in (TROOPS, NEWER):
        add(store, article)
    assert store.collections.put(war, [TROOPS.id]) == 1
    assert inside(store, war) == {NEWER.id}


def test_removed_article_is_in_no_collection_when_it_comes_back(store: Store) -> None:
    add(store, replace(TROOPS, collections=("War",)))
    store.articles.remove(TROOPS.id)
    assert [one.articles for one in store.collections.every()] == [0]
    add(store, TROOPS)
    assert in_collections(store, TROOPS.id) == []


def test_engines_hear_of_what_is_put_in_and_taken_out(store: Store) -> None:
    add(store, TROOPS)
    war, before = made(store, "War"), store.changes.last().number
    store.collections.put(war, [TROOPS.id])
    store.collections.take_out(war, [TROOPS.id])
    store.collections.take_out(war, [TROOPS.id])
    assert store.changes.last().number == before + 2


def test_articles_of_a_collection_are_found_by_an_index(store: Store) -> None:
    add(store, replace(TROOPS, collections=("War",)))
    (war,) = store.collections.every()
    plans = explained(lambda: store.articles.matching_keys(Filters(collections=(war.id,))))
    assert [plan for plan in plans if "SCAN" in plan] == []
