from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from index import sentences
from index.articles import Article, Filters
from index.errors import IndexMismatch, RemovedArticle, UnknownArticle, VectorsMissing
from index.store import Counts, IndexedSentence, State, Store, digest, sentence_id
from tests.conftest import ECLIPSE, PRIZE, TROOPS


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'inner' / 'news.db'}")


def add(store: Store, article: Article) -> bool:
    return store.add(article, [IndexedSentence(s, s.text) for s in sentences.prose(article)])


def explained(ask: Callable[[], object]) -> list[str]:
    """Return how SQLite goes about what is asked."""
    plans: list[str] = []

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def explain(_: object, cursor: sqlite3.Cursor, statement: str, parameters: tuple[object, ...], *__: object) -> None:
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        plans.extend(str(row[3]) for row in rows)

    try:
        assert ask()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", explain)
    return plans


def test_added_article_comes_back_as_it_was(store: Store) -> None:
    assert add(store, TROOPS)
    assert store.record(TROOPS.id).article == TROOPS
    assert store.counts() == Counts(articles=1, sentences=3)


def test_adding_twice_changes_nothing(store: Store) -> None:
    add(store, TROOPS)
    before = store.last_change()
    assert not add(store, replace(TROOPS, title="Another title"))
    assert store.record(TROOPS.id).article.title == TROOPS.title
    assert store.last_change() == before


def test_articles_without_url_never_supersede_each_other(store: Store) -> None:
    add(store, ECLIPSE)
    add(store, PRIZE)
    assert store.counts().articles == 2


