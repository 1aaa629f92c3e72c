"""What goes over the wire: request and response bodies, and an ``Answer`` as one. Pages show the same bodies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from index.articles import Article, Filters, Span
from index.sentences import heading
from index.store import Record, State, Version
from service.answerer import Answer, Figure, Quote, Reason
from service.followup import Carried
from service.verification import Verdict, Verification


def _only_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a day is written as text, like 2024-12-16")
    return value


_Day = Annotated[date, BeforeValidator(_only_text)]
_Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_ID = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
_MAX_LISTED = 100  # publishers or articles named in one filter


class Body(BaseModel):
    """A request body: a field that it does not have is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersBody(Body):
    """What to search in; a day is included."""

    published_from: _Day | None = None
    published_to: _Day | None = None
    publisher: list[str] = Field(default_factory=list, max_length=_MAX_LISTED)
    article_id: list[_ID] = Field(default_factory=list, max_length=_MAX_LISTED)

    @property
    def count(self) -> int:
        """How many of the filters narrow the search."""
        return sum(map(bool, (self.published_from, self.published_to, self.publisher, self.article_id)))

    def filters(self) -> Filters:
        """Return the noun."""
        return Filters(self.published_from, self.published_to, tuple(self.publisher), tuple(self.article_id))


class QueryBody(Body):
    """A question."""

    question: _Question = Field(examples=["How many North Korean troops were sent?"])
    top_k: int = Field(5, ge=1, strict=True, description="At most this many quotes.")
    conversation_id: str | None = Field(
        None, max_length=64, description="The conversation that this question belongs to; a new one by default."
    )
    without: list[str] = Field(
        default_factory=list, max_length=_MAX_LISTED, description="Words not to be carried over from earlier questions."
    )
    filters: FiltersBody = Field(default_factory=FiltersBody)
    as_of: _Day | None = Field(None, description="The day the question is asked on; today by default.")


class VerifyBody(Body):
    """A quotation to look up."""

    quote: _Question = Field(examples=["North Korea had first called the reports “fake news”."])
    article_id: _ID | None = Field(None, description="The article that it is said to be from; any by default.")


class QueryString(Body):
    """A question in the address."""

    q: _Question = Field(description="The question.")
    top_k: int = Field(5, ge=1, description="At most this many quotes.")


class PageString(Body):
    """Which part of a list."""

    offset: int = Field(0, ge=0, le=2**31)
    limit: int = Field(50, ge=1)


class ArticlePath(BaseModel):
    """An article in the address."""

    article_id: str = Field(description="16 hex digits.")


class AnswerPath(BaseModel):
    """An answer in the address."""

    answer_id: str = Field(description="As it came with the answer.")


class FormatString(Body):
    """How an answer is written down, and which of its quotes."""

    format: str | None = Field(
        None, description="One of json, text, markdown, bibtex, csl, annotation; else by Accept."
    )
    quote: int | None = Field(None, ge=1, description="The quote with this rank alone.")


class ConversationPath(BaseModel):
    """A conversation in the address."""

    conversation_id: str = Field(description="As it came with an answer; who has it may read and go on.")


class ArticleBody(Body):
    """An article to take in; what is missing is read from its dateline, if it has one."""

    text: str
    title: str | None = None
    publisher: str | None = None
    agency: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = Field(None, examples=["2024-12-16"])


class Source(BaseModel):
    """The article that a quote stands in."""

    id: str
    title: str
    publisher: str | None
    author: str | None
    published: date | None
    url: str | None
    sha256: str

    @classmethod
    def of(cls, article: Article) -> Source:
        """Describe the article."""
        return cls(
            id=article.id,
            title=heading(article),
            publisher=article.publisher,
            author=article.author,
            published=article.published,
            url=article.url,
            sha256=article.sha256,
        )


class Offsets(BaseModel):
    """Characters of the article's text, from 0, ``end`` not included."""

    start: int
    end: int


class Copy(Offsets):
    """The same sentence in another article."""

    article: Source
    permalink: str


class Excerpt(Offsets):
    """Words of the article, exactly as they stand there."""

    text: str

    @classmethod
    def cut(cls, span: Span) -> Excerpt:
        """Describe the span."""
        return cls(text=span.text, start=span.start, end=span.end)


