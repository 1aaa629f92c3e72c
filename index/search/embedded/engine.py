"""The default ``SearchEngine``: keeps FAISS and tantivy in step with the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from pathlib import Path
from threading import RLock

import numpy as np

from index.articles import Filters
from index.embedding.embedder import Vectors
from index.errors import IndexMismatch
from index.search.comparing import Holding, differing, drawn, within
from index.search.embedded.lexical import LexicalIndex
from index.search.embedded.vectors import SentenceVectors, Sizes
from index.search.embedded.words import Words
from index.search.engine import ArticleMatch, Audit, Field, Match, Matches, Progress, silent
from index.store.changes import NOWHERE, Change
from index.store.ids import Ids
from index.store.store import Store

DEFAULT_SIZES = Sizes()


class EmbeddedEngine:
    """Vectors and words in a folder shared by all processes on the store."""

    def __init__(self, store: Store, model: str, dim: int, folder: Path, sizes: Sizes = DEFAULT_SIZES) -> None:
        self._store, self._model = store, model
        inside = folder / re.sub(r"[^A-Za-z0-9.@-]+", "-", model)
        self._words = Words(store, inside / "lexical")
        self._vectors = SentenceVectors(store, model, dim, inside, sizes)
        self._lock = RLock()

    # Following the store

    def is_caught_up(self) -> bool:
        """Whether every change to the store has been taken in, and nothing is being repaired."""
        return self._vectors.seen == self._words.seen == self._store.changes.last()

    def lag(self) -> int:
        """Return how many changes to the store have not been taken in."""
        seen = self._vectors.seen or NOWHERE
        return abs(self._store.changes.last().number - seen.number)

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take in what has changed in the store since last time; if nothing has, this is one cheap query.

        :raises LockHeld: if another process holds the lock for long.
        """
        self._catch_up(self._words.follow, progress or silent)

    def _catch_up(self, follow_words: Callable[[Change], None], progress: Progress) -> None:
        if self.is_caught_up() and self._vectors.is_latest() and self._words.is_latest():
            return
        with self._lock:
            last = self._store.changes.last()  # asked again: another thread may have got further meanwhile
            self._vectors.follow(last, progress)
            follow_words(last)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Forget everything and take in the whole store.

        :raises LockHeld: if another process holds the lock for long.
        :raises Unwritable: if the files cannot be written.
        """
        with self._lock:
            last = self._store.changes.last()
            self._vectors.rebuild(last, progress or silent)
            self._words.rebuild(last)

    def maintain(self, progress: Progress | None = None) -> None:
        """Write the vectors' next file, if enough has changed, unless another process is doing it."""
        self._vectors.follow(self._store.changes.last(), silent)  # as nobody may have asked this process for long
        self._vectors.maintain(progress or silent)

    def close(self) -> None:
        """Do nothing: there are no connections."""

    @property
    def damaged(self) -> list[str]:
        """The files that were found damaged since the start; all were then made anew from the store."""
        return [*self._vectors.damaged, *self._words.damaged]

    # Searching

    def search(self, query: Vectors, terms: Sequence[str], k: int, filters: Filters) -> Matches:
        """Return the ``k`` sentences nearest to the unit vector ``query``, and the ``k`` best by BM25 in each field.

        Furniture is left out. Vectors and words are searched at once: FAISS and tantivy let other threads work.
        """
        self._catch_up(self._words.follow_or_go_on, silent)
        # A thread for each search costs 0.1 ms, and none of them is lost when a server forks.
        with ThreadPoolExecutor(1, "vectors") as beside:
            dense = beside.submit(copy_context().run, self._vectors.search, query, k, filters)
            few = self._few(filters)
            sentence, context = (
                self._words.ask(
                    partial(LexicalIndex.search, terms=terms, field=field, k=k, filters=filters, keys=few, of_all=False)
                )
                for field in (Field.SENTENCE, Field.CONTEXT)
            )
            return Matches(dense.result(), sentence, context)

    def search_lexical(self, terms: Sequence[str], field: Field, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences that best match the normalized ``terms`` by BM25, best first, furniture too."""
        self._catch_up(self._words.follow_or_go_on, silent)
        few = self._few(filters)
        return self._words.ask(
            partial(LexicalIndex.search, terms=terms, field=field, k=k, filters=filters, keys=few, of_all=True)
        )

    def search_articles(self, terms: Sequence[str], k: int, filters: Filters) -> list[ArticleMatch]:
        """Return the ``k`` articles that best match the normalized ``terms``, all of which they have, best first."""
        self._catch_up(self._words.follow_or_go_on, silent)
        few = self._few(filters)
        return self._words.ask(partial(LexicalIndex.search_articles, terms=terms, k=k, filters=filters, keys=few))

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the normalized words here that begin with ``prefix``, and in how many sentences each is."""
        self._catch_up(self._words.follow_or_go_on, silent)
        return self._words.ask(partial(LexicalIndex.terms, prefix=prefix))

    def similarities(self, query: Vectors, sentence_ids: Sequence[int]) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""
        return self._vectors.similarities(query, np.array(sentence_ids, dtype=np.int64))

    def _few(self, filters: Filters) -> Ids | None:
        """Return the keys of the articles that the filters name; None if they name none."""
        named = filters.article_ids
        return np.array(self._store.articles.matching_keys(Filters(article_ids=named)), np.int64) if named else None

    def audit(self, sample: int = 1_000) -> Audit:
        """Count what is here, and compare articles drawn at random with the store.

        All files are read again; those that are damaged are made anew first.

        :raises IndexMismatch: if vectors and words do not hold the same sentences.
        """
        with self._lock:
            self._words.verify(self._store.changes.last())
            self.catch_up()
            kept = self._vectors.verified()
            last = self._vectors.seen or NOWHERE
            embedded, words = np.sort(kept.ids()), self._words.ask(LexicalIndex.sentence_ids)
            self._compare_parts(embedded, words)
            keys = drawn(self._store, words, sample)
            here = embedded[within(embedded, keys)]
            held = Holding(words[within(words, keys)], here, kept.vectors(here))
        return Audit(len(words), len(embedded), len(keys), differing(self._store, self._model, keys, held, last))

    def _compare_parts(self, embedded: Ids, words: Ids) -> None:
        """See that each sentence that has a vector has its words, and each that has words a vector, if there is one.

        :raises IndexMismatch: if not.
        """
        strays = np.setdiff1d(embedded, words)
        if len(lacking := np.setdiff1d(words, embedded)):
            unembedded = self._store.vectors.unembedded_keys(self._model)
            strays = np.concatenate([strays, lacking[~within(lacking, np.array(unembedded, dtype=np.int64))]])
        if len(strays) or len(np.unique(embedded)) != len(embedded) or len(np.unique(words)) != len(words):
            raise IndexMismatch(
                f"FAISS holds {len(embedded):,} sentences and tantivy {len(words):,}, "
                f"{len(strays):,} of them not in both. Run the command `rebuild`."
            )
