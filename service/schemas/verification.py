"""Quotations that were looked up, over the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field

from index.articles import Span
from service.citing.links import permalink
from service.comparing.verification import Verdict, Verification
from service.schemas.base import ArticleId, Body, Line, Permalink
from service.schemas.quotes import Excerpt, Source


class VerifyBody(Body):
    """A quotation to look up."""

    quote: Line = Field(examples=["North Korea had first called the reports “fake news”."])
    article_id: ArticleId | None = Field(None, description="The article that it is said to be from; any by default.")


class PlaceBody(Excerpt):
    """Where a quotation is, or what comes nearest to it."""

    article: Source
    place: str | None = Field(description="Where it stands in what the article was read from, if known: `page 3`.")
    permalink: Permalink

    @classmethod
    def of(cls, span: Span) -> PlaceBody:
        """Describe the span."""
        return cls(
            text=span.text,
            start=span.start,
            end=span.end,
            article=Source.of(span.article),
            place=span.place,
            permalink=permalink(span),
        )


class ChangeBody(BaseModel):
    """Some words of the quotation, and those of the article in their place."""

    quote: str
    article: str
    differs: bool


class VerificationBody(BaseModel):
    """Whether a quotation is in the articles, word for word; for an ``altered`` one, what comes nearest."""

    quote: str
    verdict: Verdict
    places: list[PlaceBody]
    changes: list[ChangeBody]

    @classmethod
    def of(cls, found: Verification) -> VerificationBody:
        """Describe the verification."""
        return cls(
            quote=found.quote,
            verdict=found.verdict,
            places=[PlaceBody.of(span) for span in found.spans],
            changes=[ChangeBody(quote=c.before, article=c.after, differs=c.differs) for c in found.changes],
        )
