"""Quotes over the wire, and the articles they are from."""

from __future__ import annotations

import re
from datetime import date

from pydantic import BaseModel, Field

from index.articles import Article, Span
from index.store.reports import Member, Report
from index.store.versions import State
from index.text.sentences import heading
from service.answering.answer import ConflictingFigure, Quote
from service.citing.links import permalink, permalink_at
from service.conversing.turn import RemovedQuote
from service.english.hedges import Hedge
from service.schemas.base import Permalink


class Source(BaseModel):
    """The article that a quote is from; only the id and digest of a removed one are known."""

    id: str
    title: str | None
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

    def title_beside(self, text: str) -> str | None:
        """Return the title, unless it only repeats how the text begins, as one made from a first sentence does."""
        words = _words(self.title or "")
        return None if words == _words(text)[: len(words)] else self.title


class Offsets(BaseModel):
    """Characters of the article's text, counted from 0, ``end`` not included."""

    start: int
    end: int


class Copy(Offsets):
    """The same sentence in another article."""

    article: Source
    permalink: Permalink

    @classmethod
    def of(cls, span: Span) -> Copy:
        """Describe the span."""
        return cls(article=Source.of(span.article), start=span.start, end=span.end, permalink=permalink(span))


class MemberBody(BaseModel):
    """One of the articles of a report."""

    id: str
    title: str | None
    publisher: str | None
    published: date | None
    permalink: Permalink

    @classmethod
    def of(cls, member: Member) -> MemberBody:
        """Describe the article."""
        return cls(
            id=member.id,
            title=heading(member.start),
            publisher=member.publisher,
            published=member.published,
            permalink=f"/articles/{member.id}",
        )


class ReportBody(BaseModel):
    """Near-identical articles in the archive, whichever of them were read: one report, and its copies."""

    copies: int = Field(description="How many copies there are besides the first.")
    first: MemberBody = Field(description="The article published first.")
    others: list[MemberBody] = Field(description="The other articles, by day, at most 50.")

    @classmethod
    def of(cls, report: Report, article_id: str) -> ReportBody:
        """Describe the report that the article is one of."""
        others = [MemberBody.of(member) for member in report.others(article_id)]
        return cls(copies=report.copies, first=MemberBody.of(report.first), others=others)


class Excerpt(Offsets):
    """Words of the article, exactly as they appear there."""

    text: str

    def is_all_of(self, other: Excerpt) -> bool:
        """Whether nothing of the other is left out."""
        return (self.start, self.end) == (other.start, other.end)

    @classmethod
    def cut(cls, span: Span) -> Excerpt:
        """Describe the span."""
        return cls(text=span.text, start=span.start, end=span.end)


class QuoteBody(Excerpt):
    """Whole sentences of an article, exactly as they appear there; empty if the article has since been removed."""

    rank: int
    score: float
    confidence: float = Field(description="How likely this quote is to answer, from 0 to 1.")
    answer: Excerpt | None = Field(description="The part that was read as the answer; null if the article was removed.")
    attribution: Excerpt | None
    support: int
    highlights: list[Offsets]
    before: str
    after: str
    article: Source
    place: str | None = Field(description="Where it is in what the article was read from, if known, such as `page 3`.")
    state: State = Field(description="What has become of the article since.")
    permalink: Permalink
    copies: list[Copy] = Field(description="The same sentence in other articles that were read.")
    report: ReportBody | None = Field(None, description="The copies of the whole article; null if there are none.")

    @property
    def elsewhere(self) -> list[Copy]:
        """The same sentence in articles that are no copies of this one."""
        inside = {member.id for member in self.report.others} if self.report else set[str]()
        return [copy for copy in self.copies if copy.article.id not in inside]

    @classmethod
    def of(cls, quote: Quote, state: State = State.CURRENT, report: Report | None = None) -> QuoteBody:
        """Describe the quote."""
        text, span, context = quote.span.article.text, quote.span, quote.context
        return cls(
            rank=quote.rank,
            score=round(quote.score, 4),
            confidence=round(quote.confidence, 4),
            text=span.text,
            start=span.start,
            end=span.end,
            answer=Excerpt.cut(quote.answer),
            attribution=Excerpt.cut(quote.attribution) if quote.attribution else None,
            support=quote.support,
            highlights=[Offsets(start=mark.start, end=mark.end) for mark in quote.highlights],
            before=text[context.start : span.start],
            after=text[span.end : context.end],
            article=Source.of(span.article),
            place=span.place,
            state=state,
            permalink=permalink(span),
            copies=[Copy.of(span) for span in quote.copies],
            report=ReportBody.of(report, span.article.id) if report else None,
        )

    @classmethod
    def without_words(cls, quote: RemovedQuote) -> QuoteBody:
        """Describe a quote whose article has been removed."""
        article_id = quote.article_id
        nothing = dict.fromkeys(("title", "publisher", "author", "published", "url"))
        return cls(
            rank=quote.rank,
            score=round(quote.score, 4),
            confidence=round(quote.confidence, 4),
            text="",
            start=quote.start,
            end=quote.end,
            answer=None,
            attribution=None,
            support=quote.support,
            highlights=[],
            before="",
            after="",
            article=Source(id=article_id, sha256=quote.sha256, **nothing),
            place=None,
            state=State.REMOVED,
            permalink=permalink_at(article_id, quote.start, quote.end),
            copies=[],
            report=None,
        )


class FigureBody(BaseModel):
    """A quote that answers with an amount."""

    amount: str = Field(description="As it appears in the quote, without hedge and measure.")
    value: float = Field(description="The amount as a number, in its own unit.")
    unit: str = Field(description="A currency sign, %, the stem of a measure, or nothing if things are counted.")
    hedge: Hedge | None = Field(description="On which side of the amount the number may lie, by the words around it.")
    quote: QuoteBody

    @classmethod
    def of(cls, figure: ConflictingFigure, state: State, report: Report | None = None) -> FigureBody:
        """Describe the figure."""
        quote = QuoteBody.of(figure.quote, state, report)
        amount = figure.amount
        return cls(amount=amount.text, value=amount.value, unit=amount.unit, hedge=figure.hedge, quote=quote)


def _words(text: str) -> list[str]:
    """Return the words, whatever case and punctuation they have."""
    return re.findall(r"\w+", text.casefold())
