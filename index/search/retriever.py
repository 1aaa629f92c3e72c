"""A query to ranked passages: what is near by meaning, words and date; copies are merged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median

from index.articles import Days, Filters, Hit, Passage
from index.embedding.embedder import Embedder, Vectors, embedded_text
from index.errors import EmptyQuestion
from index.search.engine import Matches, SearchEngine
from index.store.store import Store
from index.text import copies, words
from index.timing import stage

NEIGHBOURS = 1
"""Sentences read with the one found, on either side of it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts in a sentence's score: a weighted sum.

    ``cosine`` is that of question and sentence; ``words`` the BM25 of the sentence with its title and neighbours, as a
    share of the best one's; ``overlap`` the share of the question's words that are there.
    """

    cosine: float
    words: float
    overlap: float


ROUGH = Weights(10.0, 6.0, 0.0)
"""For all candidates, before their text is at hand."""
FINE = Weights(10.0, 2.0, 9.0)
"""For the best of those. Both, like the weight of dates, are fitted by ``benchmarks.ranking``."""

SLACK_DAYS = 7
"""Days after an event in which news still reports it."""

FADE_DAYS = 60.0
"""Days after which nearness to the days asked about has fallen to about a third (1/e). Of the pairs that
``benchmarks.dates`` tried on its choosing half, those with less than 30 lose, and 60 with 7 is on the plateau.
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, as of the day ``as_of``.

    ``speaks_of_now`` says that the latest news is wanted most; ``days`` are those of which the text speaks, if it names
    any: then news of these days is wanted, however old it is. ``about`` has the articles, by id, that are likelier than
    others to have the answer: they are searched once more by themselves, and so their sentences are found before
    others that match as well.
    """

    text: str
    as_of: date
    filters: Filters = field(default_factory=Filters)
    speaks_of_now: bool = False
    days: Days | None = None
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
        with stage("embedding"):
            vector = self._embedder.embed_query(query.text)
        with stage("retrieving"):
            searched = [query.filters, *_narrowed(query)]
            found = [self._engine.search(vector, terms, self._ranking.candidates, filters) for filters in searched]
            candidates = self._candidates(found, vector, query)
            best = sorted(candidates, key=lambda one: -one.score(ROUGH))[: 2 * k]  # some will be copies
            return copies.merge(self._hits(best, terms, vector))[:k]

    def _candidates(self, searched: Sequence[Matches], vector: Vectors, query: Query) -> list[_Candidate]:
        """Return what was found by vector, by the sentence's words or by those around it, and is not gone since."""
        every = [match for found in searched for way in (found.dense, found.sentence, found.context) for match in way]
        ids = list(dict.fromkeys(match.sentence_id for match in every))
        published = self._store.passages.published(ids)
        context = [match for found in searched for match in found.context]
        most = max((match.score for match in context), default=1.0)
        shares = {match.sentence_id: match.score / most for match in context}
        cosines = self._engine.similarities(vector, ids)
        usual = median([cosine for cosine in cosines if cosine is not None] or [0.0])
        return [
            _Candidate(
                sentence_id,
                usual if cosine is None else cosine,
                cosine is not None,
                shares.get(sentence_id, 0.0),
                *self._date(published[sentence_id], query),
            )
            for sentence_id, cosine in zip(ids, cosines, strict=True)
            if sentence_id in published
        ]

    def _date(self, published: date | None, query: Query) -> tuple[float, float]:
        """Return how timely an article of this day is, and what that adds to the scores of its sentences.

        For a query that speaks of days, nearness to them takes the place of recency.
        """
        ranking = self._ranking
        if query.days:
            found = nearness(published, query.days)
            return found, ranking.recency_weight * found
        found = recency(published, query.as_of, ranking.recency_days)
        return found, (ranking.recency_weight_now if query.speaks_of_now else ranking.recency_weight) * found

    def _hits(self, candidates: Sequence[_Candidate], terms: Sequence[str], vector: Vectors) -> list[Hit]:
        """Return the candidates' passages, best first; they get their ranks when copies are merged."""
        passages = self._store.passages.around([one.sentence_id for one in candidates], NEIGHBOURS)
        asked = set(terms)
        hits = []
        for one in self._embedded(candidates, passages, vector):
            if passage := passages.get(one.sentence_id):
                there = set(words.analyze(f"{passage.article.title or ''} {passage.text}"))
                overlap = len(asked & there) / len(asked)
                hits.append(Hit(passage, one.score(FINE, overlap), 0, one.cosine, one.recency, overlap))
        return sorted(hits, key=lambda hit: -hit.score)

    def _embedded(
        self, candidates: Sequence[_Candidate], passages: Mapping[int, Passage], vector: Vectors
    ) -> Iterator[_Candidate]:
        """Yield the candidates with their cosines; those whose sentence has no vector yet are embedded for that."""
        lacking = [one.sentence_id for one in candidates if not one.is_embedded and one.sentence_id in passages]
        cosines: dict[int, float] = {}
        if lacking:
            made = self._embedder.embed_passages([embedded_text(passages[one].sentence) for one in lacking])
            cosines = dict(zip(lacking, (made @ vector).tolist(), strict=True))
        for one in candidates:
            yield replace(one, cosine=cosines.get(one.sentence_id, one.cosine))


def _narrowed(query: Query) -> Iterator[Filters]:
    """Yield the filters that leave only what the query is about, if they leave anything."""
    chosen = query.about & set(query.filters.article_ids or query.about)
    if chosen:
        yield replace(query.filters, article_ids=tuple(sorted(chosen)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """``cosine`` is the usual one's until the sentence ``is_embedded``."""

    sentence_id: int
    cosine: float
    is_embedded: bool
    words: float
    recency: float
    date: float

    def score(self, weights: Weights, overlap: float = 0.0) -> float:
        return weights.cosine * self.cosine + weights.words * self.words + weights.overlap * overlap + self.date


def nearness(published: date | None, days: Days) -> float:
    """Return how likely an article speaks of these days: 1 for one published on them or up to ``SLACK_DAYS`` later.

    From then on it falls as exp(-days / ``FADE_DAYS``), and so it does for the days before; 0 if undated.
    """
    if published is None:
        return 0.0
    away = days.distance(published)
    return math.exp(-max(-away, away - SLACK_DAYS, 0) / FADE_DAYS)


def recency(published: date | None, as_of: date, days: float) -> float:
    """Return exp(-age / days), with the age in days: 1 for the same day, 0 if undated."""
    return 0.0 if published is None else math.exp(-abs((as_of - published).days) / days)
