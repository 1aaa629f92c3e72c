"""What articles were read from: kept with them, and gone with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.articles import Article, Origin, Place
from index.errors import RemovedArticle
from index.formats import fields
from index.store.articles import Outcome, Prepared
from index.store.origins import Original
from index.store.store import Store
from index.store.versions import State

ORIGIN = Origin(
    "ab" * 32, "application/pdf", "pdf (pypdf)", "1 (7.1.1)", None, (Place(0, "page 1"), Place(5, "page 2"))
)
SCAN = Article("It began. It ended.", title="A scan", origin=replace(ORIGIN, content=b"%PDF"))
PLAIN = Article("Nothing was told of this one.")


def add(store: Store, article: Article, replaced: str | None = None) -> Outcome:
    return store.articles.add([Prepared(article, [])], replaced=replaced)[0]


def test_origin_comes_back_with_the_article_and_the_original_apart(store: Store) -> None:
    add(store, SCAN)
    add(store, PLAIN)
    found = store.articles.record(SCAN.id).article.origin
    assert found == ORIGIN
    assert found is not None
    assert (found.content, found.place(4), found.place(5)) == (None, "page 1", "page 2")
    assert store.articles.records([SCAN.id])[SCAN.id].article.origin == ORIGIN
    assert [record.article.origin for record in store.articles.page(0, 9).records] == [None, ORIGIN]
    assert store.articles.record(PLAIN.id).article.origin is None
    assert store.origins.original(ORIGIN.sha256) == Original(b"%PDF", "application/pdf")


def test_original_is_kept_once_and_goes_with_the_last_article_read_from_it(store: Store) -> None:
    other = replace(SCAN, text="Another text.")
    add(store, SCAN)
    add(store, other)
    store.articles.remove(SCAN.id)
    assert store.origins.original(ORIGIN.sha256) == Original(b"%PDF", "application/pdf")
    store.articles.remove(other.id)
    assert store.origins.original(ORIGIN.sha256) is None
    with pytest.raises(RemovedArticle):
        store.articles.record(SCAN.id)


def test_article_that_is_added_again_keeps_its_first_origin(store: Store) -> None:
    add(store, SCAN)
    add(store, replace(SCAN, origin=replace(ORIGIN, sha256="cd" * 32)))
    assert store.articles.record(SCAN.id).article.origin == ORIGIN
    add(store, PLAIN)
    add(store, replace(PLAIN, origin=ORIGIN))
    assert store.articles.record(PLAIN.id).article.origin == ORIGIN


def test_outdated_are_those_that_another_version_read_and_whose_original_is_kept(store: Store) -> None:
    unkept = Article("Its original is gone.", origin=replace(ORIGIN, sha256="cd" * 32))
    for article in (SCAN, unkept, PLAIN):
        add(store, article)
    assert store.origins.outdated({"pdf (pypdf)": "1 (7.1.1)"}) == []
    assert store.origins.outdated({"pdf (pypdf)": "2 (7.1.1)"}) == [SCAN.id]
    assert store.origins.outdated({}) == [SCAN.id]
    assert [(kept.article, kept.content) for kept in store.origins.kept([SCAN.id, unkept.id])] == [(SCAN, b"%PDF")]


def test_text_read_anew_replaces_the_old_one_without_any_address(store: Store) -> None:
    better = replace(SCAN, text="It began.\n\nIt ended.")
    add(store, SCAN)
    add(store, PLAIN)
    add(store, better, replaced=SCAN.id)
    assert store.versions.states([SCAN.id, better.id, PLAIN.id]) == {
        SCAN.id: State.SUPERSEDED,
        better.id: State.CURRENT,
        PLAIN.id: State.CURRENT,
    }
    assert [version.id for version in store.versions.history(better.id)] == [SCAN.id, better.id]
    assert store.articles.record(SCAN.id).superseded_by == better.id


@pytest.mark.parametrize("said", [{"published": "2024-12-16"}, {"url": "https://x.org/1"}, {"title": "Better"}])
def test_text_that_was_replaced_stays_so_whatever_is_corrected(store: Store, said: dict[str, str]) -> None:

    better = replace(SCAN, text="It began.\n\nIt ended.")
    add(store, SCAN)
    add(store, better, replaced=SCAN.id)
    for article_id in (SCAN.id, better.id):
        store.articles.update(article_id, **fields.checked(said))
    assert store.versions.states([SCAN.id, better.id]) == {SCAN.id: State.SUPERSEDED, better.id: State.CURRENT}


def test_replaced_text_is_current_again_when_it_is_given_after_its_successor_went(store: Store) -> None:
    better = replace(SCAN, text="It began.\n\nIt ended.")
    add(store, SCAN)
    add(store, better, replaced=SCAN.id)
    assert add(store, SCAN) is Outcome.UNCHANGED
    store.articles.remove(better.id)
    assert add(store, SCAN) is Outcome.NEW
    assert store.versions.states([SCAN.id]) == {SCAN.id: State.CURRENT}


def test_origin_is_written_anew_when_the_text_is_the_same(store: Store) -> None:
    add(store, SCAN)
    newer = replace(ORIGIN, version="2 (7.1.1)", content=b"%PDF")
    store.origins.replace(SCAN.id, newer)
    assert store.articles.record(SCAN.id).article.origin == newer
    assert store.origins.original(ORIGIN.sha256) == Original(b"%PDF", "application/pdf")
