"""The seam to what searches: FAISS and BM25 in this process (``index/search/embedded/``), or a separate server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from index.articles import Filters
from index.embedding.embedder import Vectors

Progress = Callable[[int, int], None]
"""Called with how many articles, or sentences, are done and how many there are."""


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


class Field(Enum):
    """The texts whose words a sentence is indexed by."""

    SENTENCE = "sentence"
    CONTEXT = "context"
    """The sentence with its article's title and its neighbours: finds more, ranks less well."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence's id, and how well it matches: higher is better, comparable within one search."""

    sentence_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search finds, each list best first: by vector (the score is the cosine), and by BM25 in each field."""

    dense: list[Match]
    sentence: list[Match]
    context: list[Match]


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """An article's key in the store, and how well it matches: higher is better, comparable within one search."""

    key: int
    score: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What an engine holds, counted, and what a sample of it shows when compared with the store.

    ``sentences`` are those that are searched by their words, furniture aside, and ``vectors`` those of them that have
    one. ``differing`` are the keys of the articles that were compared one by one and are not here as the store has them
    (sentences that are missing, or too many, or have another vector); ``compared`` is how many were.
    """

    sentences: int
    vectors: int
    compared: int
    differing: tuple[int, ...]


MAX_ARTICLES = 10_000
"""Most articles that an engine is asked for at once: Milvus gives 16,384 at most."""


class SearchEngine(Protocol):
    """Finds sentences by vector and by word. Derived from the store.

    Every search sees all changes that were in the store when the search began.
    """

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take in what has changed in the store since last time."""

    def rebuild(self, progress: Progress | None = None) -> None:
        """Forget everything and take in the whole store."""

    def maintain(self, progress: Progress | None = None) -> None:
        """Put its own files in order, which may take minutes while searches go on: save, train anew, drop what was
        removed. One that does this by itself does nothing.
        """

    def search(self, query: Vectors, terms: Sequence[str], k: int, filters: Filters) -> Matches:
        """Return the ``k`` sentences nearest to the unit vector ``query``, and the ``k`` best by BM25 in each field.

        Furniture is left out.
        """

    def search_lexical(self, terms: Sequence[str], field: Field, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences that best match the normalized ``terms`` by BM25, best first, furniture too."""

    def search_articles(self, terms: Sequence[str], k: int, filters: Filters) -> list[ArticleMatch]:
        """Return the ``k`` articles, ``MAX_ARTICLES`` at most, that best match the normalized ``terms``, best first.

        They have every term in their title or text, furniture too; the score is the BM25 of both, the title's words
        counting more.
        """

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the normalized words here that begin with ``prefix``, and in how many sentences each is."""

    def similarities(self, query: Vectors, sentence_ids: Sequence[int]) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""

    def audit(self, sample: int = 1_000) -> Audit:
        """Count what is here, and compare ``sample`` of the store's articles, and as many of its own, with the store.

        They are drawn at random; where there are fewer, all are compared.

        :raises IndexMismatch: if its parts contradict one another.
        """

    def lag(self) -> int:
        """Return how many changes to the store have not been taken in."""

    def is_caught_up(self) -> bool:
        """Whether every change to the store has been taken in, and nothing is being repaired."""

    def close(self) -> None:
        """Let go of connections; what is asked next makes new ones."""

    @property
    def damaged(self) -> Sequence[str]:
        """The files that were found damaged since the start; all were then made anew from the store."""
