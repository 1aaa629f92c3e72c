from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.articles import Article
from index.ingest import Added, Ingester
from service.wiring import Parts
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder


def test_add_says_which_articles_are_new(empty: Parts) -> None:
    list(empty.ingester.add([ECLIPSE]))
    assert list(empty.ingester.add([TROOPS, ECLIPSE, TROOPS])) == [
        Added(TROOPS, True),
        Added(ECLIPSE, False),
        Added(TROOPS, False),
    ]


def test_no_sentence_is_embedded_twice(parts: Parts, embedder: CountingEmbedder) -> None:
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 7
    shared = Article("The eclipse lasted four minutes. It was dark.")
    list(parts.ingester.add([TROOPS, shared]))
    assert embedder.embedded[7:] == ["It was dark."]


def test_batch_is_embedded_by_length(empty: Parts, embedder: CountingEmbedder) -> None:
    list(empty.ingester.add([TROOPS]))
    assert [len(text) for text in embedder.embedded] == sorted(len(text) for text in embedder.embedded)


def test_broken_off_add_keeps_what_was_done(empty: Parts, embedder: CountingEmbedder) -> None:
    def articles() -> Iterator[Article]:
        yield TROOPS
        yield ECLIPSE
        raise KeyboardInterrupt

    ingester = Ingester(empty.store, embedder, batch=1)
    with pytest.raises(KeyboardInterrupt):
        list(ingester.add(articles()))
    assert TROOPS.id in empty.store
    assert ECLIPSE.id in empty.store
    done = len(embedder.embedded)
    list(ingester.add([TROOPS, ECLIPSE, PRIZE]))
    assert len(embedder.embedded) == done + 2


def test_vectors_dropped_by_a_rebuild_beside_it_are_made_again(empty: Parts) -> None:
    store_add = empty.store.add
    calls: list[object] = []

    def prune_first(*arguments: object) -> bool:
        if not calls:
            empty.store.prune_vectors("counting")
        calls.append(arguments)
        return store_add(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(empty.store, "add", prune_first)
        assert list(empty.ingester.add([TROOPS])) == [Added(TROOPS, True)]
    assert empty.store.unembedded_keys("counting") == []


def test_embed_missing_serves_another_embedder(parts: Parts) -> None:
    other = CountingEmbedder()
    other.model = "other"
    assert Ingester(parts.store, other).embed_missing() == 3
    assert len(other.embedded) == 7
    assert Ingester(parts.store, other).embed_missing() == 0


def test_a_correction_embeds_only_what_is_new(parts: Parts, embedder: CountingEmbedder) -> None:
    corrected = replace(TROOPS, text=TROOPS.text.replace("10,000", "11,000"))
    list(parts.ingester.add([corrected]))
    assert embedder.embedded[7:] == ["North Korea sent 11,000 troops, officials said."]
