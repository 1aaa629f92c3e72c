from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.store.articles import Counts
from index.store.furniture import Judged
from index.store.ids import digest, sentence_id
from index.store.sentences import StoredArticle
from index.store.store import Store
from tests.conftest import ECLIPSE, PRIZE
from tests.index.store.conftest import add


def judged(stored: StoredArticle, *furniture: int) -> Judged:
    return Judged(stored, [replace(s, is_furniture=s.ordinal in furniture) for s in stored.sentences])


def test_marks_are_kept_with_the_rules_that_made_them(store: Store) -> None:
    add(store, ECLIPSE)
    add(store, PRIZE)
    eclipse, prize = store.furniture.outdated(1, most=9)
    assert [one.article for one in store.furniture.outdated(1, most=1)] == [ECLIPSE]
    store.furniture.mark([judged(eclipse, 1), judged(prize)], rules=1)
    assert store.furniture.outdated(1, most=9) == []
    assert len(store.furniture.outdated(2, most=9)) == 2
    kept = next(store.sentences.stored([1]))
    assert [s.is_furniture for s in kept.sentences] == [False, True]
    assert [s.ordinal for s in kept.searched] == [0]
    assert kept.sentence_ids == [sentence_id(1, 0)]
    assert store.articles.counts() == Counts(articles=2, sentences=3)


def test_engines_are_told_of_articles_whose_marks_changed(store: Store) -> None:
    add(store, ECLIPSE)
    add(store, PRIZE)
    before = store.changes.last().number
    eclipse, prize = store.furniture.outdated(1, most=9)
    store.furniture.mark([judged(eclipse, 1), judged(prize)], rules=1)
    assert store.changes.keys(before, store.changes.last().number) == [1]


def test_whoever_is_second_changes_nothing(store: Store) -> None:
    add(store, ECLIPSE)
    (found,) = store.furniture.outdated(2, most=9)
    store.furniture.mark([judged(found)], rules=2)
    store.furniture.mark([judged(found, 0, 1)], rules=1)
    assert store.articles.counts().sentences == 2


def test_article_removed_meanwhile_stays_removed(store: Store) -> None:
    add(store, ECLIPSE)
    found = store.furniture.outdated(1, most=9)
    store.articles.remove(ECLIPSE.id)
    store.furniture.mark([judged(one, 0) for one in found], rules=1)
    assert store.articles.counts() == Counts(0, 0)
    assert store.furniture.outdated(1, most=9) == []


def test_superseded_article_is_marked_too(store: Store) -> None:
    add(store, replace(ECLIPSE, url="https://example.org/a"))
    add(store, replace(PRIZE, url="https://example.org/a"))
    assert [one.article for one in store.furniture.outdated(1, most=9)] == [ECLIPSE, PRIZE]


def test_furniture_needs_no_vector_and_keeps_none(store: Store) -> None:
    add(store, ECLIPSE)
    (found,) = store.furniture.outdated(1, most=9)
    store.furniture.mark([judged(found, 0, 1)], rules=1)
    assert store.vectors.unembedded_keys("m") == []
    assert store.vectors.of_articles("m", [1], dim=2)[0].tolist() == []
    store.vectors.add("m", {digest(s.text): np.ones(2, np.float32) for s in found.sentences})
    assert store.vectors.prune("m") == 2
