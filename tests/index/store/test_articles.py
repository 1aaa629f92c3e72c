from __future__ import annotations

from dataclasses import astuple, replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.errors import RemovedArticle, UnknownArticle, VectorsMissing
from index.store.articles import Counts, Outcome, Prepared
from index.store.sentences import IndexedSentence
from index.store.store import Store
from index.text import sentences
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import add, counted, prepared


def test_added_article_comes_back_as_it_was(store: Store) -> None:
    assert add(store, TROOPS) is Outcome.NEW
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(TROOPS)
    assert store.articles.counts() == Counts(articles=1, sentences=3)


def test_adding_twice_changes_nothing(store: Store) -> None:
    add(store, TROOPS)
    before = store.changes.last().number
    assert add(store, TROOPS) is Outcome.UNCHANGED
    assert add(store, Article(TROOPS.text)) is Outcome.UNCHANGED
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(TROOPS)
    assert store.changes.last().number == before


def test_articles_without_url_never_supersede_each_other(store: Store) -> None:
    add(store, ECLIPSE)
    add(store, PRIZE)
    assert store.articles.counts().articles == 2


def test_changed_article_supersedes_the_old_one_which_still_opens(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    add(store, TROOPS)
    add(store, corrected)
    assert [record.article for record in store.articles.page(0, 10).records] == [corrected]
    assert store.articles.record(TROOPS.id).superseded_by == corrected.id
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(TROOPS)


def test_older_version_added_late_does_not_supersede(store: Store) -> None:
    old = replace(TROOPS, text="North Korea sent troops.", published=date(2024, 12, 1))
    add(store, TROOPS)
    add(store, old)
    assert [record.article for record in store.articles.page(0, 10).records] == [TROOPS]
    assert store.articles.record(old.id).superseded_by == TROOPS.id


def test_superseded_article_comes_back_only_when_its_successor_is_gone(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    add(store, TROOPS)
    add(store, corrected)
    assert add(store, TROOPS) is Outcome.UNCHANGED
    store.articles.remove(corrected.id)
    assert store.articles.counts().articles == 0
    assert add(store, TROOPS) is Outcome.NEW
    assert [record.article for record in store.articles.page(0, 10).records] == [TROOPS]


def test_article_whose_vectors_were_dropped_meanwhile_is_not_taken_in(store: Store) -> None:
    with pytest.raises(VectorsMissing):
        store.articles.add([Prepared(ECLIPSE, [IndexedSentence(s, s.text) for s in sentences.prose(ECLIPSE)])], "m")
    assert ECLIPSE.id not in store.articles


def test_articles_taken_in_together_supersede_one_another_in_their_order(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    assert store.articles.add([prepared(one) for one in (TROOPS, corrected, ECLIPSE, TROOPS)]) == [
        *[Outcome.NEW] * 3,
        Outcome.UNCHANGED,
    ]
    assert store.articles.record(TROOPS.id).superseded_by == corrected.id
    assert store.articles.counts().articles == 2
    assert len(store.changes.keys(0, store.changes.last().number)) == 3


def test_articles_taken_in_together_are_all_here_or_none(store: Store) -> None:
    with pytest.raises(VectorsMissing):
        store.articles.add([Prepared(PRIZE, []), prepared(ECLIPSE)], "m")
    assert PRIZE.id not in store.articles
    assert store.changes.last().number == 0


def test_removed_article_is_gone_and_can_come_back(store: Store) -> None:
    add(store, TROOPS)
    store.articles.remove(TROOPS.id)
    assert TROOPS.id not in store.articles
    assert store.articles.counts() == Counts(0, 0)
    with pytest.raises(RemovedArticle, match=f"The article '{TROOPS.id}' has been removed"):
        store.articles.record(TROOPS.id)
    with pytest.raises(RemovedArticle):
        store.articles.remove(TROOPS.id)
    assert add(store, TROOPS) is Outcome.NEW
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(TROOPS)


def test_unknown_article_is_named(store: Store) -> None:
    with pytest.raises(UnknownArticle, match="No article has the id 'nothing'"):
        store.articles.record("nothing")
    with pytest.raises(UnknownArticle):
        store.articles.remove("nothing")


def test_page_is_newest_first_and_undated_last(store: Store) -> None:
    for article in (PRIZE, ECLIPSE, TROOPS):
        add(store, article)
    assert [record.article for record in store.articles.page(0, 2).records] == [TROOPS, ECLIPSE]
    assert [record.article for record in store.articles.page(2, 2).records] == [PRIZE]
    assert store.articles.page(0, 2).total == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [1, 2, 3]),
        (Filters(published_from=date(2024, 4, 8)), [1, 2]),
        (Filters(published_from=date(2024, 4, 9)), [1]),
        (Filters(published_to=date(2024, 4, 8)), [2]),
        (Filters(publishers=("The Daily", "nobody")), [1, 3]),
        (Filters(publishers=("' OR 1=1 --",)), []),
        (Filters(article_ids=(ECLIPSE.id,), publishers=("The Daily",)), []),
        (Filters(article_ids=(ECLIPSE.id, PRIZE.id)), [2, 3]),
    ],
)
def test_filters_leave_what_fits_all_of_them(store: Store, filters: Filters, expected: list[int]) -> None:
    for article in (TROOPS, ECLIPSE, PRIZE):
        add(store, article)
    assert store.articles.matching_keys(filters) == expected


