from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import RemovedArticle, UnknownArticle
from index.store import schema
from index.store.articles import Outcome
from index.store.store import Store
from index.store.versions import State
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import add, explained


def test_states_tell_what_became_of_articles(store: Store) -> None:
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.", published=date(2024, 12, 20))
    for article in (TROOPS, newer, ECLIPSE, PRIZE):
        add(store, article)
    store.articles.remove(PRIZE.id)
    assert store.versions.states([TROOPS.id, newer.id, ECLIPSE.id, PRIZE.id, "0" * 16]) == {
        TROOPS.id: State.SUPERSEDED,
        newer.id: State.CURRENT,
        ECLIPSE.id: State.CURRENT,
        PRIZE.id: State.REMOVED,
        "0" * 16: State.REMOVED,
    }


def test_history_tells_all_versions_in_the_order_of_publication(store: Store) -> None:
    early = replace(TROOPS, text="North Korea sent troops.", published=date(2024, 12, 1))
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.", title="More", published=date(2024, 12, 20))
    for article in (TROOPS, early, newer, ECLIPSE):
        add(store, article)
    found = store.versions.history(TROOPS.id)
    assert [(version.id, version.title, version.state) for version in found] == [
        (early.id, "Troops on the way", State.SUPERSEDED),
        (TROOPS.id, "Troops on the way", State.SUPERSEDED),
        (newer.id, "More", State.CURRENT),
    ]
    assert store.versions.history(early.id) == store.versions.history(newer.id) == found
    assert [version.id for version in store.versions.history(ECLIPSE.id)] == [ECLIPSE.id]


def test_history_keeps_the_place_of_removed_versions(store: Store) -> None:
    versions = [replace(TROOPS, text=f"Version {n}.") for n in range(5)]
    for article in versions:
        add(store, article)
    for n in (0, 2, 4):
        store.articles.remove(versions[n].id)
    newest = replace(TROOPS, text="Version 5.")
    add(store, newest)
    found = store.versions.history(versions[1].id)
    assert [version.id for version in found] == [article.id for article in [*versions, newest]]
    gone, old = State.REMOVED, State.SUPERSEDED
    assert [version.state for version in found] == [gone, old, gone, old, gone, State.CURRENT]
    assert {version.title for version in found if version.state is gone} == {None}
    with pytest.raises(RemovedArticle):
        store.versions.history(versions[0].id)
    with pytest.raises(UnknownArticle):
        store.versions.history("nothing")


def test_version_that_comes_back_is_current_and_last(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    for article in (TROOPS, corrected):
        add(store, article)
    store.articles.remove(TROOPS.id)
    add(store, TROOPS)
    states = [(version.id, version.state) for version in store.versions.history(TROOPS.id)]
    assert states == [(corrected.id, State.SUPERSEDED), (TROOPS.id, State.CURRENT)]


def test_versions_are_found_without_going_through_all_articles(store: Store) -> None:
    add(store, TROOPS)
    plans = explained(lambda: store.versions.history(TROOPS.id))
    assert any("ix_articles_superseded_by" in plan for plan in plans)
    assert "SCAN articles" not in plans


ELSEWHERE = "https://example.org/elsewhere"
Act = tuple[str, int, str | None, date | None]


def current(store: Store) -> set[str]:
    return {record.article.text for record in store.articles.page(0, 100).records}


def versions_at_one_url(store: Store, count: int) -> list[Article]:
    found = [replace(TROOPS, text=f"Version {n}.", published=date(2024, 12, 10 + n)) for n in range(count)]
    for article in found:
        add(store, article)
    return found


def test_article_that_moves_away_leaves_the_place_to_the_latest_of_the_others(store: Store) -> None:
    first, second, third = versions_at_one_url(store, 3)
    add(store, replace(TROOPS, text="Version -1.", published=date(2024, 12, 1)))  # superseded by the third too
    before = store.changes.last().number
    store.articles.update(third.id, url=ELSEWHERE)
    assert current(store) == {second.text, third.text}
    assert store.changes.keys(before, store.changes.last().number) == [2, 3, 4]
    assert [version.id for version in store.versions.history(first.id)][-2:] == [first.id, second.id]
    assert [version.id for version in store.versions.history(third.id)] == [third.id]


def test_superseded_article_that_moves_away_is_current_there(store: Store) -> None:
    first, second, third = versions_at_one_url(store, 3)
    store.articles.update(second.id, url=None)
    assert current(store) == {second.text, third.text}
    assert store.articles.record(first.id).superseded_by == third.id


def test_article_that_moves_to_a_url_takes_its_place_by_its_day(store: Store) -> None:
    first, second = versions_at_one_url(store, 2)
    early = replace(TROOPS, text="Early.", url=ELSEWHERE, published=date(2024, 12, 1))
    late = replace(TROOPS, text="Late.", url=ELSEWHERE, published=date(2024, 12, 30))
    for article in (late, early):
        add(store, article)
    store.articles.update(early.id, url=TROOPS.url)
    assert store.articles.record(early.id).superseded_by == second.id
    store.articles.update(late.id, url=TROOPS.url)
    assert current(store) == {late.text}
    assert [version.id for version in store.versions.history(first.id)] == [
        article.id for article in (early, first, second, late)
    ]


def test_corrected_day_decides_anew_which_version_is_current(store: Store) -> None:
    first, second = versions_at_one_url(store, 2)
    store.articles.update(second.id, published=date(2024, 12, 1))
    assert current(store) == {first.text}
    assert store.articles.record(second.id).superseded_by == first.id
    store.articles.update(second.id, published=date(2024, 12, 24))
    assert current(store) == {second.text}
    store.articles.update(second.id, published=None)  # then the one added later is
    assert current(store) == {second.text}


def test_corrected_day_does_not_bring_back_what_a_removed_version_superseded(store: Store) -> None:
    first, second = versions_at_one_url(store, 2)
    store.articles.remove(second.id)
    assert store.articles.update(first.id, published=date(2024, 12, 30)) is Outcome.UPDATED
    assert current(store) == set()


def test_undated_article_added_last_is_current_though_a_clock_was_ahead(store: Store) -> None:
    first, second = (replace(TROOPS, text=f"Version {n}.", published=None) for n in range(2))
    add(store, first)
    with store.database.write() as connection:
        connection.execute(schema.articles.update().values(added_at=datetime(2999, 1, 1)))  # noqa: DTZ001  # kept so
    add(store, second)
    assert current(store) == {second.text}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "url", "day", "both"]),
        st.integers(0, 4),
        st.sampled_from([None, TROOPS.url, ELSEWHERE]),
        st.sampled_from([None, *(date(2024, 12, day) for day in (10, 11, 12))]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_whatever_is_corrected_each_url_has_one_current_article(acts: list[Act]) -> None:
    store = Store.open("sqlite://")
    for act, number, url, day in acts:
        article = Article(f"Version {number}.", url=url, published=day)
        if act == "add" or article.id not in store.articles:
            add(store, article)
        else:
            said = {"url": {"url": url}, "day": {"published": day}, "both": {"url": url, "published": day}}[act]
            store.articles.update(article.id, **said)  # type: ignore[arg-type]
    records = list(store.articles.records(Article(f"Version {n}.").id for n in range(5)).values())
    for url in {record.article.url for record in records} - {None}:
        assert [record.superseded_by for record in records if record.article.url == url].count(None) == 1
    by_id = {record.article.id: record for record in records}
    for record in records:
        assert record.article.url or record.superseded_by is None
        if record.superseded_by:
            newer = by_id[record.superseded_by]
            assert newer.article.url == record.article.url
            assert newer != record
    store.close()
