"""The default ``SearchEngine``: keeps FAISS and tantivy in step with the store."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import RLock

import numpy as np

from index.articles import Filters
from index.embedding.embedder import Vectors
from index.errors import IndexMismatch
from index.search.embedded.dense import DenseIndex
from index.search.embedded.lexical import LexicalIndex
from index.search.engine import Field, Match, Matches, Progress
from index.store.ids import ORDINAL_BITS, Ids
from index.store.store import Store

MANIFEST = "manifest.json"
_STEP = 200  # articles taken in at a time, which bounds the memory used meanwhile


class EmbeddedEngine:
    """Vectors in this process's memory, words in a folder shared by all processes on the store.

    The vectors are saved now and then, so that the next start reads one file instead of many rows: once
    ``save_after`` sentences have changed.
    """

    def __init__(self, store: Store, model: str, dim: int, folder: Path, save_after: int = 2_000) -> None:
        self._store, self._model, self._dim, self._save_after = store, model, dim, save_after
        self._folder = folder / re.sub(r"[^A-Za-z0-9.@-]+", "-", model)
        self._lexical = LexicalIndex(self._folder / "lexical")
        self._lock = RLock()
        self._dense, self._seen, self._unsaved = DenseIndex(dim), 0, 0
        self._load()

    # Following the store

    def is_caught_up(self) -> bool:
        """Whether every change to the store has been taken in."""
        return self._seen == self._store.changes.last()

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take in what has changed in the store since last time; if nothing has, this is one cheap query."""
        if self.is_caught_up():
            return
        with self._lock:
            last = self._store.changes.last()  # asked again: another thread may have got further meanwhile
            if last < self._seen:  # an older copy of the database was put in its place
                self._forget()
            self._follow_dense(last, progress or _silent)
            self._follow_lexical(last)
            self._seen = last
            if self._unsaved >= self._save_after:
                self.save()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Forget everything and take in the whole store."""
        with self._lock:
            self._forget()
            last = self._store.changes.last()
            self._follow_dense(last, progress or _silent)
            self._follow_lexical(last, anew=True)
            self._seen = last
            self.save()

    def _forget(self) -> None:
        self._dense, self._seen, self._unsaved = DenseIndex(self._dim), 0, 0

    def _follow_dense(self, last: int, progress: Progress) -> None:
        changed = self._store.changes.keys(self._seen, last)
        self._dense.remove_articles(np.array(changed, dtype=np.int64))
        for done, keys in _steps(changed):
            ids, vectors = self._store.vectors.of_articles(self._model, keys, self._dim)
            self._dense.add(ids, vectors)
            self._unsaved += len(ids)
            progress(done, len(changed))

    def _follow_lexical(self, last: int, anew: bool = False) -> None:
        with self._lexical.locked():
            try:
                self._update_lexical(last, anew)
            except (ValueError, OSError):  # its files are damaged, or gone
                self._lexical.reset()
                self._update_lexical(last, anew=True)

    def _update_lexical(self, last: int, anew: bool) -> None:
        note = None if anew else self._lexical.seen()
        if note is not None and self._store.changes.token(note.change) != note.token:
            note = None
        if note is None or note.change < last:
            changed = self._store.changes.keys(note.change if note else 0, last)
            token = self._store.changes.token(last)
            assert token is not None
            self._lexical.update(changed if note else None, self._store.sentences.stored(changed), last, token)

    # The saved vectors

    def save(self) -> None:
        """Write the vectors beside the old ones, then let the manifest name them: there is always a saved copy."""
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"vectors-{self._seen}-{os.getpid()}.faiss"
            manifest = {
                "model": self._model,
                "dim": self._dim,
                "change": self._seen,
                "token": self._store.changes.token(self._seen),
                "count": len(self._dense),
                "file": path.name,
                "sha256": self._dense.save(path),
            }
            fresh = self._folder / f"{MANIFEST}.{os.getpid()}"
            fresh.write_text(json.dumps(manifest, indent=1))
            fresh.replace(self._folder / MANIFEST)
            for old in self._folder.glob("vectors-*.faiss"):
                if old.name != path.name:
                    old.unlink(missing_ok=True)
            self._unsaved = 0

    def _load(self) -> None:
        """Read the saved vectors; if missing, damaged or another store's, they come from the store later instead."""
        try:
            manifest = json.loads((self._folder / MANIFEST).read_bytes())
            change, token = int(manifest["change"]), manifest["token"]
            if (manifest["model"], manifest["dim"]) != (self._model, self._dim):
                return
            if self._store.changes.token(change) != token:
                return
            dense = DenseIndex.load(self._folder / manifest["file"], manifest["sha256"], self._dim)
        except (OSError, ValueError, KeyError, TypeError, IndexMismatch):
            return
        if manifest["count"] == len(dense):
            self._dense, self._seen = dense, change
            self._follow_lexical(change)

    # Searching

    def search(self, query: Vectors, terms: Sequence[str], k: int, filters: Filters) -> Matches:
        """Return the ``k`` sentences nearest to the unit vector ``query``, and the ``k`` best by BM25 in each field.

        Furniture is left out.
        """
        self.catch_up()
        keys = self._keys(filters)
        with self._lock:
            dense = self._dense.search(query, k, keys)
        return Matches(
            dense,
            self._by_words(terms, Field.SENTENCE, k, keys, of_all=False),
            self._by_words(terms, Field.CONTEXT, k, keys, of_all=False),
        )

    def search_lexical(self, terms: Sequence[str], field: Field, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences that best match the normalized ``terms`` by BM25, best first, furniture too."""
        self.catch_up()
        return self._by_words(terms, field, k, self._keys(filters), of_all=True)

    def _by_words(self, terms: Sequence[str], field: Field, k: int, keys: Ids | None, *, of_all: bool) -> list[Match]:
        """Search tantivy's files; if damaged, they are rebuilt from the store first."""
        try:
            return self._lexical.search(terms, field, k, keys, of_all=of_all)
        except (ValueError, OSError):
            with self._lock:
                self._follow_lexical(self._seen, anew=True)
            return self._lexical.search(terms, field, k, keys, of_all=of_all)

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the normalized words here that begin with ``prefix``, and in how many sentences each is."""
        self.catch_up()
        try:
            return self._lexical.terms(prefix)
        except (ValueError, OSError):
            with self._lock:
                self._follow_lexical(self._seen, anew=True)
            return self._lexical.terms(prefix)

    def similarities(self, query: Vectors, sentence_ids: Sequence[int]) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""
        with self._lock:
            return self._dense.similarities(query, np.array(sentence_ids, dtype=np.int64))

    def _keys(self, filters: Filters) -> Ids | None:
        return np.array(self._store.articles.matching_keys(filters), dtype=np.int64) if filters else None

    def sentence_ids(self) -> set[int]:
        """Return the ids of all sentences here, those without a vector yet among them, furniture aside.

        :raises IndexMismatch: if vectors and words do not hold the same sentences.
        """
        self.catch_up()
        with self._lock:
            dense, lexical = {int(i) for i in self._dense.ids}, self._lexical.sentence_ids()
        unembedded = set(self._store.vectors.unembedded_keys(self._model)) if dense != lexical else set()
        stray = {one for one in dense ^ lexical if one in dense or one >> ORDINAL_BITS not in unembedded}
        if stray or len(dense) != len(self._dense):
            raise IndexMismatch(
                f"FAISS holds {len(self._dense)} sentences and tantivy {len(lexical)}, "
                f"{len(stray)} of them not in both: run the command `rebuild`."
            )
        return lexical


def _steps(keys: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for first in range(0, len(keys), _STEP):
        step = keys[first : first + _STEP]
        yield first + len(step), step


def _silent(_done: int, _total: int) -> None:
    return
