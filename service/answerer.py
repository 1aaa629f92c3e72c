"""A question to an ``Answer``: retrieve, read, choose quotes, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.articles import Sentence, Span
from index.retriever import Query, Retriever
from service.reader import Reader, Reading


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


class Answerer:
    """Answers questions from what the retriever finds and the reader makes of it."""

    def __init__(self, retriever: Retriever, reader: Reader, read_passages: int, min_confidence: float) -> None:
        self._retriever, self._reader = retriever, reader
        self._read_passages, self._min_confidence = read_passages, min_confidence

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question holds no word.
        """
        hits = self._retriever.retrieve(query, self._read_passages)
        if not hits:
            return Answer(query.text, (), 0.0, Reason.NO_ARTICLES)
        readings = self._reader.read(query.text, hits)
        quotes = tuple(_quote(reading, rank) for rank, reading in enumerate(rank_readings(readings)[:top_k], start=1))
        return Answer(query.text, quotes, quotes[0].score, self._reason(quotes))

    def _reason(self, quotes: Sequence[Quote]) -> Reason | None:
        if quotes[0].score >= self._min_confidence:
            return None
        return Reason.LOW_CONFIDENCE if any(quote.highlights for quote in quotes) else Reason.NO_EVIDENCE


def rank_readings(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings best first."""
    return sorted(readings, key=lambda reading: -reading.score)


def _quote(reading: Reading, rank: int) -> Quote:
    passage = reading.hit.passage
    return Quote(
        span=passage.sentence.span,
        context=passage.span,
        answer=reading.answer,
        highlights=reading.evidence,
        copies=reading.hit.copies,
        score=reading.score,
        rank=rank,
    )
