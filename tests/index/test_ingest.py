from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.errors import FullCollections
from index.formats import text
from index.ingest import Added, Ingester
from index.search.engine import Audit, Field
from index.store.articles import Counts, Outcome, Prepared
from index.store.furniture import Judged
from index.store.sentences import IndexedSentence
from index.text import furniture, sentences
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS, CountingEmbedder


def test_add_says_which_articles_are_new(empty: Components) -> None:
    list(empty.ingester.add([ECLIPSE]))
    assert list(empty.ingester.add([TROOPS, ECLIPSE, TROOPS])) == [
        Added(TROOPS, Outcome.NEW, 3),
        Added(ECLIPSE, Outcome.UNCHANGED),
        Added(TROOPS, Outcome.UNCHANGED),
    ]


def test_no_sentence_is_embedded_twice(components: Components, embedder: CountingEmbedder) -> None:
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 7
    shared = Article("The eclipse lasted four minutes. It was dark.")
    list(components.ingester.add([TROOPS, shared]))
    assert embedder.embedded[7:] == ["It was dark."]


def test_batch_is_embedded_by_length(empty: Components, embedder: CountingEmbedder) -> None:
    list(empty.ingester.add([TROOPS]))
    assert [len(text) for text in embedder.embedded] == sorted(len(text) for text in embedder.embedded)


def test_broken_off_add_keeps_what_was_done(empty: Components, embedder: CountingEmbedder) -> None:
    def articles() -> Iterator[Article]:
        yield TROOPS
        yield ECLIPSE
        raise KeyboardInterrupt

    ingester = Ingester(empty.store, embedder, batch=1)
    with pytest.raises(KeyboardInterrupt):
        list(ingester.add(articles()))
    assert TROOPS.id in empty.store.articles
    assert ECLIPSE.id in empty.store.articles
    done = len(embedder.embedded)
    list(ingester.add([TROOPS, ECLIPSE, PRIZE]))
    assert len(embedder.embedded) == done + 2


def test_vectors_dropped_by_a_rebuild_beside_it_are_made_again(empty: Components) -> None:
    store_add = empty.store.articles.add
    calls: list[object] = []

    def prune_first(*arguments: object) -> list[Outcome]:
        if not calls:
            empty.store.vectors.prune("counting")
        calls.append(arguments)
        return store_add(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(empty.store.articles, "add", prune_first)
        assert list(empty.ingester.add([TROOPS])) == [Added(TROOPS, Outcome.NEW, 3)]
    assert empty.store.vectors.unembedded_keys("counting") == []


def test_articles_before_one_that_cannot_be_stored_stay(empty: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.collections.MAX_COLLECTIONS", 1)
    given = [ECLIPSE, replace(TROOPS, collections=("War",)), replace(PRIZE, collections=("Prizes",)), TAXES]
    adding = empty.ingester.add(given)
    assert [next(adding).article for _ in range(2)] == given[:2]
    with pytest.raises(FullCollections):
        next(adding)
    assert [one.id in empty.store.articles for one in given] == [True, True, False, False]


def test_embed_missing_serves_another_embedder(components: Components) -> None:
    other = CountingEmbedder()
    other.model = "other"
    assert list(Ingester(components.store, other).embed_missing()) == [(1, 3), (2, 3), (3, 3)]
    assert len(other.embedded) == 7
    assert list(Ingester(components.store, other).embed_missing()) == []


def test_a_correction_embeds_only_what_is_new(components: Components, embedder: CountingEmbedder) -> None:
    corrected = replace(TROOPS, text=TROOPS.text.replace("10,000", "11,000"))
    list(components.ingester.add([corrected]))
    assert embedder.embedded[7:] == ["North Korea sent 11,000 troops, officials said."]


def test_known_article_is_corrected_by_what_is_said_beside_its_text(components: Components) -> None:
    (added,) = components.ingester.add([replace(TROOPS, title="Troops have arrived")])
    assert (added.outcome, added.is_new, added.is_updated) == (Outcome.UPDATED, False, True)
    assert components.store.articles.record(TROOPS.id).article.title == "Troops have arrived"
    assert components.engine.search_lexical(["arriv"], Field.CONTEXT, 9, Filters())


def test_reading_the_same_file_again_does_not_undo_a_correction(empty: Components) -> None:
    article = text.article("date 2024-12-16 (A- The Daily)\nTroops on the way\n\nIt began on Monday.")
    list(empty.ingester.add([article]))
    empty.store.articles.update(article.id, title=None, publisher="The Weekly", published=date(2024, 12, 15))
    assert [added.outcome for added in empty.ingester.add([article])] == [Outcome.UNCHANGED]
    assert empty.store.articles.record(article.id).article.publisher == "The Weekly"


def test_furniture_is_kept_and_not_embedded(empty: Components, embedder: CountingEmbedder) -> None:
    list(empty.ingester.add([TAXES]))
    assert sorted(embedder.embedded) == ["The council raised taxes on Monday.", "The mayor was there."]
    (stored,) = empty.store.sentences.stored([1])
    assert [s.is_furniture for s in stored.sentences] == [False, True, False, True]
    assert empty.ingester.mark_furniture() == 0
    assert list(empty.ingester.embed_missing()) == []


def test_archive_from_before_is_marked_before_it_is_searched(empty: Components, embedder: CountingEmbedder) -> None:
    unmarked = [IndexedSentence(s, s.text) for s in sentences.split(TAXES)]
    empty.ingester.embed(one.embedded for one in unmarked)
    empty.store.articles.add([Prepared(TAXES, unmarked)], embedder.model)
    assert empty.store.articles.counts() == Counts(1, 4)
    empty.engine.catch_up()
    assert empty.store.articles.counts() == Counts(1, 2)
    assert empty.engine.audit() == Audit(2, 2, 1, ())


def test_what_is_furniture_no_longer_is_embedded_first(empty: Components, embedder: CountingEmbedder) -> None:
    every = [replace(s, is_furniture=True) for s in sentences.split(TAXES)]
    empty.store.articles.add([Prepared(TAXES, [IndexedSentence(s, s.text) for s in every])], embedder.model)
    assert empty.ingester.mark_furniture() == 1
    assert sorted(embedder.embedded) == ["The council raised taxes on Monday.", "The mayor was there."]
    assert empty.engine.audit() == Audit(2, 2, 1, ())


def test_marking_that_is_broken_off_goes_on_where_it_was(empty: Components, monkeypatch: pytest.MonkeyPatch) -> None:
    for article in (TAXES, ECLIPSE, PRIZE):
        indexed = [IndexedSentence(s, s.text) for s in sentences.split(article)]
        empty.store.articles.add([Prepared(article, indexed)])
    monkeypatch.setattr("index.ingest._MARKED_AT_ONCE", 1)
    mark = empty.store.furniture.mark

    def twice(judged: list[Judged], rules: int) -> None:
        if judged[0].stored.article == PRIZE:
            raise KeyboardInterrupt
        mark(judged, rules)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(empty.store.furniture, "mark", twice)
        with pytest.raises(KeyboardInterrupt):
            empty.ingester.mark_furniture()
    assert [one.article for one in empty.store.furniture.outdated(furniture.RULES, 9)] == [PRIZE]
    assert empty.ingester.mark_furniture() == 1
    assert empty.store.articles.counts() == Counts(3, 6)
