"""A question to an ``Answer``: retrieve, read, choose quotes, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index import words
from index.articles import Hit, Sentence, Span
from index.retriever import Query, Retriever
from service.attribution import attribution
from service.figures import differing
from service.judge import MIN_CONFIDENCE, Judge, Judged, answer_key
from service.reader import Reader, Reading


class Reason(StrEnum):
    """Why there is no answer."""

    NO_ARTICLES = "no_articles"
    """There is nothing to search in, or the filters leave nothing."""
    NO_EVIDENCE = "no_evidence"
    """Nothing that was found has a word of the question's."""
    LOW_CONFIDENCE = "low_confidence"
    """Something was found, and it does not look like an answer."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of an article, as a span.

    ``answer``, ``attribution`` (who says it, where that is found) and ``highlights`` lie inside it; ``support`` counts
    the independent articles that give the same answer. ``context`` is the quote with its neighbouring sentences.
    ``copies`` are the same words in other articles. ``score`` falls from one quote to the next; ``rank`` counts from 1.
    ``confidence`` is how likely this quote answers, from 0 to 1.
    """

    span: Span
    context: Span
    answer: Span
    attribution: Span | None
    highlights: tuple[Span, ...]
    copies: tuple[Sentence, ...]
    support: int
    score: float
    confidence: float
    rank: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A quote that answers with an amount: how that is written, and its value in its own unit."""

    quote: Quote
    amount: str
    value: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first, and how sure it is that the first one answers: ``confidence``, from 0 to 1.

    With a ``reason`` it is an abstention: the quotes are what comes nearest, and no answer. Where sources answer with
    different amounts, ``figures`` has them, oldest first, also those of quotes that are not among the best.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    reason: Reason | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer the question."""
        return self.reason is None

    @property
    def groups(self) -> tuple[tuple[Quote, ...], ...]:
        """The quotes that likely answer, by the answer that they give: the first one's with those that agree first."""
        by_key: dict[str, list[Quote]] = {}
        for quote in self.quotes if self.answerable else ():
            if quote.rank == 1 or quote.confidence >= MIN_CONFIDENCE:
                by_key.setdefault(answer_key(quote.answer.text), []).append(quote)
        return tuple(map(tuple, by_key.values()))

    @property
    def span(self) -> Span | None:
        """The short answer, inside the first quote; None for an abstention."""
        return self.quotes[0].answer if self.answerable else None


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen: passages read for a question, and how likely answerable it must be to be answered."""

    read_passages: int
    min_answerable: float


class Answerer:
    """Answers questions from what the retriever finds, the reader makes of it, and the judge thinks of that."""

    def __init__(self, retriever: Retriever, reader: Reader, judge: Judge, policy: Policy) -> None:
        self._retriever, self._reader, self._judge, self._policy = retriever, reader, judge, policy

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question holds no word.
        """
        readings = self.readings(query)
        if not readings:
            return Answer(query.text, (), 0.0, Reason.NO_ARTICLES)
        best = self._judge.judge(query.text, readings)
        reason = self._reason(best)
        asked = words.content(query.text) if reason else None
        quotes = tuple(_quote(judged, rank, asked) for rank, judged in enumerate(best[:top_k], start=1))
        figures = () if reason else _figures(query.text, best, quotes)
        return Answer(query.text, quotes, best[0].confidence, reason, figures)

    def readings(self, query: Query) -> list[Reading]:
        """Return what the reader makes of each sentence of the best passages.

        A sentence that was found itself, but read as the neighbour of another, is given with the hit that it is.

        :raises EmptyQuestion: if the question holds no word.
        """
        most = self._policy.read_passages
        hits = self._retriever.retrieve(query, 2 * most)
        found = {hit.passage.sentence: hit for hit in hits}
        readings = self._reader.read(query.text, distinct(hits)[:most])
        return [replace(reading, hit=found.get(reading.sentence, reading.hit)) for reading in readings]

    def _reason(self, best: Sequence[Judged]) -> Reason | None:
        if best[0].answerable >= self._policy.min_answerable:
            return None
        return Reason.LOW_CONFIDENCE if any(judged.overlap for judged in best) else Reason.NO_EVIDENCE


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits whose sentence is not read already, as the neighbour of a better one's."""
    kept: dict[str, list[Hit]] = {}
    for hit in hits:
        others = kept.setdefault(hit.passage.article.id, [])
        if not any(hit.passage.sentence in other.passage.around for other in others):
            others.append(hit)
    return sorted((hit for others in kept.values() for hit in others), key=lambda hit: hit.rank)


def _figures(question: str, best: Sequence[Judged], quotes: Sequence[Quote]) -> tuple[Figure, ...]:
    """Return the figures that differ, with the quote of each: one of ``quotes``, if it is among the first."""
    ranks = {judged.reading.sentence: rank for rank, judged in enumerate(best, start=1)}
    figures = []
    for claim in differing(question, best):
        rank = ranks[claim.sentence]
        quote = quotes[rank - 1] if rank <= len(quotes) else _quote(claim.judged, rank, None)
        figures.append(Figure(quote, claim.amount.text, claim.amount.value))
    return tuple(figures)


def _quote(judged: Judged, rank: int, asked: Sequence[str] | None) -> Quote:
    """Return the quote; an abstention's shows the words that were ``asked`` for, because there is no answer to show."""
    reading, passage = judged.reading, judged.reading.hit.passage
    sentence = reading.sentence
    said = attribution(judged.answer, sentence, passage.around)
    span = sentence.span
    if said and not span.holds(said):
        span = Span(span.article, *_whole(span, said, passage.around))
    marks = _runs(sentence.span, asked) if asked is not None else (judged.answer,)
    return Quote(
        span=span,
        context=Span(span.article, min(span.start, passage.span.start), max(span.end, passage.span.end)),
        answer=judged.answer,
        attribution=said,
        highlights=tuple(marks),
        copies=judged.copies,
        support=judged.support,
        score=judged.worth,
        confidence=judged.confidence,
        rank=rank,
    )


def _whole(span: Span, said: Span, around: Sequence[Sentence]) -> tuple[int, int]:
    """Return where the sentences begin and end that hold the ``span`` and who ``said`` it."""
    held = [s.span for s in around if s.span.holds(said)]
    return min(span.start, *(s.start for s in held)), max(span.end, *(s.end for s in held))


def _runs(sentence: Span, asked: Sequence[str]) -> list[Span]:
    runs = words.runs(sentence.text, asked)
    return [Span(sentence.article, sentence.start + start, sentence.start + end) for start, end in runs]
