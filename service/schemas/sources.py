"""Feeds and folders over the wire."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from index.store.sources import Entry, Source, SourceKind, Wishes
from service.schemas.base import Body, Moment, Whole

MAX_NUMBER = 2**31
_MAX_KEPT = 2**31 - 1


class SourcePath(BaseModel):
    """A source in the address."""

    number: int = Field(ge=0, le=MAX_NUMBER)


class EmptyBody(Body):
    """A request that says everything by its address."""


class FeedBody(Body):
    """A feed, or a page that links to one."""

    url: str = Field(description="Address of a feed (RSS, Atom, JSON Feed, sitemap), or of a page that links to one.")
    interval_s: Whole | None = Field(None, ge=1, le=_MAX_KEPT, description="Seconds between checks, at most a day.")
    keep_days: Whole | None = Field(None, ge=0, le=36_500, description="Days to keep its articles; 0: forever.")
    keep_articles: Whole | None = Field(
        None, ge=0, le=_MAX_KEPT, description="Number of its latest articles to keep; 0: all."
    )

    @property
    def wishes(self) -> Wishes:
        """What is wished for the feed."""
        return Wishes(self.interval_s, self.keep_days, self.keep_articles)


class SourceInfo(BaseModel):
    """A source and its state."""

    number: int
    kind: SourceKind
    address: str
    title: str | None
    added_at: Moment
    interval_s: int | None = Field(description="As requested; null: as the feed says, or the default.")
    keep_days: int | None
    keep_articles: int | None
    next_at: Moment | None = Field(description="When it is checked next; null: whenever `watch` is running.")
    succeeded_at: Moment | None
    error: str | None = Field(description="Error of the last check; null if it succeeded.")
    failures: int = Field(description="Failed checks in a row.")
    brought: int = Field(description="Articles it has added.")
    removed: int = Field(description="Those of them no longer kept.")
    waiting: int = Field(description="Entries waiting to be fetched.")
    failed: int = Field(description="Entries that could not be read.")

    @classmethod
    def of(cls, source: Source) -> SourceInfo:
        """Describe the source."""
        wishes = source.wishes
        return cls(
            number=source.number,
            kind=source.kind,
            address=source.address,
            title=source.title,
            added_at=source.added_at,
            interval_s=wishes.interval_s,
            keep_days=wishes.keep_days,
            keep_articles=wishes.keep_articles,
            next_at=source.next_at,
            succeeded_at=source.succeeded_at,
            error=source.error,
            failures=source.failures,
            brought=source.brought,
            removed=source.removed,
            waiting=source.waiting,
            failed=source.failed,
        )


class SourceList(BaseModel):
    """All sources, in the order in which they were added."""

    feeds: list[SourceInfo]


class FailedEntry(BaseModel):
    """Something from a source that could not be read, and why."""

    name: str
    error: str
    seen_at: Moment


class FailedList(BaseModel):
    """What could not be read, latest first; at most 100."""

    failed: list[FailedEntry]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> FailedList:
        """Describe the entries."""
        return cls(failed=[FailedEntry(name=one.name, error=one.error or "", seen_at=one.seen_at) for one in entries])


class Retried(BaseModel):
    """How many entries will be tried again."""

    retried: int
