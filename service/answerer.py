"""A question to an ``Answer``: retrieve, read, choose quotes, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.articles import Sentence, Span
from index.retriever import Query, Retriever
from service.reader import Reader, Reading, logit, sigmoid


class Reason(StrEnum):
    """Why there is no answer."""

    NO_ARTICLES = "no_articles"
    """There is nothing to search in, or the filters leave nothing."""
    NO_EVIDENCE = "no_evidence"
    """Nothing that was found has a word or a meaning of the question's."""
    LOW_CONFIDENCE = "low_confidence"
    """Something was found, and it does not look like an answer."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of an article, as a span.

    ``answer`` and ``highlights`` lie inside it. ``context`` is the quote with its neighbouring sentences. ``copies``
    are the same words in other articles. ``score`` falls from one quote to the next; ``rank`` counts from 1.
    """

    span: Span
    context: Span
    answer: Span
    highlights: tuple[Span, ...]
    copies: tuple[Sentence, ...]
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first, and how sure it is that the first one answers: ``confidence``, from 0 to 1.

    With a ``reason`` it is an abstention: the quotes are what comes nearest, and no answer.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    reason: Reason | None = None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer the question."""
        return self.reason is None

    @property
    def span(self) -> Span | None:
        """The short answer, inside the first quote; None for an abstention."""
        return self.quotes[0].answer if self.answerable else None


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen; what each number does stands with its setting in ``service/settings.py``."""

    read_passages: int
    answer_recency: float
    min_confidence: float


class Answerer:
    """Answers questions from what the retriever finds and the reader makes of it."""

    def __init__(self, retriever: Retriever, reader: Reader, policy: Policy) -> None:
        self._retriever, self._reader, self._policy = retriever, reader, policy

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question holds no word.
        """
        hits = self._retriever.retrieve(query, self._policy.read_passages)
        if not hits:
            return Answer(query.text, (), 0.0, Reason.NO_ARTICLES)
        readings = self._reader.read(query.text, hits)
        best = sorted(readings, key=self._worth, reverse=True)[:top_k]
        quotes = tuple(_quote(reading, rank, self._worth(reading)) for rank, reading in enumerate(best, start=1))
        return Answer(query.text, quotes, best[0].score, self._reason(best))

    def _worth(self, reading: Reading) -> float:
        """Return what quotes are ranked by: the reader's log-odds, and more for a newer article, from 0 to 1."""
        return sigmoid(logit(reading.score) + self._policy.answer_recency * reading.hit.recency)

    def _reason(self, best: Sequence[Reading]) -> Reason | None:
        if best[0].score >= self._policy.min_confidence:
            return None
        return Reason.LOW_CONFIDENCE if any(reading.evidence for reading in best) else Reason.NO_EVIDENCE


def _quote(reading: Reading, rank: int, score: float) -> Quote:
    passage = reading.hit.passage
    return Quote(
        span=passage.sentence.span,
        context=passage.span,
        answer=reading.answer,
        highlights=reading.evidence,
        copies=reading.hit.copies,
        score=score,
        rank=rank,
    )
