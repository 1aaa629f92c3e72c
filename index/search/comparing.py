"""What an engine holds of some articles, compared with what the store has: what audits of all engines share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.store.changes import Change
from index.store.ids import ORDINAL_BITS, Ids
from index.store.store import Store

_TOLERANCE = 1e-3
"""How far numbers of a unit vector may be from those in the store: float16 is that exact."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What an engine holds of some articles: the ids of their searched sentences, (n,), of those that have a vector,
    (m,), and these vectors, (m, dim).
    """

    sentences: Ids
    embedded: Ids
    vectors: Vectors


def drawn(store: Store, held: Ids, sample: int) -> Ids:
    """Return the keys, ascending, of ``sample`` articles of the store and of as many whose sentences are ``held``.

    They are drawn at random; where there are fewer, all are returned.
    """
    own = np.unique(held >> ORDINAL_BITS)
    if len(own) > sample:
        own = np.random.default_rng().choice(own, sample, replace=False)
    return np.union1d(own, np.array(store.articles.drawn_keys(sample), dtype=np.int64))


def within(sentences: Ids, keys: Ids) -> NDArray[np.bool_]:
    """Return which of the sentences are of the articles ``keys``."""
    found: NDArray[np.bool_] = np.isin(sentences >> ORDINAL_BITS, keys)
    return found


def differing(store: Store, model: str, keys: Ids, held: Holding, seen: Change) -> tuple[int, ...]:
    """Return those of the articles, by key, of which something else is held than the store has.

    Articles that have changed since the engine took in the change ``seen`` are left out.
    """
    stored = _stored(store, model, keys.tolist(), held.vectors.shape[1])
    wrong = np.concatenate(
        [
            np.setxor1d(stored.sentences, held.sentences),
            np.setxor1d(stored.embedded, held.embedded),
            _moved(stored, held),
        ]
    )
    found = set((wrong >> ORDINAL_BITS).tolist())
    since = store.changes.keys(seen.number, store.changes.last().number) if found else []
    return tuple(sorted(found.difference(since)))


def _stored(store: Store, model: str, keys: Sequence[int], dim: int) -> Holding:
    sentences = [one for stored in store.sentences.stored(keys) for one in stored.sentence_ids]
    embedded, vectors = store.vectors.of_articles(model, keys, dim)
    return Holding(np.array(sentences, dtype=np.int64), embedded, vectors.astype(np.float32))


def _moved(stored: Holding, held: Holding) -> Ids:
    """Return the ids of the sentences that both have a vector of, but not the same."""
    both, here, there = np.intersect1d(stored.embedded, held.embedded, return_indices=True)
    near = np.isclose(stored.vectors[here], held.vectors[there], rtol=0, atol=_TOLERANCE).all(axis=1)
    moved: Ids = both[~near]
    return moved
