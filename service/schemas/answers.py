"""Questions and answers over the wire. Pages show the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field

from index.articles import Days, Filters
from index.store.reports import Report
from index.store.versions import State
from service.answering import wording
from service.answering.answer import (
    AnswerPart,
    Kind,
    Normalized,
    NormalizedDate,
    NormalizedNumber,
    Outcome,
    Quote,
    Reason,
)
from service.conversing.turn import Question, Turn, Validity
from service.english.dates import spelled
from service.english.kinds import asks_why_or_how
from service.schemas.base import MAX_LISTED, ArticleId, Body, Day, Flag, Line, Whole
from service.schemas.problems import Problem
from service.schemas.quotes import Excerpt, FigureBody, QuoteBody


class FiltersBody(Body):
    """What to search in; both days are included."""

    published_from: Day | None = None
    published_to: Day | None = None
    publisher: list[str] = Field(default_factory=list, max_length=MAX_LISTED)
    article_id: list[ArticleId] = Field(default_factory=list, max_length=MAX_LISTED)
    collection: list[str] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Names or ids of collections; answers give their ids."
    )

    @property
    def count(self) -> int:
        """How many of the filters narrow the search."""
        days = self.published_from, self.published_to
        return sum(map(bool, (*days, self.publisher, self.article_id, self.collection)))

    def filters(self) -> Filters:
        """Return the domain's filters."""
        days = self.published_from, self.published_to
        return Filters(*days, tuple(self.publisher), tuple(self.article_id), tuple(self.collection))

    @classmethod
    def of(cls, filters: Filters) -> FiltersBody:
        """Describe the filters."""
        return cls.model_construct(
            published_from=filters.published_from,
            published_to=filters.published_to,
            publisher=list(filters.publishers),
            article_id=list(filters.article_ids),
            collection=list(filters.collections),
        )


class QuestionBody(Body):
    """A question that stands alone."""

    question: Line = Field(examples=["How many North Korean troops were sent?"])
    top_k: Whole = Field(5, ge=1, description="At most this many quotes.")
    without_correction: bool = Field(
        default=False, strict=True, description="Whether to ask exactly as written, without correcting the spelling."
    )
    filters: FiltersBody = Field(default_factory=FiltersBody)
    as_of: Day | None = Field(None, description="The day on which the question is asked; today by default.")

    def asked(self) -> Question:
        """Return the domain's question."""
        return Question(
            self.question, self.top_k, self.filters.filters(), self.as_of, without_correction=self.without_correction
        )


class QueryBody(QuestionBody):
    """A question that may belong to a conversation."""

    conversation_id: str | None = Field(
        None, max_length=64, description="The conversation that this question belongs to; a new one by default."
    )
    without: list[str] = Field(
        default_factory=list, max_length=MAX_LISTED, description="Words not to carry over from earlier questions."
    )

    def asked(self) -> Question:
        """Return the domain's question."""
        return replace(super().asked(), without=tuple(self.without))


class QueryString(FiltersBody):
    """A question in the address, with filters; repeat a name to give several values."""

    q: Line = Field(description="The question.")
    top_k: int = Field(5, ge=1, description="At most this many quotes.")
    without_correction: Flag = Field(
        default=False, description="Whether to ask exactly as written, without correcting the spelling."
    )
    as_of: Day | None = Field(None, description="The day on which the question is asked; today by default.")

    def asked(self) -> Question:
        """Return the domain's question."""
        return Question(self.q, self.top_k, self.filters(), self.as_of, without_correction=self.without_correction)


class BatchBody(Body):
    """Independent questions. What is wrong with one is said in its place."""

    questions: list[dict[str, Any]] = Field(min_length=1)


class AnswerPath(BaseModel):
    """An answer in the address."""

    answer_id: str = Field(description="The id that came with the answer.")


class FormatString(Body):
    """In which format to return an answer, and which of its quotes."""

    format: str | None = Field(
        None, description="One of json, text, markdown, bibtex, csl, annotation, csv, svg; by default as Accept asks."
    )
    quote: int | None = Field(None, ge=1, description="Only the quote with this rank.")


class NumberBody(BaseModel):
    """A number that words of an answer stand for."""

    number: float
    at_least: bool = Field(description="Whether the words only give a lower bound.")
    unit: str = Field(description="A currency sign, %, the stem of a measure, or nothing if things are counted.")


class DateBody(BaseModel):
    """A day that words of an answer stand for or, with ``until``, the first and the last of several days."""

    date: dt.date
    until: dt.date | None = None

    @property
    def written(self) -> str:
        """The days as readers write them."""
        return spelled(Days(self.date, self.until or self.date))


class PartBody(Excerpt):
    """One of the answers, or a whole sentence that is evidence; ``quote`` counts the quotes from 0."""

    quote: int
    side: str | None = Field(description="The side of a comparison it belongs to, in the question's words.")
    normalized: NumberBody | DateBody | None = Field(description="Computed from the words: not a quotation.")

    @property
    def computed(self) -> str:
        """The days that the words stand for, as readers write them; empty where the words tell the year themselves."""
        days = self.normalized
        return days.written if isinstance(days, DateBody) and str(days.date.year) not in self.text else ""

    @classmethod
    def of(cls, part: AnswerPart) -> PartBody:
        """Describe the part."""
        excerpt = Excerpt.cut(part.span)
        return cls(
            **excerpt.model_dump(), quote=part.rank - 1, side=part.side or None, normalized=_normalized(part.normalized)
        )


class ShortAnswer(Excerpt):
    """The answer itself: the first of its parts; ``quote`` counts the quotes from 0."""

    kind: Kind
    parts: list[PartBody]
    quote: int
    support: int = Field(description="Independent articles that give this answer.")
    attribution: Excerpt | None = Field(description="Who says it, if the article says so.")


