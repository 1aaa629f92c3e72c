"""What people say is wrong, over the wire, and as lines from which a benchmark can be made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from index.articles import Span
from index.store.versions import State
from service.answering.answer import Kind, Outcome, Quote, Reason
from service.conversing.complaint import Complaint
from service.conversing.turn import RemovedQuote
from service.schemas.answers import FiltersBody
from service.schemas.base import ArticleId, Body, Line, Whole
from service.schemas.quotes import Offsets


class SpanBody(Body):
    """Characters of an article's text, counted from 0, ``end`` not included."""

    article_id: ArticleId
    start: Whole = Field(ge=0)
    end: Whole = Field(ge=0)


_STR: JsonDict = {"type": "string"}
_NULL: JsonDict = {"type": "null"}


class FeedbackBody(Body):
    """That an answer is wrong: a kept one, by its ``answer_id``, or one that was not kept, by question and answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["answer_id"], "properties": {"answer_id": _STR, "question": _NULL, "answer": _NULL}},
                {"required": ["question"], "properties": {"question": _STR, "answer_id": _NULL}},
            ]
        }
    )

    answer_id: str | None = Field(None, max_length=64, description="The id that came with the answer.")
    question: Line | None = Field(None, description="The question, if the answer was not kept.")
    answer: SpanBody | None = Field(None, description="Its short answer; null if there was none.")
    note: str = Field("", description="What is wrong, for people to read.")

    @model_validator(mode="after")
    def _is_about_one(self) -> Self:
        if (self.answer_id is None) == (self.question is None):
            raise ValueError("give either answer_id or question")
        if self.answer_id is not None and self.answer is not None:
            raise ValueError("answer goes with a question, not with an answer_id")
        return self


class Cited(BaseModel):
    """Characters of an article that anyone who has it can find again."""

    article_id: str
    url: str | None
    sha256: str
    start: int
    end: int


class CitedAnswer(Cited):
    """A short answer, and its words."""

    text: str

    @classmethod
    def of(cls, span: Span) -> CitedAnswer:
        """Describe the span."""
        return cls(**_cited(span), text=span.text)


class CitedQuote(Cited):
    """A quote without its words; ``answer`` is what was read in it, null if the article has been removed."""

    rank: int
    state: State
    answer: Offsets | None

    @classmethod
    def of(cls, quote: Quote, state: State) -> CitedQuote:
        """Describe the quote."""
        answer = Offsets(start=quote.answer.start, end=quote.answer.end)
        return cls(**_cited(quote.span), rank=quote.rank, state=state, answer=answer)

    @classmethod
    def without_words(cls, quote: RemovedQuote) -> CitedQuote:
        """Describe a quote whose article has been removed."""
        place = {"article_id": quote.article_id, "sha256": quote.sha256, "start": quote.start, "end": quote.end}
        return cls(**place, url=None, rank=quote.rank, state=State.REMOVED, answer=None)


class ComplaintBody(BaseModel):
    """A question with what was answered, which somebody says is wrong: ``label`` says so where lines are mixed."""

    number: int
    said_at: datetime
    label: Literal["wrong"] = "wrong"
    note: str
    question: str
    resolved_question: str
    as_of: date
    filters: FiltersBody
    outcome: Outcome
    reason: Reason | None
    kind: Kind
    confidence: float
    answers: list[CitedAnswer]
    quotes: list[CitedQuote]

    @classmethod
    def of(cls, complaint: Complaint) -> ComplaintBody:
        """Describe the complaint."""
        turn, answer = complaint.turn, complaint.turn.answer
        quotes = [CitedQuote.of(quote, turn.states[quote.span.article.id]) for quote in answer.quotes]
        gone = [CitedQuote.without_words(quote) for quote in turn.removed]
        return cls(
            number=complaint.number,
            said_at=complaint.said_at.replace(tzinfo=UTC),
            note=complaint.note,
            question=turn.question.text,
            resolved_question=answer.question,
            as_of=complaint.as_of,
            filters=FiltersBody.of(turn.question.filters),
            outcome=answer.outcome,
            reason=answer.reason,
            kind=answer.kind,
            confidence=round(answer.confidence, 4),
            answers=[CitedAnswer.of(part.span) for part in answer.parts],
            quotes=sorted([*quotes, *gone], key=lambda quote: quote.rank),
        )


def _cited(span: Span) -> dict[str, object]:
    article = span.article
    return {
        "article_id": article.id,
        "url": article.url,
        "sha256": article.sha256,
        "start": span.start,
        "end": span.end,
    }
