"""Articles in: split, embed, store. Done twice it changes nothing, and broken off it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index import sentences
from index.articles import Article, Sentence
from index.embedder import Embedder
from index.engine import Progress
from index.errors import VectorsMissing
from index.store import IndexedSentence, Store, digest

MAX_EMBEDDED_CHARS = 2_000
"""More than any model here reads (256 tokens): the rest of a longer text would only be tokenized and dropped."""


@dataclass(frozen=True, slots=True)
class Added:
    """An article that was given, and whether it is new here."""

    article: Article
    is_new: bool


class Ingester:
    """Takes articles in.

    Vectors are stored as soon as they are computed, ``batch`` at a time, under what they stand for; an article is
    stored whole when all of its vectors are. So a process killed at any moment leaves whole articles or none, and
    what it had embedded is not embedded again.
    """

    def __init__(self, store: Store, embedder: Embedder, batch: int = 256) -> None:
        self._store, self._embedder, self._batch = store, embedder, batch

    def add(self, articles: Iterable[Article]) -> Iterator[Added]:
        """Take the articles in, and yield each once it is stored; a few are read ahead, to embed them together."""
        group: list[_Split] = []
        for article in articles:
            group.append(_Split.of(article, is_known=article.id in self._store))
            if sum(split.weight for split in group) >= self._batch:
                yield from self._store_group(group)
                group = []
        yield from self._store_group(group)

    def embed_missing(self, progress: Progress | None = None) -> int:
        """Embed the stored sentences that this embedder has no vector for; return of how many articles."""
        keys = self._store.unembedded_keys(self._embedder.model)
        for done, stored in enumerate(self._store.stored(keys), start=1):
            self.embed(embedded_text(sentence) for sentence in stored.sentences)
            if progress:
                progress(done, len(keys))
        return len(keys)

    def _store_group(self, group: list[_Split]) -> Iterator[Added]:
        self.embed(indexed.embedded for split in group for indexed in split.indexed)
        for split in group:
            yield Added(split.article, self._store_one(split))

    def _store_one(self, split: _Split) -> bool:
        if split.is_known:
            return self._store.revive(split.article.id)
        try:
            return self._store.add(split.article, split.indexed, self._embedder.model)
        except VectorsMissing:  # a `rebuild` beside us found no article that needs them, and dropped them
            self.embed(indexed.embedded for indexed in split.indexed)
            return self._store.add(split.article, split.indexed, self._embedder.model)

    def embed(self, texts: Iterable[str]) -> None:
        """Store the vectors of those texts that have none yet, shortest first: a batch of like lengths wastes least."""
        by_digest = {digest(text): text for text in texts}
        missing = self._store.missing_digests(self._embedder.model, by_digest)
        by_length = sorted(missing, key=lambda key: len(by_digest[key]))
        for first in range(0, len(by_length), self._batch):
            keys = by_length[first : first + self._batch]
            vectors = self._embedder.embed_passages([by_digest[key] for key in keys])
            self._store.add_vectors(self._embedder.model, dict(zip(keys, vectors, strict=True)))


@dataclass(frozen=True, slots=True)
class _Split:
    article: Article
    indexed: tuple[IndexedSentence, ...]
    is_known: bool

    @property
    def weight(self) -> int:
        """Its share of a batch: at least one, so that a long run of known articles does not wait to be one group."""
        return max(1, len(self.indexed))

    @classmethod
    def of(cls, article: Article, *, is_known: bool) -> _Split:
        found = () if is_known else sentences.prose(article)
        return cls(article, tuple(IndexedSentence(s, embedded_text(s)) for s in found), is_known)


def embedded_text(sentence: Sentence) -> str:
    """Return what is embedded for a sentence: the sentence alone."""
    return sentence.text[:MAX_EMBEDDED_CHARS]
