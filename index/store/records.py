"""Articles as they are kept, read from the rows of their table."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.articles import Article, Origin, Place
from index.errors import DamagedArticle
from index.store import schema
from index.store.collections import Named
from index.store.database import Row
from index.store.reports import Report

_log = logging.getLogger(__name__)

_ORIGIN = [column.label(f"origin_{column.name}") for column in schema.origins.c]
RECORDS = sa.select(schema.articles, *_ORIGIN).select_from(
    schema.articles.outerjoin(schema.origins, schema.origins.c.article_key == schema.articles.c.key)
)
"""Articles with their origins. Rows of the table of articles alone give articles without."""


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is kept: when it was added (UTC), and the id of the article that superseded it, if any.

    ``sha256`` is that of the text that was taken in, ``collections`` are those that it is in, by name,
    and ``report`` is what it is a copy of; None if there is no other.
    """

    article: Article
    added_at: datetime
    superseded_by: str | None
    sha256: str
    collections: tuple[Named, ...] = ()
    report: Report | None = None

    @classmethod
    def of(cls, row: Row, collections: tuple[Named, ...] = (), report: Report | None = None) -> Record:
        """Return the record of a row whose text has not been removed."""
        article = Article(
            text=row.text,
            title=row.title,
            publisher=row.publisher,
            agency=row.agency,
            author=row.author,
            url=row.url,
            published=row.published,
            body_start=row.body_start,
            report=row.report,
            origin=_origin(row),
        )
        return cls(article, row.added_at, row.superseded_by, row.sha256, collections, report)

    @property
    def is_sound(self) -> bool:
        """Whether the text is still the one that was taken in."""
        return self.article.sha256 == self.sha256


def _origin(row: Row) -> Origin | None:
    if getattr(row, "origin_sha256", None) is None:
        return None
    return Origin(
        sha256=row.origin_sha256,
        media_type=row.origin_media_type,
        extractor=row.origin_extractor,
        version=row.origin_version,
        encoding=row.origin_encoding,
        places=tuple(Place(start, label) for start, label in json.loads(row.origin_places)),
        is_guess=row.origin_is_guess,
    )


class Soundness:
    """Leaves out articles that somebody or something changed from outside; each is logged once."""

    def __init__(self) -> None:
        self.damaged: set[str] = set()
        """The ids of those that were met since the start."""

    def sound(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows of articles whose text is the one that was taken in."""
        for row in rows:
            if Record.of(row).is_sound:
                yield row
            else:
                self.note(row.id)

    def note(self, article_id: str) -> None:
        """Remember that the article was found damaged."""
        if article_id not in self.damaged:
            self.damaged.add(article_id)
            _log.error("%s", DamagedArticle(article_id))
