"""A query to ranked passages: dense and lexical candidates, fused, weighted by date, copies merged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.articles import Filters, Hit
from index.embedding.embedder import Embedder, Vectors
from index.errors import EmptyQuestion
from index.search.engine import Match, SearchEngine
from index.store.store import Store
from index.text import copies, words

NEIGHBOURS = 1
"""Sentences read with the one found, on either side of it."""

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion, as its authors chose it. Twenty is within noise of it, and so is every
weighting of one ranking over another that was tried (docs/ranking.md): it is not a setting, and all rankings count
alike.
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, as of the day ``as_of``; ``speaks_of_now`` says that the latest news is wanted most.

    ``about`` has the articles, by id, that are likelier than others to have the answer: they are searched once more by
    themselves, and so their sentences are found before others that match as well.
    """

    text: str
    as_of: date
    filters: Filters = field(default_factory=Filters)
    speaks_of_now: bool = False
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ranking:
    """How candidates are ranked; ``service/settings.py`` explains each number at its setting."""

    candidates: int
    recency_weight: float
    recency_weight_now: float
    recency_days: float


class Retriever:
    """Finds passages for a question."""

    def __init__(self, embedder: Embedder, engine: SearchEngine, store: Store, ranking: Ranking) -> None:
        self._embedder, self._engine, self._store, self._ranking = embedder, engine, store, ranking

    def retrieve(self, query: Query, k: int) -> list[Hit]:
        """Return the ``k`` best passages, best first; sentences that are copies of one another count as one.

        :raises EmptyQuestion: if the query has no words.
        """
        terms = words.content(query.text) or words.analyze(query.text)
        if not terms:
            raise EmptyQuestion
        vector = self._embedder.embed_query(query.text)
        searched = [query.filters, *_narrowed(query)]
        found = [self._engine.search(vector, terms, self._ranking.candidates, filters) for filters in searched]
        fused = fuse([ranking for one in found for ranking in (one.dense, one.sentence, one.context)])
        hits = self._hits(self._by_date(fused, query)[: 2 * k], vector, query.as_of)  # some will be copies
        return copies.merge(hits)[:k]

    def _by_date(self, matches: Sequence[Match], query: Query) -> list[Match]:
        """Multiply each score by 1 + weight * recency, drop sentences that are gone, and sort best first again."""
        weight = self._ranking.recency_weight_now if query.speaks_of_now else self._ranking.recency_weight
        published = self._store.passages.published([match.sentence_id for match in matches])
        weighed = [
            replace(
                match,
                score=match.score
                * (1 + weight * recency(published[match.sentence_id], query.as_of, self._ranking.recency_days)),
            )
            for match in matches
            if match.sentence_id in published
        ]
        return sorted(weighed, key=lambda match: -match.score)

    def _hits(self, matches: Sequence[Match], vector: Vectors, as_of: date) -> list[Hit]:
        ids = [match.sentence_id for match in matches]
        passages = self._store.passages.around(ids, NEIGHBOURS)
        similarities = self._engine.similarities(vector, ids)
        days = self._ranking.recency_days
        return [
            Hit(passage, match.score, rank, similarity, recency(passage.article.published, as_of, days))
            for rank, (match, similarity) in enumerate(zip(matches, similarities, strict=True), start=1)
            if (passage := passages.get(match.sentence_id))
        ]


def _narrowed(query: Query) -> Iterator[Filters]:
    """Yield the filters that leave only what the query is about, if they leave anything."""
    chosen = query.about & set(query.filters.article_ids or query.about)
    if chosen:
        yield replace(query.filters, article_ids=tuple(sorted(chosen)))


def fuse(rankings: Sequence[Sequence[Match]]) -> list[Match]:
    """Merge rankings by reciprocal rank fusion: the sum of 1 / (``RANK_CONSTANT`` + rank), rank from 1.

    :param rankings: matches, best first; a sentence absent from a ranking gains nothing there.
    :returns: one match per sentence with the fused score, best first; equal scores keep the order of first appearance.

    Source: Cormack, Clarke and Buettcher, SIGIR 2009, where the constant is called k and is 60.
    """
    scores: dict[int, float] = {}
    for matches in rankings:
        for rank, match in enumerate(matches, start=1):
            scores[match.sentence_id] = scores.get(match.sentence_id, 0.0) + 1 / (RANK_CONSTANT + rank)
    return [Match(found, score) for found, score in sorted(scores.items(), key=lambda item: -item[1])]


def recency(published: date | None, as_of: date, days: float) -> float:
    """Return exp(-age / days), with the age in days: 1 for the same day, 0 if undated."""
    return 0.0 if published is None else math.exp(-abs((as_of - published).days) / days)
