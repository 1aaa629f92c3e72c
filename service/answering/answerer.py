"""A question to an ``Answer``: retrieve, read and rank, then choose quotes or abstain."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen: how many passages are read, and from which probability of an answer on one is given."""

    read_passages: int
    min_p_answerable: float


class Answerer:
    """Answers questions: the retriever finds passages, the reader extracts answers, and the ranker chooses."""

    def __init__(self, retriever: Retriever, reader: Reader, ranker: AnswerRanker, policy: Policy) -> None:
        self._retriever, self._reader, self._ranker, self._policy = retriever, reader, ranker, policy

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question has no words.
        """
        extracted = self.extract(query)
        if not extracted:
            return Answer.none(query.text, Reason.NO_ARTICLES)
        best = self._ranker.rank(query.text, extracted)
        reason = self._reason(best)
        asked = words.content(query.text) if reason else None
        quotes = tuple(_quote(ranked, rank, asked) for rank, ranked in enumerate(best[:top_k], start=1))
        if reason:
            return Answer.none(query.text, reason, quotes, best[0].confidence)
        return Answer(
            question=query.text,
            outcome=Outcome.ANSWERED,
            quotes=quotes,
            confidence=best[0].confidence,
            parts=(_part(best[0]),),
            figures=_figures(query.text, best, quotes),
        )

    def extract(self, query: Query) -> list[ExtractedAnswer]:
        """Return what the reader extracts from each sentence of the best passages.

        A sentence that was itself found, but was read as another's neighbour, is returned with its own hit. Furniture
        is read with the sentence that was found, but is no answer.

        :raises EmptyQuestion: if the question has no words.
        """
        most = self._policy.read_passages
        hits = self._retriever.retrieve(query, 2 * most)
        found = {hit.passage.sentence: hit for hit in hits}
        extracted = self._reader.read(query.text, distinct(hits)[:most])
        spoken = [one for one in extracted if not one.sentence.is_furniture]
        return [replace(one, hit=found.get(one.sentence, one.hit)) for one in spoken]

    def _reason(self, best: Sequence[RankedAnswer]) -> Reason | None:
        if best[0].p_answerable >= self._policy.min_p_answerable:
            return None
        return Reason.LOW_CONFIDENCE if any(ranked.overlap for ranked in best) else Reason.NO_EVIDENCE


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
    """Return the quote; an abstention highlights the words that were ``asked`` for, as it has no answer to show."""
    extracted, passage = ranked.extracted, ranked.extracted.hit.passage
    sentence = extracted.sentence
    around = [one for one in passage.around if not one.is_furniture]
    said = attribution(ranked.answer, sentence, around)
    span = sentence.span
    if said and not span.holds(said):
        span = Span(span.article, *_whole(span, said, around))
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
