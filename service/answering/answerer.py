"""A question to an ``Answer``: retrieve, read and rank, then choose quotes or abstain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.articles import Hit, Sentence, Span
from index.search.retriever import Query, Retriever
from index.text import words
from service.answering.answer import Answer, AnswerPart, ConflictingFigure, NormalizedNumber, Outcome, Quote, Reason
from service.answering.disagreement import differing
from service.answering.ranker import AnswerRanker, RankedAnswer
from service.english.amounts import amount
from service.english.attribution import attribution
from service.readers.reader import ExtractedAnswer, Reader

ENOUGH = 0.8
"""The confidence of the first quote at which no more passages are read (benchmarks.asked)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen: how many passages are read, and what is said at which confidence of the first quote.

    ``read_first`` are read at once, and the others, up to ``read_passages``, only while its confidence is below
    ``enough``. From ``min_answered`` on the question is answered, below ``min_uncertain`` it is not in the articles,
    and in between it is uncertain.
    """

    read_first: int
    read_passages: int
    enough: float
    min_answered: float
    min_uncertain: float


class Answerer:
    """Answers questions: the retriever finds passages, the reader extracts answers, and the ranker chooses."""

    def __init__(self, retriever: Retriever, reader: Reader, ranker: AnswerRanker, policy: Policy) -> None:
        self._retriever, self._reader, self._ranker, self._policy = retriever, reader, ranker, policy

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question has no words.
        """
        best = self._best(query)
        if not best:
            return Answer.none(query.text, Reason.NO_ARTICLES)
        outcome = self._outcome(best[0].confidence)
        asked = None if outcome is Outcome.ANSWERED else words.content(query.text)
        quotes = tuple(_quote(ranked, rank, asked) for rank, ranked in enumerate(best[:top_k], start=1))
        if outcome is not Outcome.ANSWERED:
            return Answer(query.text, outcome, quotes, best[0].confidence, _reason(outcome, best))
        return Answer(
            question=query.text,
            outcome=outcome,
            quotes=quotes,
            confidence=best[0].confidence,
            parts=(_part(best[0]),),
            figures=_figures(query.text, best, quotes),
        )

    def readings(self, query: Query) -> Iterator[list[ExtractedAnswer]]:
        """Yield what the reader extracts from each sentence of the first passages, then of those and the others.

        A sentence that was itself found, but was read as another's neighbour, is yielded with its own hit.

        :raises EmptyQuestion: if the question has no words.
        """
        first, most = self._policy.read_first, self._policy.read_passages
        hits = self._retriever.retrieve(query, 2 * most)
        found = {hit.passage.sentence: hit for hit in hits}
        chosen, extracted = distinct(hits)[:most], list[ExtractedAnswer]()
        for part in (chosen[:first], chosen[first:]):
            if part:
                read = self._reader.read(query.text, part)
                extracted += [replace(one, hit=found.get(one.sentence, one.hit)) for one in read]
                yield list(extracted)

    def _best(self, query: Query) -> list[RankedAnswer]:
        """Return the answers, best first, after reading as many passages as it takes to be confident of one."""
        best: list[RankedAnswer] = []
        for extracted in self.readings(query):
            best = self._ranker.rank(extracted)
            if best[0].confidence >= self._policy.enough:
                break
        return best

    def _outcome(self, confidence: float) -> Outcome:
        if confidence >= self._policy.min_answered:
            return Outcome.ANSWERED
        return Outcome.UNCERTAIN if confidence >= self._policy.min_uncertain else Outcome.NOT_IN_ARTICLES


def _reason(outcome: Outcome, best: Sequence[RankedAnswer]) -> Reason:
    is_near = outcome is Outcome.UNCERTAIN or any(ranked.overlap for ranked in best)
    return Reason.LOW_CONFIDENCE if is_near else Reason.NO_EVIDENCE


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits whose sentence is not already read as the neighbour of a better hit's."""
    kept: dict[str, list[Hit]] = {}
    for hit in hits:
        others = kept.setdefault(hit.passage.article.id, [])
        if not any(hit.passage.sentence in other.passage.around for other in others):
            others.append(hit)
    return sorted((hit for others in kept.values() for hit in others), key=lambda hit: hit.rank)


def _part(best: RankedAnswer) -> AnswerPart:
    found = amount(best.answer, best.extracted.sentence.span)
    normalized = NormalizedNumber(found.value, found.at_least, found.unit) if found else None
    return AnswerPart(best.answer, 1, normalized)


def _figures(question: str, best: Sequence[RankedAnswer], quotes: Sequence[Quote]) -> tuple[ConflictingFigure, ...]:
    """Return the figures that differ, each with its quote: the one in ``quotes``, if it is there."""
    ranks = {ranked.extracted.sentence: rank for rank, ranked in enumerate(best, start=1)}
    figures = []
    for claim in differing(question, best):
        rank = ranks[claim.sentence]
        quote = quotes[rank - 1] if rank <= len(quotes) else _quote(claim.ranked, rank, None)
        figures.append(ConflictingFigure(quote, claim.amount))
    return tuple(figures)


def _quote(ranked: RankedAnswer, rank: int, asked: Sequence[str] | None) -> Quote:
    """Return the quote; if it does not surely answer, the words that were ``asked`` for are highlighted."""
    extracted, passage = ranked.extracted, ranked.extracted.hit.passage
    sentence = extracted.sentence
    said = attribution(ranked.answer, sentence, passage.around)
    span = sentence.span
    if said and not span.holds(said):
        span = Span(span.article, *_whole(span, said, passage.around))
    marks = _runs(sentence.span, asked) if asked is not None else (ranked.answer,)
    return Quote(
        span=span,
        context=Span(span.article, min(span.start, passage.span.start), max(span.end, passage.span.end)),
        answer=ranked.answer,
        attribution=said,
        highlights=tuple(marks),
        copies=tuple(sentence.span for sentence in ranked.copies),
        support=ranked.support,
        score=ranked.score,
        confidence=ranked.confidence,
        rank=rank,
    )


def _whole(span: Span, said: Span, around: Sequence[Sentence]) -> tuple[int, int]:
    """Return the start and end of the sentences that contain the ``span`` and who ``said`` it."""
    held = [s.span for s in around if s.span.holds(said)]
    return min(span.start, *(s.start for s in held)), max(span.end, *(s.end for s in held))


def _runs(sentence: Span, asked: Sequence[str]) -> list[Span]:
    runs = words.runs(sentence.text, asked)
    return [Span(sentence.article, sentence.start + start, sentence.start + end) for start, end in runs]
