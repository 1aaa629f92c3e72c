"""Reports: near-identical articles, and which of them was first. ``copies.py`` groups them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from index.store import schema
from index.store.database import batches

MAX_MEMBERS = 50
"""Articles of a report that are named; all are counted."""

_ARTICLES = schema.articles.c


@dataclass(frozen=True, slots=True)
class Member:
    """One of the articles of a report."""

    id: str
    title: str | None
    publisher: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Report:
    """Near-identical articles: how many, and some of them, the first published first, undated ones last."""

    articles: int
    members: tuple[Member, ...]

    @property
    def copies(self) -> int:
        """How many there are beside the first."""
        return self.articles - 1

    @property
    def first(self) -> Member:
        """The one that was published first."""
        return self.members[0]

    def others(self, article_id: str) -> tuple[Member, ...]:
        """Return the members other than this article."""
        return tuple(member for member in self.members if member.id != article_id)


def numbered(connection: sa.Connection, numbers: Collection[int]) -> dict[int, Report]:
    """Return the reports with these numbers."""
    inside: dict[int, list[Member]] = defaultdict(list)
    counts: dict[int, int] = {}
    order = _ARTICLES.published.asc().nulls_last(), _ARTICLES.key
    place = sa.func.row_number().over(partition_by=_ARTICLES.report, order_by=order).label("place")
    count = sa.func.count().over(partition_by=_ARTICLES.report).label("size")
    columns = _ARTICLES.report, _ARTICLES.id, _ARTICLES.title, _ARTICLES.publisher, _ARTICLES.published
    for batch in batches(sorted(numbers)):
        ranked = sa.select(*columns, place, count).where(_ARTICLES.report.in_(batch), schema.CURRENT).subquery()
        for row in connection.execute(
            sa.select(ranked).where(ranked.c.place <= MAX_MEMBERS).order_by(ranked.c.report, ranked.c.place)
        ):
            inside[row.report].append(Member(row.id, row.title, row.publisher, row.published))
            counts[row.report] = row.size
    return {number: Report(counts[number], tuple(members)) for number, members in inside.items() if counts[number] > 1}