def test_changed_article_supersedes_the_old_one_which_still_opens(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    add(store, TROOPS)
    add(store, corrected)
    assert [record.article for record in store.page(0, 10).records] == [corrected]
    assert store.record(TROOPS.id).superseded_by == corrected.id
    assert store.record(TROOPS.id).article == TROOPS


def test_older_version_added_late_does_not_supersede(store: Store) -> None:
    old = replace(TROOPS, text="North Korea sent troops.", published=date(2024, 12, 1))
    add(store, TROOPS)
    add(store, old)
    assert [record.article for record in store.page(0, 10).records] == [TROOPS]
    assert store.record(old.id).superseded_by == TROOPS.id


def test_superseded_article_comes_back_only_when_its_successor_is_gone(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    add(store, TROOPS)
    add(store, corrected)
    assert not store.revive(TROOPS.id)
    store.remove(corrected.id)
    assert store.counts().articles == 0
    assert store.revive(TROOPS.id)
    assert [record.article for record in store.page(0, 10).records] == [TROOPS]


def test_article_whose_vectors_were_dropped_meanwhile_is_not_taken_in(store: Store) -> None:
    with pytest.raises(VectorsMissing):
        store.add(ECLIPSE, [IndexedSentence(s, s.text) for s in sentences.prose(ECLIPSE)], "m")
    assert ECLIPSE.id not in store


def test_seeding_is_remembered(store: Store) -> None:
    assert not store.is_seeded()
    store.note_seeded()
    assert store.is_seeded()


def test_tokens_tell_a_change_from_another_with_its_number(store: Store) -> None:
    add(store, ECLIPSE)
    assert store.token(0) == store.identity
    assert store.token(1) not in {None, store.identity}
    assert store.token(2) is None


def test_removed_article_is_gone_and_can_come_back(store: Store) -> None:
    add(store, TROOPS)
    store.remove(TROOPS.id)
    assert TROOPS.id not in store
    assert store.counts() == Counts(0, 0)
    with pytest.raises(RemovedArticle, match=f"The article '{TROOPS.id}' has been removed"):
        store.record(TROOPS.id)
    with pytest.raises(RemovedArticle):
        store.remove(TROOPS.id)
    assert add(store, TROOPS)
    assert store.record(TROOPS.id).article == TROOPS


def test_states_tell_what_became_of_articles(store: Store) -> None:
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.", published=date(2024, 12, 20))
    for article in (TROOPS, newer, ECLIPSE, PRIZE):
        add(store, article)
    store.remove(PRIZE.id)
    assert store.states([TROOPS.id, newer.id, ECLIPSE.id, PRIZE.id, "0" * 16]) == {
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
    found = store.history(TROOPS.id)
    assert [(version.id, version.title, version.state) for version in found] == [
        (early.id, "Troops on the way", State.SUPERSEDED),
        (TROOPS.id, "Troops on the way", State.SUPERSEDED),
        (newer.id, "More", State.CURRENT),
    ]
    assert store.history(early.id) == store.history(newer.id) == found
    assert [version.id for version in store.history(ECLIPSE.id)] == [ECLIPSE.id]


def test_history_keeps_the_place_of_removed_versions(store: Store) -> None:
    versions = [replace(TROOPS, text=f"Version {n}.") for n in range(5)]
    for article in versions:
        add(store, article)
    for n in (0, 2, 4):
        store.remove(versions[n].id)
    newest = replace(TROOPS, text="Version 5.")
    add(store, newest)
    found = store.history(versions[1].id)
    assert [version.id for version in found] == [article.id for article in [*versions, newest]]
    gone, old = State.REMOVED, State.SUPERSEDED
    assert [version.state for version in found] == [gone, old, gone, old, gone, State.CURRENT]
    assert {version.title for version in found if version.state is gone} == {None}
    with pytest.raises(RemovedArticle):
        store.history(versions[0].id)
    with pytest.raises(UnknownArticle):
        store.history("nothing")


def test_version_that_comes_back_is_current_and_last(store: Store) -> None:
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    for article in (TROOPS, corrected):
        add(store, article)
    store.remove(TROOPS.id)
    add(store, TROOPS)
    states = [(version.id, version.state) for version in store.history(TROOPS.id)]
    assert states == [(corrected.id, State.SUPERSEDED), (TROOPS.id, State.CURRENT)]


def test_versions_are_found_without_going_through_all_articles(store: Store, tmp_path: Path) -> None:
    with sa.create_engine(f"sqlite:///{tmp_path / 'inner' / 'news.db'}").begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_articles_superseded_by"))  # as in a database from before
    Store.open(f"sqlite:///{tmp_path / 'inner' / 'news.db'}")
    add(store, TROOPS)
    plans = explained(lambda: store.history(TROOPS.id))
    assert any("ix_articles_superseded_by" in plan for plan in plans)
    assert "SCAN articles" not in plans


def test_unknown_article_is_named(store: Store) -> None:
    with pytest.raises(UnknownArticle, match="No article has the id 'nothing'"):
        store.record("nothing")
    with pytest.raises(UnknownArticle):
        store.remove("nothing")


def test_page_is_newest_first_and_undated_last(store: Store) -> None:
    for article in (PRIZE, ECLIPSE, TROOPS):
        add(store, article)
    assert [record.article for record in store.page(0, 2).records] == [TROOPS, ECLIPSE]
    assert [record.article for record in store.page(2, 2).records] == [PRIZE]
    assert store.page(0, 2).total == 3
    assert store.publishers(10) == ["Sky", "The Daily"]
    assert store.publishers(1) == ["The Daily"]


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
    assert store.matching_keys(filters) == expected


def test_passage_is_the_sentence_with_its_neighbours(store: Store) -> None:
    add(store, TROOPS)
    ids = [sentence_id(1, ordinal) for ordinal in (0, 2, 3)]
    passages = store.passages(ids, neighbours=1)
    assert [passages[i].sentence.text for i in ids[:2]] == [
        "North Korea sent 10,000 troops, officials said.",
        "Kyiv holds its territory.",
    ]
    assert passages[ids[0]].text == "North Korea sent 10,000 troops, officials said. The 94th brigade was among them."
    assert passages[ids[1]].text == "The 94th brigade was among them.\n\nKyiv holds its territory."
    assert ids[2] not in passages


def test_passages_are_found_without_going_through_all_sentences(store: Store) -> None:
    add(store, TROOPS)
    plans = explained(lambda: store.passages([sentence_id(1, 1)], 1))
    assert any(plan.startswith("SEARCH sentences") for plan in plans)
    assert "SCAN sentences" not in plans


def test_passages_of_removed_and_superseded_articles_are_left_out(store: Store) -> None:
    for article in (TROOPS, replace(TROOPS, text="New text."), ECLIPSE):
        add(store, article)
    store.remove(ECLIPSE.id)
    ids = [sentence_id(key, 0) for key in (1, 2, 3)]
    assert list(store.passages(ids, 0)) == [ids[1]]
    assert store.published(ids) == {ids[1]: TROOPS.published}


def test_vectors_come_back_as_float16_by_sentence(store: Store) -> None:
    add(store, ECLIPSE)
    first, second = (digest(s.text) for s in sentences.prose(ECLIPSE))
    assert store.missing_digests("m", [first, second]) == {first, second}
    store.add_vectors("m", {first: np.array([1, 0.1], np.float32), second: np.array([0, 2], np.float32)})
    store.add_vectors("m", {first: np.array([9, 9], np.float32)})
    ids, vectors = store.vectors("m", [1], dim=2)
    assert ids.tolist() == [sentence_id(1, 0), sentence_id(1, 1)]
    assert vectors.tolist() == np.array([[1, 0.1], [0, 2]], np.float16).tolist()
    assert store.missing_digests("m", [first, second]) == set()
    assert store.missing_digests("other", [first]) == {first}


def test_missing_or_short_vectors_say_what_to_do(store: Store) -> None:
    add(store, ECLIPSE)
    with pytest.raises(IndexMismatch, match="lacks vectors of the embedder 'm': run `python -m service rebuild`"):
        store.vectors("m", [1], dim=2)
    assert store.unembedded_keys("m") == [1]


def test_prune_drops_other_models_and_what_no_sentence_has(store: Store) -> None:
    add(store, ECLIPSE)
    used = digest(sentences.prose(ECLIPSE)[0].text)
    vector = np.array([1, 0], np.float32)
    store.add_vectors("m", {used: vector, digest("gone"): vector})
    store.add_vectors("other", {used: vector})
    assert store.prune_vectors("m") == 2
    assert store.missing_digests("m", [used]) == set()


def test_check_finds_a_text_that_was_tampered_with(store: Store, tmp_path: Path) -> None:
    add(store, ECLIPSE)
    assert store.check().broken == ()
    with sa.create_engine(f"sqlite:///{tmp_path / 'inner' / 'news.db'}").begin() as connection:
        connection.execute(sa.text("UPDATE articles SET text = replace(text, 'four', 'nine')"))
    assert store.check().broken == (ECLIPSE.id,)


def test_database_of_another_version_is_refused(store: Store, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inner' / 'news.db'}"
    with sa.create_engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE about SET schema_version = 99"))
    with pytest.raises(IndexMismatch, match="has schema 99, this Newsquote reads 1"):
        Store.open(url)


def test_identity_is_of_the_database(store: Store, tmp_path: Path) -> None:
    again = Store.open(f"sqlite:///{tmp_path / 'inner' / 'news.db'}")
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert store.identity == again.identity != other.identity