class CarriedBody(BaseModel):
    """Words carried over from an earlier turn of the conversation; turns count from 1."""

    text: str
    from_turn: int


class AnswerBody(BaseModel):
    """An answer or, with a ``reason``, that there is none: then the quotes are only the closest ones.

    For an answer that is not kept, the ids are null and ``turn`` is 0. In one that is kept, ``answer`` is null too once
    its article has been removed.
    """

    question: str
    corrected_question: str | None = Field(description="The question with its spelling corrected, if it was.")
    without_correction: bool = Field(description="Whether it was asked exactly as written.")
    resolved_question: str = Field(description="The question that was searched for, complete in itself.")
    carried: list[CarriedBody]
    without: list[str] = Field(description="Words that were not to be carried over.")
    filters: FiltersBody = Field(description="Which articles were searched.")
    outcome: Outcome
    answerable: bool = Field(description="Whether the outcome is `answered`.")
    confidence: float = Field(description="How likely the first quote is to answer, from 0 to 1.")
    reason: Reason | None = Field(description="Why there is no answer.")
    answer: ShortAnswer | None
    quotes: list[QuoteBody]
    groups: list[list[int]] = Field(
        description="Ranks of the quotes that likely answer, grouped by answer; the first quote's group comes first.",
    )
    figures: list[FigureBody] = Field(description="The amounts, oldest first, if sources give different ones.")
    took_ms: int
    answer_id: str | None
    conversation_id: str | None
    turn: int
    owner_key: str | None = Field(
        None,
        description="Sent once, with the first answer of a conversation, which whoever presents it can list, name, pin "
        "and delete.",
    )

    @classmethod
    def of(cls, turn: Turn, *, is_shared: bool = False, owner_key: str | None = None) -> AnswerBody:
        """Describe the turn; if it ``is_shared``, it does not lead to its conversation."""
        answer, place = turn.answer, turn.place
        quotes = [QuoteBody.of(quote, *_now(turn, quote)) for quote in answer.quotes]
        gone = [QuoteBody.without_words(quote) for quote in turn.removed]
        return cls(
            question=turn.question.text,
            corrected_question=turn.corrected,
            without_correction=turn.question.without_correction,
            resolved_question=answer.question,
            carried=[CarriedBody(text=c.text, from_turn=c.from_turn) for c in turn.carried],
            without=list(turn.question.without),
            filters=FiltersBody.of(turn.question.filters),
            outcome=answer.outcome,
            answerable=answer.answerable,
            confidence=round(answer.confidence, 4),
            reason=answer.reason,
            answer=_short(turn),
            quotes=sorted([*quotes, *gone], key=lambda quote: quote.rank),
            groups=[[quote.rank for quote in group] for group in answer.groups],
            figures=[FigureBody.of(figure, *_now(turn, figure.quote)) for figure in answer.figures],
            took_ms=turn.took_ms,
            answer_id=place and place.turn_id,
            conversation_id=place.conversation_id if place and not is_shared else None,
            turn=turn.number,
            owner_key=owner_key,
        )

    @property
    def label(self) -> str:
        """The outcome, for people."""
        return wording.label(self.outcome, self.reason)

    @property
    def is_sure(self) -> bool:
        """Whether the question is answered, and the answer is called sure."""
        return self.answerable and wording.is_sure(self.confidence)

    @property
    def certainty(self) -> str:
        """How sure the answer is, for people."""
        return wording.certainty(self.confidence)

    @property
    def asks_why_or_how(self) -> bool:
        """Whether several quotes may each tell a part of the answer: a reason, or a way."""
        return asks_why_or_how(self.resolved_question)

    @property
    def verdict(self) -> str:
        """What is said in place of an answer, for people."""
        return wording.verdict(self.outcome, self.reason, is_filtered=self.filters.count > 0)


class BatchAnswers(BaseModel):
    """For each question of a batch, in order, its answer or what is wrong with it."""

    answers: list[AnswerBody | Problem]


class RecheckBody(BaseModel):
    """Whether a kept answer still stands, and what has become of each quoted article."""

    answer_id: str
    status: Validity
    articles: dict[str, State]

    @classmethod
    def of(cls, turn: Turn) -> RecheckBody:
        """Describe the kept turn."""
        assert turn.place is not None
        return cls(answer_id=turn.place.turn_id, status=turn.validity, articles=dict(turn.states))


def _now(turn: Turn, quote: Quote) -> tuple[State, Report | None]:
    """Return what has become of the quote's article, and what it is a copy of."""
    article_id = quote.span.article.id
    return turn.states.get(article_id, State.CURRENT), turn.reports.get(article_id)


def _short(turn: Turn) -> ShortAnswer | None:
    answer = turn.answer
    if not answer.parts:
        return None
    first, *_ = parts = [PartBody.of(part) for part in answer.parts]
    quote = next(quote for quote in answer.every_quote if quote.rank == answer.parts[0].rank)
    said = Excerpt.cut(quote.attribution) if quote.attribution else None
    return ShortAnswer(
        text=first.text,
        start=first.start,
        end=first.end,
        quote=first.quote,
        kind=answer.kind,
        parts=parts,
        support=quote.support,
        attribution=said,
    )


def _normalized(found: Normalized | None) -> NumberBody | DateBody | None:
    match found:
        case NormalizedNumber(number, at_least, unit):
            return NumberBody(number=number, at_least=at_least, unit=unit)
        case NormalizedDate(day, until):
            return DateBody(date=day, until=until)
    return None
