"""The default ``SearchEngine``: keeps FAISS and tantivy in step with the store."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import RLock

import numpy as np

from index.articles import Filters
from index.embedding.embedder import Vectors
from index.errors import DamagedIndex, IndexMismatch, Unwritable
from index.search.comparing import Holding, differing, drawn, within
from index.search.embedded.dense import DenseIndex
from index.search.embedded.lexical import LexicalIndex
from index.search.embedded.words import Words
from index.search.engine import ArticleMatch, Audit, Field, Match, Matches, Progress
from index.store.changes import NOWHERE, Change
from index.store.ids import Ids
from index.store.store import Store

MANIFEST = "manifest.json"
_STEP = 200  # articles taken in at a time, which bounds the memory used meanwhile

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Vectors in this process's memory, words in a folder shared by all processes on the store.

    The vectors are saved now and then, so that the next start reads one file instead of many rows: once
    ``save_after`` sentences have changed.
    """

    def __init__(self, store: Store, model: str, dim: int, folder: Path, save_after: int = 2_000) -> None:
        self._store, self._model, self._dim, self._save_after = store, model, dim, save_after
        self._folder = folder / re.sub(r"[^A-Za-z0-9.@-]+", "-", model)
        self._words = Words(store, self._folder / "lexical")
        self._lock, self._damaged = RLock(), list[str]()
        self._dense, self._seen, self._unsaved = DenseIndex(dim), NOWHERE, 0
        self._load()

    # Following the store

    def is_caught_up(self) -> bool:
        """Whether every change to the store has been taken in, and nothing is being repaired."""
        return self._seen == self._words.seen == self._store.changes.last()

    def lag(self) -> int:
        """Return how many changes to the store have not been taken in."""
        return abs(self._store.changes.last().number - self._seen.number)

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take in what has changed in the store since last time; if nothing has, this is one cheap query.

        :raises LockHeld: if another process holds the lock for long.
        """
        self._catch_up(self._words.follow, progress or _silent)

    def _catch_up(self, follow_words: Callable[[Change], None], progress: Progress) -> None:
        if self.is_caught_up():
            return
        with self._lock:
            last = self._store.changes.last()  # asked again: another thread may have got further meanwhile
            self._follow(last, progress)
            follow_words(last)
            if self._unsaved >= self._save_after:
                self.save()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Forget everything and take in the whole store.

        :raises LockHeld: if another process holds the lock for long.
        :raises Unwritable: if the files cannot be written.
        """
        with self._lock:
            self._forget()
            last = self._store.changes.last()
            self._follow(last, progress or _silent)
            self._words.rebuild(last)
            self.save()

    def _forget(self) -> None:
        self._dense, self._seen, self._unsaved = DenseIndex(self._dim), NOWHERE, 0

    def _follow(self, last: Change, progress: Progress) -> None:
        """Take in the vectors of what has changed."""
        if self._seen != NOWHERE and not self._store.changes.holds(
            self._seen
        ):  # another copy of the database was put in its place
            self._forget()
        changed = self._store.changes.keys(self._seen.number, last.number)
        self._dense.remove_articles(np.array(changed, dtype=np.int64))
        for done, keys in _steps(changed):
            ids, vectors = self._store.vectors.of_articles(self._model, keys, self._dim)
            self._dense.add(ids, vectors)
            self._unsaved += len(ids)
            progress(done, len(changed))
        self._seen = last

    def close(self) -> None:
        """Do nothing: there are no connections."""

    @property
    def damaged(self) -> list[str]:
        """The files that were found damaged since the start; all were then made anew from the store."""
        return [*self._damaged, *self._words.damaged]

    def _note_damage(self, error: DamagedIndex) -> None:
        _log.warning("%s: it is made anew from the store", error)
        self._damaged.append(str(error.path))
        self._unsaved = self._save_after

    # The saved vectors

    def save(self) -> None:
        """Write the vectors beside the old ones, then let the manifest name them: there is always a saved copy."""
        with self._lock:
            path = self._folder / f"vectors-{self._seen.number}-{os.getpid()}.faiss"
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._name(path, self._dense.save(path))
            except (Unwritable, OSError) as error:  # the next start reads them from the store
                _log.warning("The vectors are not saved: %s", error)
            self._unsaved = 0

    def _name(self, path: Path, sha256: str) -> None:
        """Let the manifest name the file, and remove the others."""
        manifest = {
            "model": self._model,
            "dim": self._dim,
            "change": self._seen.number,
            "token": self._seen.token,
            "count": len(self._dense),
            "file": path.name,
            "sha256": sha256,
        }
        fresh = self._folder / f"{MANIFEST}.{os.getpid()}"
        fresh.write_text(json.dumps(manifest, indent=1))
        fresh.replace(self._folder / MANIFEST)
        for old in self._folder.glob("vectors-*.faiss"):
            if old.name != path.name:
                old.unlink(missing_ok=True)

    def _load(self) -> None:
        """Read the saved vectors; if missing, damaged or another store's, they come from the store later instead."""
        try:
            manifest = json.loads((self._folder / MANIFEST).read_bytes())
            seen = Change(int(manifest["change"]), manifest["token"])
            if (manifest["model"], manifest["dim"]) != (self._model, self._dim) or not self._store.changes.holds(seen):
                return
            dense = DenseIndex.load(self._folder / manifest["file"], manifest["sha256"], self._dim)
        except DamagedIndex as error:
            self._note_damage(error)
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._note_damage(DamagedIndex(self._folder / MANIFEST, f"is damaged ({type(error).__name__})"))
        else:
            if manifest["count"] == len(dense):
                self._dense, self._seen = dense, seen

    # Searching

    def search(self, query: Vectors, terms: Sequence[str], k: int, filters: Filters) -> Matches:
        """Return the ``k`` sentences nearest to the unit vector ``query``, and the ``k`` best by BM25 in each field.

        Furniture is left out.
        """
        self._catch_up(self._words.follow_or_go_on, _silent)
        allowed = self._keys(filters)
        with self._lock:
            dense = self._dense.search(query, k, allowed)
        few = self._few(filters)
        sentence, context = (
            self._words.ask(
                partial(LexicalIndex.search, terms=terms, field=field, k=k, filters=filters, keys=few, of_all=False)
            )
            for field in (Field.SENTENCE, Field.CONTEXT)
        )
        return Matches(dense, sentence, context)

    def search_lexical(self, terms: Sequence[str], field: Field, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences that best match the normalized ``terms`` by BM25, best first, furniture too."""
        self._catch_up(self._words.follow_or_go_on, _silent)
        few = self._few(filters)
        return self._words.ask(
            partial(LexicalIndex.search, terms=terms, field=field, k=k, filters=filters, keys=few, of_all=True)
        )

    def search_articles(self, terms: Sequence[str], k: int, filters: Filters) -> list[ArticleMatch]:
        """Return the ``k`` articles that best match the normalized ``terms``, all of which they have, best first."""
        self._catch_up(self._words.follow_or_go_on, _silent)
        few = self._few(filters)
        return self._words.ask(partial(LexicalIndex.search_articles, terms=terms, k=k, filters=filters, keys=few))

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the normalized words here that begin with ``prefix``, and in how many sentences each is."""
        self._catch_up(self._words.follow_or_go_on, _silent)
        return self._words.ask(partial(LexicalIndex.terms, prefix=prefix))

    def similarities(self, query: Vectors, sentence_ids: Sequence[int]) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""
        with self._lock:
            return self._dense.similarities(query, np.array(sentence_ids, dtype=np.int64))

    def _few(self, filters: Filters) -> Ids | None:
        """Return the keys of the articles that the filters name; None if they name none."""
        return self._keys(Filters(article_ids=filters.article_ids))

    def _keys(self, filters: Filters) -> Ids | None:
        """Return the keys of the articles that pass the filters; None without a filter."""
        return np.array(self._store.articles.matching_keys(filters), dtype=np.int64) if filters else None

    def audit(self, sample: int = 1_000) -> Audit:
        """Count what is here, and compare articles drawn at random with the store.

        All files are read again; those that are damaged are made anew first.

        :raises IndexMismatch: if vectors and words do not hold the same sentences.
        """
        with self._lock:
            self._words.verify(self._store.changes.last())
            self.catch_up()
            last = self._seen
            embedded, words = np.sort(self._dense.ids), self._words.ask(LexicalIndex.sentence_ids)
            self._compare_parts(embedded, words)
            keys = drawn(self._store, words, sample)
            here = embedded[within(embedded, keys)]
            held = Holding(words[within(words, keys)], here, self._dense.vectors(here))
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
                f"FAISS holds {len(embedded)} sentences and tantivy {len(words)}, "
                f"{len(strays)} of them not in both: run the command `rebuild`."
            )


def _steps(keys: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for first in range(0, len(keys), _STEP):
        step = keys[first : first + _STEP]
        yield first + len(step), step


def _silent(_done: int, _total: int) -> None:
    return
