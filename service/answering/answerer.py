"""A question to an ``Answer``: retrieve, read and rank, then choose quotes or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.articles import Hit
from index.search.retriever import Query, Retriever
from index.text import words
from service.answering import evidence
from service.answering.answer import Answer, ConflictingFigure, Outcome, Quote, Reason
from service.answering.disagreement import differing
from service.answering.listing import listed
from service.answering.quoting import part, quote
from service.answering.ranker import AnswerRanker, RankedAnswer
from service.answering.sides import Sided, compared
from service.english.kinds import asks_for_list
from service.english.sides import comparison
from service.readers.reader import ExtractedAnswer, Reader


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are chosen: how many passages are read, and what is said at which probability of an answer.

    From ``min_p_answered`` on the question is answered, below ``min_p_uncertain`` it is not in the articles, and in
    between it is uncertain.
    """

    read_passages: int
    min_p_answered: float
    min_p_uncertain: float


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
        outcome = self._outcome(best[0].p_answerable)
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
        least = self._policy.min_p_answered
        names = [side.name for side in given.sides]
        found = [self._ranked(replace(query, text=side.question)) for side in given.sides]
        sides = [
            Sided(side, other, [one for one in ranked if one.p_answerable >= least])
            for side, other, ranked in zip(given.sides, reversed(names), found, strict=True)
        ]
        return compared(query.text, given, sides, best, top_k)

    def _ranked(self, query: Query) -> list[RankedAnswer]:
        return self._ranker.rank(query.text, self.extract(query))

    def extract(self, query: Query) -> list[ExtractedAnswer]:
        """Return what the reader extracts from each sentence of the best passages.

        A sentence that was itself found, but was read as another's neighbour, is returned with its own hit.

        :raises EmptyQuestion: if the question has no words.
        """
        most = self._policy.read_passages
        hits = self._retriever.retrieve(query, 2 * most)
        found = {hit.passage.sentence: hit for hit in hits}
        extracted = self._reader.read(query.text, distinct(hits)[:most])
        return [replace(one, hit=found.get(one.sentence, one.hit)) for one in extracted]

    def _outcome(self, p_answerable: float) -> Outcome:
        if p_answerable >= self._policy.min_p_answered:
            return Outcome.ANSWERED
        return Outcome.UNCERTAIN if p_answerable >= self._policy.min_p_uncertain else Outcome.NOT_IN_ARTICLES


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
        parts=(part(best[0].answer, best[0].extracted.sentence, 1),),
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