def test_records_come_in_two_selects_without_those_that_are_gone(store: Store) -> None:
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.")
    for article in (TROOPS, newer, ECLIPSE, PRIZE):
        add(store, article)
    store.articles.remove(PRIZE.id)
    wanted = [TROOPS.id, newer.id, ECLIPSE.id, PRIZE.id, TROOPS.id, "0" * 16]
    with counted() as statements:
        found = store.articles.records(wanted)
    assert (
        len([one for one in statements if one.startswith("SELECT")]) == 2
    )  # theirs, and the collections that they are in
    assert {record.article for record in found.values()} == {TROOPS, newer, ECLIPSE}
    assert found[TROOPS.id].superseded_by == newer.id
    assert found[ECLIPSE.id] == store.articles.record(ECLIPSE.id)


def test_store_that_ever_held_another_article_is_told_from_one_that_did_not(store: Store) -> None:
    assert not store.articles.holds_other_than([])
    add(store, TROOPS)
    assert not store.articles.holds_other_than([TROOPS.id, ECLIPSE.id])
    add(store, PRIZE)
    store.articles.remove(PRIZE.id)
    assert store.articles.holds_other_than([TROOPS.id])
    assert store.articles.holds_other_than([])


CORRECTIONS: list[dict[str, str | date]] = [
    {"title": "Troops have arrived"},
    {"author": "Ann Author"},
    {"publisher": "The Weekly"},
    {"agency": "AFP"},
    {"published": date(2024, 12, 15)},
    {"url": "https://example.org/moved", "title": "Moved"},
]


@pytest.mark.parametrize("said", CORRECTIONS)
def test_known_text_of_which_something_else_is_said_is_corrected(store: Store, said: dict[str, str | date]) -> None:
    add(store, TROOPS)
    before = store.changes.last().number
    corrected = replace(TROOPS, **said)  # type: ignore[arg-type]
    assert add(store, corrected) is Outcome.UPDATED
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(corrected)
    assert store.changes.keys(before, store.changes.last().number) == [1]
    assert add(store, corrected) is Outcome.UNCHANGED
    assert store.changes.last().number == before + 1


def test_update_corrects_and_clears_and_says_whether_it_did(store: Store) -> None:
    add(store, TROOPS)
    before = store.changes.last().number
    assert store.articles.update(TROOPS.id, title="Troops have arrived", publisher=None) is Outcome.UPDATED
    expected = replace(TROOPS, title="Troops have arrived", publisher=None)
    assert astuple(store.articles.record(TROOPS.id).article) == astuple(expected)
    assert store.articles.update(TROOPS.id, title="Troops have arrived", publisher=None) is Outcome.UNCHANGED
    assert store.articles.update(TROOPS.id) is Outcome.UNCHANGED
    assert store.changes.last().number == before + 1


def test_update_of_what_is_not_here_or_cannot_be_corrected_is_refused(store: Store) -> None:
    add(store, TROOPS)
    with pytest.raises(UnknownArticle):
        store.articles.update("nothing", title="A")
    with pytest.raises(TypeError, match=r"\['text'\] cannot be corrected: only title, publisher"):
        store.articles.update(TROOPS.id, text="Another text.")
    store.articles.remove(TROOPS.id)
    with pytest.raises(RemovedArticle):
        store.articles.update(TROOPS.id, title="A")


def test_correcting_what_is_not_here_does_nothing(store: Store) -> None:
    add(store, TROOPS)
    store.articles.remove(TROOPS.id)
    for article in (TROOPS, ECLIPSE):
        assert store.articles.correct(article) is Outcome.UNCHANGED
        assert article.id not in store.articles
