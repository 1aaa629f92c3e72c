"""What a question is answered with: quotes, and the answers inside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from index.articles import Span
from service.answering.ranker import MIN_FURTHER, answer_key
from service.english.amounts import Amount
from service.english.hedges import Hedge, hedge_of


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNCERTAIN = "uncertain"
    """The articles may answer: the quotes come nearest."""
    NOT_IN_ARTICLES = "not_in_articles"
    """They do not, as far as can be told."""


class Reason(StrEnum):
    """Why there is no answer."""

    NO_ARTICLES = "no_articles"
    """There is nothing to search in, or the filters leave nothing over."""
    NO_EVIDENCE = "no_evidence"
    """Nothing that was found has any of the question's words."""
    LOW_CONFIDENCE = "low_confidence"
    """Something was found, but it does not look enough like an answer."""
    NOT_ENGLISH = "not_english"
    """Nothing was found for a question that does not seem to be in English."""
    UNREADABLE = "unreadable"
    """There was an answer, but it was kept in a form that can no longer be read."""


class Kind(StrEnum):
    """What an answer looks like."""

    SPAN = "span"
    """One short answer."""
    LIST = "list"
    """Several items."""
    COMPARISON = "comparison"
    """One short answer per side."""
    EVIDENCE = "evidence"
    """Whole sentences that settle the question or speak to it: no short answer would do."""


@dataclass(frozen=True, slots=True)
class NormalizedNumber:
    """The number that words stand for, in their ``unit``; ``at_least`` if they only give a lower bound."""

    number: float
    at_least: bool
    unit: str


@dataclass(frozen=True, slots=True)
class NormalizedDate:
    """The day that words stand for or, with ``until``, the first and the last of several days."""

    date: dt.date
    until: dt.date | None = None


Normalized = NormalizedNumber | NormalizedDate
"""What was computed from the words of an answer. It is never quoted."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of an article, as a span.

    ``answer`` (what was read as the answer, even if the question is not answered; all of it, if it was not read),
    ``attribution`` (who says it, if that is found) and ``highlights`` lie inside it; ``support`` counts the independent
    articles that give the same answer. ``context`` is the quote with its neighbouring sentences, and ``copies`` are the
    same words in other articles. ``score`` falls from one quote to the next; ``rank`` counts from 1.
    ``confidence`` is the probability, from 0 to 1, that this quote answers.
    """

    span: Span
    context: Span
    answer: Span
    attribution: Span | None
    highlights: tuple[Span, ...]
    copies: tuple[Span, ...]
    support: int
    score: float
    confidence: float
    rank: int

    @property
    def spans(self) -> Iterator[Span]:
        """All of its spans."""
        yield from (self.span, self.context, self.answer, *self.highlights, *self.copies)
        if self.attribution:
            yield self.attribution


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One of the answers: a span inside the quote of this ``rank``, and the value computed from it, if any.

    ``side`` is the side of a comparison that it is for, in the question's words; empty if nothing is compared.
    """

    span: Span
    rank: int
    normalized: Normalized | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class ConflictingFigure:
    """A quote that answers with a different amount than others do."""

    quote: Quote
    amount: Amount

    @property
    def hedge(self) -> Hedge | None:
        """On which side of the amount the number may lie, by the words around it."""
        return hedge_of(self.amount.span, self.quote.answer, self.quote.span)


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first, and the probability, from 0 to 1, that the first one answers: ``confidence``.

    Unless ``outcome`` is ``ANSWERED``, ``reason`` says why, and the quotes are only what comes nearest. ``parts`` are
    the short answers or, as evidence, the sentences that likely answer. If sources answer with different amounts,
    ``figures`` has them, oldest first, including those of quotes that are not among the best.
    """

    question: str
    outcome: Outcome
    quotes: tuple[Quote, ...]
    confidence: float
    reason: Reason | None = None
    kind: Kind = Kind.SPAN
    parts: tuple[AnswerPart, ...] = ()
    figures: tuple[ConflictingFigure, ...] = ()

    @classmethod
    def none(cls, question: str, reason: Reason, quotes: tuple[Quote, ...] = (), confidence: float = 0.0) -> Answer:
        """Return that it is not in the articles."""
        return cls(question, Outcome.NOT_IN_ARTICLES, quotes, confidence, reason)

    @property
    def answerable(self) -> bool:
        """Whether the articles answer the question."""
        return self.outcome is Outcome.ANSWERED

    @property
    def short(self) -> Span | None:
        """The first of its parts; None if there is none."""
        return self.parts[0].span if self.parts else None

    @property
    def every_quote(self) -> tuple[Quote, ...]:
        """The quotes, and those of figures that are not already among them."""
        ranks = {quote.rank for quote in self.quotes}
        return (*self.quotes, *(figure.quote for figure in self.figures if figure.quote.rank not in ranks))

    @property
    def groups(self) -> tuple[tuple[Quote, ...], ...]:
        """The quotes that likely answer, grouped by the answer they give: the first quote's group comes first."""
        by_key: dict[str, list[Quote]] = {}
        for quote in self.quotes if self.answerable else ():
            if quote.rank == 1 or quote.confidence >= MIN_FURTHER:
                by_key.setdefault(answer_key(quote.answer.text), []).append(quote)
        return tuple(map(tuple, by_key.values()))
