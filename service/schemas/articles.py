"""Articles over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field

from index.articles import Origin
from index.errors import UnreadableArticle
from index.store.records import Record
from index.store.versions import State, Version
from service.english.language import foreign_language
from service.schemas.base import Body, Moment
from service.schemas.quotes import Source


class PageString(Body):
    """Which part of a list."""

    offset: int = Field(0, ge=0, le=2**31)
    limit: int = Field(50, ge=1)


class ArticlePath(BaseModel):
    """An article in the address."""

    article_id: str = Field(description="16 hex digits.")


class OriginalPath(BaseModel):
    """An original in the address."""

    sha256: str = Field(description="64 hex digits.")


class FieldsBody(Body):
    """What is said about an article."""

    title: str | None = None
    publisher: str | None = None
    agency: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = Field(None, examples=["2024-12-16"])


class ArticleBody(FieldsBody):
    """An article to take in; missing fields are read from its dateline, if it has one."""

    text: str


class AddressBody(Body):
    """The address of an article to take in, and nothing else: what is said about it is read there."""

    url: str


class OriginInfo(BaseModel):
    """What an article was read from, and by what: the library behind the extractor, and both versions in brackets."""

    sha256: str = Field(description="Of the original's bytes.")
    media_type: str
    extractor: str
    version: str
    encoding: str | None = Field(description="What the original was read as, if it is text.")
    is_guess: bool = Field(description="Whether nothing told that encoding.")
    places: int = Field(description="How many places a quote may name: the pages of a PDF.")

    @classmethod
    def of(cls, origin: Origin) -> OriginInfo:
        """Describe the origin."""
        return cls(
            sha256=origin.sha256,
            media_type=origin.media_type,
            extractor=origin.extractor,
            version=origin.version,
            encoding=origin.encoding,
            is_guess=origin.is_guess,
            places=len(origin.places),
        )


class ArticleInfo(Source):
    """An article as it is kept, without its text."""

    agency: str | None
    chars: int
    language: str | None = Field(description="What the text seems to be in, if not English, which Newsquote reads.")
    added_at: Moment
    superseded_by: str | None
    origin: OriginInfo | None = Field(description="What it was read from; null if it came as text.")

    @classmethod
    def of_record(cls, record: Record) -> ArticleInfo:
        """Describe the record."""
        article = record.article
        return cls(
            **Source.of(article).model_dump(),
            agency=article.agency,
            chars=len(article.text),
            language=foreign_language(article.text),
            added_at=record.added_at,
            superseded_by=record.superseded_by,
            origin=OriginInfo.of(article.origin) if article.origin else None,
        )


class VersionInfo(BaseModel):
    """One of the articles that replaced one another; the title of a removed one is no longer known."""

    id: str
    title: str | None
    published: date | None
    added_at: Moment
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
    """Something in an upload that is not an article, and why."""

    name: str
    line: int | None
    detail: str


class Upload(BaseModel):
    """What became of the files: articles that are new, articles that were already here, and what was left out."""

    added: list[ArticleInfo]
    known: list[ArticleInfo]
    left_out: list[LeftOut]

    @classmethod
    def of(cls, added: Sequence[Record], known: Sequence[Record], left_out: Sequence[UnreadableArticle]) -> Upload:
        """Describe the upload."""
        return cls(
            added=[ArticleInfo.of_record(record) for record in added],
            known=[ArticleInfo.of_record(record) for record in known],
            left_out=[LeftOut(name=error.name, line=error.line, detail=error.message) for error in left_out],
        )


class UploadProgress(BaseModel):
    """How many of the articles that were sent have been stored."""

    done: int
    total: int


class Fragment(BaseModel):
    """A part of a page."""

    html: str
