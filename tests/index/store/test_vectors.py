from __future__ import annotations

import numpy as np
import pytest

from index.errors import IndexMismatch
from index.store.ids import digest, sentence_id
from index.store.store import Store
from index.text import sentences
from tests.conftest import ECLIPSE
from tests.index.store.conftest import add


def test_vectors_come_back_as_float16_by_sentence(store: Store) -> None:
    add(store, ECLIPSE)
    first, second = (digest(s.text) for s in sentences.prose(ECLIPSE))
    assert store.vectors.missing("m", [first, second]) == {first, second}
    store.vectors.add("m", {first: np.array([1, 0.1], np.float32), second: np.array([0, 2], np.float32)})
    store.vectors.add("m", {first: np.array([9, 9], np.float32)})
    ids, vectors = store.vectors.of_articles("m", [1], dim=2)
    assert ids.tolist() == [sentence_id(1, 0), sentence_id(1, 1)]
    assert vectors.tolist() == np.array([[1, 0.1], [0, 2]], np.float16).tolist()
    assert store.vectors.missing("m", [first, second]) == set()
    assert store.vectors.missing("other", [first]) == {first}


def test_sentence_without_a_vector_is_left_out(store: Store) -> None:
    add(store, ECLIPSE)
    _, second = (digest(s.text) for s in sentences.prose(ECLIPSE))
    store.vectors.add("m", {second: np.array([0, 2], np.float32)})
    ids, vectors = store.vectors.of_articles("m", [1], dim=2)
    assert (ids.tolist(), vectors.tolist()) == ([sentence_id(1, 1)], [[0, 2]])
    assert store.vectors.unembedded_keys("m") == [1]


def test_short_vector_says_what_to_do(store: Store) -> None:
    add(store, ECLIPSE)
    store.vectors.add("m", {digest(s.text): np.array([0, 2], np.float32) for s in sentences.prose(ECLIPSE)})
    with pytest.raises(IndexMismatch, match=r"have no vectors from the embedder 'm'\. Run the command `rebuild`"):
        store.vectors.of_articles("m", [1], dim=3)


def test_vector_that_comes_later_changes_the_articles_that_hold_its_text(store: Store) -> None:
    add(store, ECLIPSE)
    last = store.changes.last().number
    first = sentences.prose(ECLIPSE)[0].text
    store.vectors.add("m", {digest(first): np.array([1, 0], np.float32)})
    assert store.changes.keys(last, store.changes.last().number) == [1]
    last = store.changes.last().number
    store.vectors.add("m", {digest("nowhere"): np.array([1, 0], np.float32)})
    assert store.changes.last().number == last


def test_prune_drops_other_models_and_what_no_sentence_has(store: Store) -> None:
    add(store, ECLIPSE)
    used = digest(sentences.prose(ECLIPSE)[0].text)
    vector = np.array([1, 0], np.float32)
    store.vectors.add("m", {used: vector, digest("gone"): vector})
    store.vectors.add("other", {used: vector})
    assert store.vectors.prune("m") == 2
    assert store.vectors.missing("m", [used]) == set()
