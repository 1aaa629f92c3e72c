"""The articles of ``news-text``, by url, by day and by their words: where passages like a question are mined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.news import rows
from index import locks
from index.articles import Filters
from index.formats import fields
from index.search.embedded.lexical import LexicalIndex
from index.search.engine import Field
from index.store.changes import Change
from index.store.ids import ORDINAL_BITS, Ids
from index.store.sentences import StoredArticle
from index.text import sentences


@dataclass(frozen=True)  # without slots, so that what is computed is kept
class Corpus:
    """Articles with keys from 1 on, and an index of their sentences."""

    stored: tuple[StoredArticle, ...]
    lexical: LexicalIndex

    @classmethod
    def load(cls, folder: Path) -> Corpus:
        """Return ``news-text``; its index is kept in ``folder``."""
        stored = tuple(_articles())
        lexical = LexicalIndex(folder / "news-text.lexical")
        with lexical.locked(locks.PATIENT_S):
            if lexical.open() is None:
                lexical.rebuild(stored, Change(1, "news-text"))
        return cls(stored, lexical)

    @cached_property
    def _days(self) -> NDArray[np.int64]:
        return np.array([s.article.published.toordinal() if s.article.published else 0 for s in self.stored])

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each article in ``stored``, by its url."""
        return {s.article.url: place for place, s in enumerate(self.stored) if s.article.url}

    def near(self, place: int, days: int) -> Ids:
        """Return the keys of the other articles published at most so many days before or after that in ``place``."""
        distance = np.abs(self._days - self._days[place])
        keys = np.flatnonzero((self._days > 0) & (distance <= days)).astype(np.int64) + 1
        return np.asarray(keys[keys != place + 1])

    def search(self, terms: Sequence[str], k: int, keys: Ids) -> Iterator[tuple[StoredArticle, int]]:
        """Yield the best sentences by BM25: each its article, and its place among the article's sentences."""
        for match in self.lexical.search(terms, Field.SENTENCE, k, Filters(), keys, of_all=True):
            stored = self.stored[(match.sentence_id >> ORDINAL_BITS) - 1]
            ordinal = match.sentence_id & ((1 << ORDINAL_BITS) - 1)
            yield stored, next(n for n, s in enumerate(stored.sentences) if s.ordinal == ordinal)


def _articles() -> Iterator[StoredArticle]:
    for key, row in enumerate(rows("news-text"), start=1):
        article = fields.article(row.pop("text"), row)
        yield StoredArticle(key, article, tuple(sentences.prose(article)))
