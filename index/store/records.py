"""Articles as they are kept, read from the rows of their table."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from index.articles import Article
from index.errors import DamagedArticle
from index.store.collections import Named
from index.store.database import Row
from index.store.reports import Report

_log = logging.getLogger(__name__)


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
        )
        return cls(article, row.added_at, row.superseded_by, row.sha256, collections, report)

    @property
    def is_sound(self) -> bool:
        """Whether the text is still the one that was taken in."""
        return self.article.sha256 == self.sha256


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