class ShortAnswer(Excerpt):
    """The answer itself; ``quote`` counts the quotes from 0."""

    quote: int
    support: int = Field(description="Independent articles that give this answer.")
    attribution: Excerpt | None = Field(description="Who says it, where the article tells.")


class QuoteBody(Excerpt):
    """Whole sentences of an article, exactly as they stand there."""

    rank: int
    score: float
    confidence: float = Field(0.0, description="How likely this quote answers, from 0 to 1.")
    answer: Excerpt | None = Field(description="What of the quote answers; null where nothing does.")
    attribution: Excerpt | None
    support: int
    highlights: list[Offsets]
    before: str
    after: str
    article: Source
    permalink: str
    copies: list[Copy]

    @classmethod
    def of(cls, quote: Quote, *, answers: bool) -> QuoteBody:
        """Describe the quote, which is one that ``answers``, or only what comes nearest."""
        text, span, context = quote.span.article.text, quote.span, quote.context
        return cls(
            rank=quote.rank,
            score=round(quote.score, 4),
            confidence=round(quote.confidence, 4),
            text=span.text,
            start=span.start,
            end=span.end,
            answer=Excerpt.cut(quote.answer) if answers else None,
            attribution=Excerpt.cut(quote.attribution) if quote.attribution else None,
            support=quote.support,
            highlights=[Offsets(start=mark.start, end=mark.end) for mark in quote.highlights],
            before=text[context.start : span.start],
            after=text[span.end : context.end],
            article=Source.of(span.article),
            permalink=permalink(span),
            copies=[_copy(sentence.span) for sentence in quote.copies],
        )


class FigureBody(BaseModel):
    """A quote that answers with an amount."""

    amount: str = Field(description="As it stands in the quote, without hedge and measure.")
    value: float = Field(description="The amount as a number, in its own unit.")
    quote: QuoteBody

    @classmethod
    def of(cls, figure: Figure) -> FigureBody:
        """Describe the figure."""
        return cls(amount=figure.amount, value=figure.value, quote=QuoteBody.of(figure.quote, answers=True))


class CarriedBody(BaseModel):
    """Words taken over from an earlier turn of the conversation, counted from 1."""

    text: str
    from_turn: int


class AnswerBody(BaseModel):
    """An answer, or with a ``reason`` an abstention, whose quotes are only what comes nearest.

    The ids are null, and ``turn`` is 0, for an answer that is not kept.
    """

    question: str
    resolved_question: str = Field(description="The question that was searched for, which stands alone.")
    carried: list[CarriedBody]
    without: list[str] = Field(default_factory=list, description="What was not to be carried over.")
    filters: FiltersBody = Field(default_factory=FiltersBody, description="What was searched in.")
    answerable: bool
    confidence: float = Field(description="From 0 to 1.")
    reason: Reason | None
    answer: ShortAnswer | None
    quotes: list[QuoteBody]
    groups: list[list[int]] = Field(
        default_factory=list,
        description="Ranks of the quotes that likely answer, by the answer that they give, the first quote's first.",
    )
    figures: list[FigureBody] = Field(
        default_factory=list, description="Where sources answer with different amounts: each, oldest first."
    )
    took_ms: int
    answer_id: str | None = None
    conversation_id: str | None = None
    turn: int = 0

    @property
    def every_quote(self) -> list[QuoteBody]:
        """The quotes, and those of figures that are not among them."""
        ranks = {quote.rank for quote in self.quotes}
        return [*self.quotes, *(f.quote for f in self.figures if f.quote.rank not in ranks)]

    @classmethod
    def of(cls, answer: Answer, took_ms: int, question: str = "", carried: Iterable[Carried] = ()) -> AnswerBody:
        """Describe the answer, whose question may have been asked in other words, and ``carried`` some over."""
        quotes = [QuoteBody.of(quote, answers=answer.answerable) for quote in answer.quotes]
        return cls(
            question=question or answer.question,
            resolved_question=answer.question,
            carried=[CarriedBody(text=c.text, from_turn=c.from_turn) for c in carried],
            answerable=answer.answerable,
            confidence=round(answer.confidence, 4),
            reason=answer.reason,
            answer=_short(quotes[0]) if answer.answerable else None,
            quotes=quotes,
            groups=[[quote.rank for quote in group] for group in answer.groups],
            figures=[FigureBody.of(figure) for figure in answer.figures],
            took_ms=took_ms,
        )


