"""What other programs' models ask with, and what they are told about articles; answers and quotations are the API's."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from index.articles import Hit, Span
from index.store.articles import Page
from index.store.records import Record
from service.citing.links import permalink
from service.schemas.answers import FiltersBody, QuestionBody
from service.schemas.articles import ArticleInfo
from service.schemas.base import ArticleId, Body, Day, Line, Permalink, Whole
from service.schemas.quotes import Excerpt

MOST_CHARS = 20_000
"""Of an article's text in one reply: about 5,000 tokens, a small part of what a model reads at once."""


class AskArguments(QuestionBody):
    """A question, best about one fact, as a person would ask it in English."""

    conversation_id: str | None = Field(
        None, max_length=64, description="From an earlier answer, if this question depends on it (“Who said so?”)."
    )


class SearchArguments(Body):
    """What articles to find."""

    query: Line | None = Field(
        None,
        description="Words or a question to find articles with the nearest passages; without it, a list, newest first.",
    )
    filters: FiltersBody = Field(default_factory=FiltersBody, description="Which articles to look in; all by default.")
    as_of: Day | None = Field(None, description="The day as of which articles count as new; today by default.")
    limit: Whole = Field(10, ge=1, description="At most this many passages or, without query, articles.")
    offset: Whole = Field(0, ge=0, le=2**31, description="Without query: articles of the list to skip.")


class ArticleArguments(Body):
    """Which part of an article to read."""

    article_id: ArticleId = Field(description="16 hex digits: the id that came with a quote, a place or a search.")
    start: Whole = Field(0, ge=0, description="First character, counted from 0.")
    end: Whole | None = Field(None, ge=1, description=f"Character to end before; at most {MOST_CHARS:,} come at once.")


class PassageBody(Excerpt):
    """A passage that was found; scores of one search compare, and higher is better."""

    score: float
    permalink: Permalink

    @classmethod
    def of(cls, hit: Hit) -> PassageBody:
        """Describe the hit."""
        span = hit.passage.span
        return cls(text=span.text, start=span.start, end=span.end, score=round(hit.score, 2), permalink=permalink(span))


class FoundArticle(ArticleInfo):
    """An article, and the passages of it that were found, best first."""

    permalink: Permalink
    passages: list[PassageBody]

    @classmethod
    def holding(cls, record: Record, hits: Sequence[Hit] = ()) -> FoundArticle:
        """Describe the article with its hits."""
        info = ArticleInfo.of_record(record)
        passages = [PassageBody.of(hit) for hit in hits]
        return cls(**info.model_dump(), permalink=f"/articles/{info.id}", passages=passages)


class FoundArticles(BaseModel):
    """Articles, the best or newest first; ``total`` is how many the filters leave, if no words were searched for."""

    articles: list[FoundArticle]
    total: int | None

    @classmethod
    def listed(cls, page: Page) -> FoundArticles:
        """Describe a part of the list."""
        return cls(articles=[FoundArticle.holding(record) for record in page.records], total=page.total)

    @classmethod
    def found(cls, records: Sequence[Record], hits: Sequence[Hit]) -> FoundArticles:
        """Describe the articles in the order of their best hits."""
        return cls(
            articles=[
                FoundArticle.holding(record, [hit for hit in hits if hit.passage.article.id == record.article.id])
                for record in records
            ],
            total=None,
        )


class ArticlePart(ArticleInfo):
    """An article with a part of its text; ``next_start`` is where to go on reading, null at its end."""

    text: str = Field(description="Exactly as it stands in the article.")
    start: int
    end: int
    next_start: int | None
    permalink: Permalink

    @classmethod
    def cut(cls, record: Record, start: int, end: int | None) -> ArticlePart:
        """Describe the article, with at most ``MOST_CHARS`` characters from ``start`` on, up to ``end``.

        :raises BadSpan: if these are not characters of the article.
        """
        chars = len(record.article.text)
        wanted = Span.checked(record.article, start, min(chars if end is None else end, chars))
        span = Span(record.article, start, min(wanted.end, start + MOST_CHARS))
        return cls(
            **ArticleInfo.of_record(record).model_dump(),
            text=span.text,
            start=span.start,
            end=span.end,
            next_start=span.end if span.end < chars else None,
            permalink=permalink(span),
        )
