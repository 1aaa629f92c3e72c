"""A question to an ``Answer``: retrieve, read and rank, then choose quotes or abstain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index import deadline
from index.articles import Hit
from index.search.retriever import Query, Retriever
from index.text import words
from index.timing import stage
from service.answering import evidence
from service.answering.answer import Answer, ConflictingFigure, Outcome, Quote, Reason
from service.answering.disagreement import asks_amount, differing
from service.answering.listing import listed
from service.answering.quoting import part, quote
from service.answering.ranker import AnswerRanker, RankedAnswer
from service.answering.sides import Sided, compared
from service.english.dates import names_year
from service.english.kinds import asks_for_list
from service.english.sides import comparison
from service.readers.reader import ExtractedAnswer, Reader

UNREAD_RELEVANCE, UNREAD_MARGIN = -6.0, -12.0
"""What the reader gives, on average, to sentences found after the second (benchmarks.asked)."""
ENOUGH = 0.7
"""The confidence of the first quote at which no more passages are read (docs/ranking.md, "What is read")."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen: how many passages are read, and what is said at which confidence of the first quote.

    ``read_first`` are read at once, and the others, up to ``read_passages``, only while its confidence is below
    ``enough``. From ``min_answered`` on the question is answered, below ``min_uncertain`` it is not in the
    articles, and in between it is uncertain.
    """

    read_first: int
    read_passages: int
    enough: float
    min_answered: float
    min_uncertain: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was extracted so far, and the hits whose passages were not read."""

    extracted: tuple[ExtractedAnswer, ...]
    unread: tuple[Hit, ...]

    @property
    def every(self) -> tuple[ExtractedAnswer, ...]:
        """What was extracted and, as if it had been read, what was found beside it: the next to look at."""
        return (*self.extracted, *map(_as_if_read, self.unread))


def _as_if_read(hit: Hit) -> ExtractedAnswer:
    sentence = hit.passage.sentence
    return ExtractedAnswer(hit, sentence, sentence.span, UNREAD_RELEVANCE, UNREAD_MARGIN, is_read=False)


class Answerer:
    """Answers questions: the retriever finds passages, the reader extracts answers, and the ranker chooses."""

    def __init__(self, retriever: Retriever, reader: Reader, ranker: AnswerRanker, policy: Policy) -> None:
        self._retriever, self._reader, self._ranker, self._policy = retriever, reader, ranker, policy

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return at most ``top_k`` quotes and whether they answer.

        :raises EmptyQuestion: if the question has no words.
        """
        best = self._ranked(query)
        if not best:
            return Answer.none(query.text, Reason.NO_ARTICLES)
        if answer := self._compared(query, best, top_k):
            return answer
        outcome = self._outcome(best[0].confidence)
        if outcome is not Outcome.ANSWERED:
            asked = words.content(query.text)
            quotes = tuple(quote(ranked, rank, asked) for rank, ranked in enumerate(best[:top_k], start=1))
            return Answer(query.text, outcome, quotes, best[0].confidence, _reason(outcome, best))
        if evidence.is_wanted(query.text):
            return evidence.answered(query.text, best, top_k)
        return _short(query.text, best, top_k)

    def _compared(self, query: Query, best: Sequence[RankedAnswer], top_k: int) -> Answer | None:
        """Return the answer that compares, if the question does and the articles answer it for each side."""
        given = comparison(query.text)
        if given is None:
            return None
        least = self._policy.min_answered
        names = [side.name for side in given.sides]
        found = [self._ranked(replace(query, text=side.question)) for side in given.sides]
        sides = [
            Sided(side, other, [one for one in ranked if one.confidence >= least])
            for side, other, ranked in zip(given.sides, reversed(names), found, strict=True)
        ]
        return compared(query.text, given, sides, best, top_k)

    def readings(self, query: Query) -> Iterator[Reading]:
        """Yield what the reader extracts from each sentence of the first passages, then of those and the others.

        Where more than one answer counts, the items of a list or figures that differ, all are read at once. A sentence
        that was itself found, but was read as another's neighbour, is yielded with its own hit. Furniture is read with
        the sentence that was found, but is no answer.

        :raises EmptyQuestion: if the question has no words; ``TookTooLong`` if its time is over.
        """
        most = self._policy.read_passages
        first = most if asks_for_list(query.text) or asks_amount(query.text) else self._policy.read_first
        hits = self._retriever.retrieve(query, 2 * most)
        found = {hit.passage.sentence: hit for hit in hits}
        chosen, extracted = distinct(hits), list[ExtractedAnswer]()
        for start, end in ((0, first), (first, most)):
            deadline.check()
            if some := chosen[start:end]:
                with stage("reading"):
                    read = [one for one in self._reader.read(query.text, some) if not one.sentence.is_furniture]
                extracted += [replace(one, hit=found.get(one.sentence, one.hit)) for one in read]
                yield Reading(tuple(extracted), tuple(chosen[end:]))

    def _ranked(self, query: Query) -> list[RankedAnswer]:
        """Return the answers, best first, after reading as many passages as it takes to be confident of one."""
        best: list[RankedAnswer] = []
        named = names_year(query.text)
        for reading in self.readings(query):
            with stage("ranking"):
                best = self._ranker.rank(reading.every, query.days, query.about, names_year=named)
            if best and best[0].confidence >= self._policy.enough:
                break
        return best

    def _outcome(self, confidence: float) -> Outcome:
        if confidence >= self._policy.min_answered:
            return Outcome.ANSWERED
        return Outcome.UNCERTAIN if confidence >= self._policy.min_uncertain else Outcome.NOT_IN_ARTICLES


def _short(question: str, best: Sequence[RankedAnswer], top_k: int) -> Answer:
    """Return the answer with its items, if the question asks for several and there are, or else with one span."""
    if asks_for_list(question) and (answer := listed(question, best, top_k)):
        return answer
    quotes = tuple(quote(ranked, rank) for rank, ranked in enumerate(best[:top_k], start=1))
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=quotes,
        confidence=best[0].confidence,
        parts=(part(question, best[0].answer, best[0].extracted.sentence, 1),),
        figures=_figures(question, best, quotes),
    )


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


def _figures(question: str, best: Sequence[RankedAnswer], quotes: Sequence[Quote]) -> tuple[ConflictingFigure, ...]:
    """Return the figures that differ, each with its quote: the one in ``quotes``, if it is there."""
    ranks = {ranked.extracted.sentence: rank for rank, ranked in enumerate(best, start=1)}
    figures = []
    for claim in differing(question, best):
        rank = ranks[claim.sentence]
        found = quotes[rank - 1] if rank <= len(quotes) else quote(claim.ranked, rank)
        figures.append(ConflictingFigure(found, claim.amount))
    return tuple(figures)