class ConversationBody(BaseModel):
    """A conversation: its answers in their order."""

    conversation_id: str
    turns: list[AnswerBody]


class PlaceBody(Excerpt):
    """Where a quotation stands, or what comes nearest to it."""

    article: Source
    permalink: str


class ChangeBody(BaseModel):
    """Some words of the quotation, and those of the article in their place."""

    quote: str
    article: str
    differs: bool


class VerificationBody(BaseModel):
    """Whether a quotation stands in the articles word for word; for an ``altered`` one, what comes nearest."""

    quote: str
    verdict: Verdict
    places: list[PlaceBody]
    changes: list[ChangeBody]

    @classmethod
    def of(cls, found: Verification) -> VerificationBody:
        """Describe it."""
        return cls(
            quote=found.quote,
            verdict=found.verdict,
            places=[_place(span) for span in found.spans],
            changes=[ChangeBody(quote=c.quote, article=c.article, differs=c.differs) for c in found.changes],
        )


class Validity(StrEnum):
    """What became of a kept answer; the worst of what became of its articles."""

    VALID = "valid"
    """Every quote is still its article's text, and no article has a newer version."""
    SUPERSEDED = "superseded"
    REMOVED = "removed"


class RecheckBody(BaseModel):
    """Whether a kept answer still stands, and what became of the article of each quote."""

    answer_id: str
    status: Validity
    articles: dict[str, State]


class ArticleInfo(Source):
    """An article as it is kept, without its text."""

    agency: str | None
    chars: int
    added_at: datetime
    superseded_by: str | None

    @classmethod
    def of_record(cls, record: Record) -> ArticleInfo:
        """Describe the record."""
        article = record.article
        return cls(
            **Source.of(article).model_dump(),
            agency=article.agency,
            chars=len(article.text),
            added_at=record.added_at,
            superseded_by=record.superseded_by,
        )


class VersionInfo(BaseModel):
    """One of the articles that took each other's place; of a removed one, the title is no longer known."""

    id: str
    title: str | None
    published: date | None
    added_at: datetime
    state: State

    @classmethod
    def of(cls, version: Version) -> VersionInfo:
        """Describe the version."""
        return cls(
            id=version.id,
            title=version.title,
            published=version.published,
            added_at=version.added_at,
            state=version.state,
        )


class History(BaseModel):
    """The versions of an article, oldest first."""

    versions: list[VersionInfo]


class ArticleList(BaseModel):
    """A part of the current articles, newest first."""

    articles: list[ArticleInfo]
    total: int
    offset: int
    limit: int


class LeftOut(BaseModel):
    """Something in an upload that is no article, and why."""

    name: str
    line: int | None
    detail: str


class Upload(BaseModel):
    """What became of the files: articles new here, articles that were here already, and what was left out."""

    added: list[ArticleInfo]
    known: list[ArticleInfo]
    left_out: list[LeftOut]


class UploadProgress(BaseModel):
    """How many of the articles that were sent are stored."""

    done: int
    total: int


class Fragment(BaseModel):
    """A part of a page."""

    html: str


class FieldError(BaseModel):
    """A field that is wrong, and why."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default_factory=list)


class Health(BaseModel):
    """Whether the service is alive, or ready."""

    status: str
    broken_quotes: int = Field(description="Quotes refused since the start because they were not their article's text.")


def permalink(span: Span) -> str:
    """Return the address at which the span is shown in its article."""
    return f"/articles/{span.article.id}?start={span.start}&end={span.end}"


def _copy(span: Span) -> Copy:
    return Copy(article=Source.of(span.article), start=span.start, end=span.end, permalink=permalink(span))


def _place(span: Span) -> PlaceBody:
    return PlaceBody(
        text=span.text, start=span.start, end=span.end, article=Source.of(span.article), permalink=permalink(span)
    )


def _short(quote: QuoteBody) -> ShortAnswer:
    assert quote.answer is not None
    return ShortAnswer(
        **quote.answer.model_dump(), quote=quote.rank - 1, support=quote.support, attribution=quote.attribution
    )
