"""Articles over the wire."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from index.articles import Filters, Origin
from index.errors import UnreadableArticle
from index.formats.fields import MAX_COLLECTIONS
from index.store.articles import Sort
from index.store.facets import Facets
from index.store.records import Record
from index.store.versions import State, Version
from service.english.language import foreign_language
from service.schemas.base import Body, Moment
from service.schemas.quotes import ReportBody, Source

Month = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]
_Number = Annotated[int, Field(ge=1, le=2**31)]
_MAX_NAMED = 20
"""Of each kind in an address, which may have some 30,000 characters in all."""


class NarrowedString(Body):
    """Which articles; repeat a name to give several values."""

    q: str = Field("", description="Only articles with all of these words in title or text.")
    publisher: list[str] = Field(default_factory=list, max_length=_MAX_NAMED)
    month: Month | None = Field(None, description="Only articles published in this month, such as 2024-12.")
    collection: list[str] = Field(
        default_factory=list,
        max_length=_MAX_NAMED,
        description="Only articles in one of these collections, by name or id.",
    )

    source: list[_Number] = Field(
        default_factory=list, max_length=_MAX_NAMED, description="Only articles from one of these feeds or folders."
    )

    def filters(self) -> Filters:
        """Return the domain's filters."""
        first = last = None
        if self.month:
            first = date.fromisoformat(f"{self.month}-01")
            last = first.replace(day=monthrange(first.year, first.month)[1])
        return Filters(
            first, last, tuple(self.publisher), collections=tuple(self.collection), sources=tuple(self.source)
        )


class ListString(NarrowedString):
    """Which articles, in which order, and which part of the list."""

    sort: Sort | None = Field(None, description="By default `best` with words to search for, and `newest` without.")
    offset: int = Field(0, ge=0, le=2**31, description="How many to leave out at the beginning of the list.")
    limit: int = Field(50, ge=1, description="How many to return, at most.")


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
    """An article to add; missing fields are read from its dateline, if it has one."""

    text: str
    collections: list[str] = Field(
        default_factory=list,
        max_length=MAX_COLLECTIONS,
        description="Names of the collections to add it to; new names create collections.",
    )


class CollectionName(BaseModel):
    """A collection, by its id and its name."""

    id: str
    name: str


class AddressBody(Body):
    """The address of an article to add, and nothing else: its fields are read from the page."""

    url: str


class OriginInfo(BaseModel):
    """What an article was read from, and with what: the library behind the extractor, and both versions in brackets."""

    sha256: str = Field(description="SHA-256 of the original's bytes.")
    media_type: str
    extractor: str
    version: str
    encoding: str | None = Field(description="The encoding in which the original was read, if it is text.")
    is_guess: bool = Field(description="Whether that encoding is a guess.")
    places: int = Field(description="How many places a quote may name, such as the pages of a PDF.")

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
    language: str | None = Field(description="The language the text appears to be in, if it is not English.")
    added_at: Moment
    superseded_by: str | None
    origin: OriginInfo | None = Field(description="What it was read from; null if it came as text.")
    collections: list[CollectionName] = Field(description="The collections it is in, by name.")
    report: ReportBody | None = Field(description="Its copies; null if there are none.")

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
            collections=[CollectionName(id=one.id, name=one.name) for one in record.collections],
            report=ReportBody.of(record.report, article.id) if record.report else None,
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


class ValueCount(BaseModel):
    """A value, and how many articles have it."""

    value: str
    articles: int


class CollectionCount(CollectionName):
    """A collection, and how many of the articles are in it."""

    articles: int


class SourceCount(BaseModel):
    """A feed or folder, by its number and its name, and how many of the articles it brought."""

    number: int
    name: str
    articles: int


class ArticleCounts(BaseModel):
    """How many articles each value would leave; in the counts of a kind, its own filter is ignored.

    At most 100 of each kind: publishers, collections and sources with the most articles, and the latest months.
    """

    total: int
    publishers: list[ValueCount]
    months: list[ValueCount]
    collections: list[CollectionCount]
    sources: list[SourceCount]

    @classmethod
    def of(cls, total: int, facets: Facets) -> ArticleCounts:
        """Describe the counts."""
        return cls(
            total=total,
            publishers=[ValueCount(value=one.value, articles=one.articles) for one in facets.publishers],
            months=[ValueCount(value=one.value, articles=one.articles) for one in facets.months],
            collections=[
                CollectionCount(id=one.value.id, name=one.value.name, articles=one.articles)
                for one in facets.collections
            ],
            sources=[
                SourceCount(number=one.value.number, name=one.value.name, articles=one.articles)
                for one in facets.sources
            ],
        )


class ArticleList(BaseModel):
    """A part of the current articles; of those with the words that were searched for, at most the best 10,000."""

    articles: list[ArticleInfo]
    total: int
    offset: int
    limit: int


class LeftOut(BaseModel):
    """Something in an upload that is not an article, and why."""

    name: str
    line: int | None
    detail: str

    @classmethod
    def of(cls, error: UnreadableArticle) -> LeftOut:
        """Describe what was left out."""
        return cls(name=error.name, line=error.line, detail=error.message)


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
            left_out=[LeftOut.of(error) for error in left_out],
        )


class UploadProgress(BaseModel):
    """How many of the articles that were sent have been stored."""

    done: int
    total: int


class Fragment(BaseModel):
    """A part of a page."""

    html: str
