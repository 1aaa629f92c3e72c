"""Reports: near-identical articles, and which of them was first. ``copies.py`` groups them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from index.articles import Article
from index.store import schema
from index.store.database import batches

MAX_MEMBERS = 50
"""Articles of a report that are named; all are counted."""
_OPENING_CHARS = 500
"""Of an article without a title, which its first sentence stands in for."""

_ARTICLES = schema.articles.c


@dataclass(frozen=True, slots=True)
class Member:
    """One of the articles of a report; ``opening`` is how its prose begins, for want of a title."""

    id: str
    title: str | None
    publisher: str | None
    published: date | None
    opening: str = field(default="", compare=False)

    @property
    def start(self) -> Article:
        """The article as far as its opening, for what is shown of it in a list."""
        return Article(self.opening, title=self.title)


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
    opening = sa.func.substr(_ARTICLES.text, _ARTICLES.body_start + 1, _OPENING_CHARS).label("opening")
    columns = _ARTICLES.report, _ARTICLES.id, _ARTICLES.title, _ARTICLES.publisher, _ARTICLES.published, opening
    for batch in batches(sorted(numbers)):
        ranked = sa.select(*columns, place, count).where(_ARTICLES.report.in_(batch), schema.CURRENT).subquery()
        for row in connection.execute(
            sa.select(ranked).where(ranked.c.place <= MAX_MEMBERS).order_by(ranked.c.report, ranked.c.place)
        ):
            inside[row.report].append(Member(row.id, row.title, row.publisher, row.published, row.opening))
            counts[row.report] = row.size
    return {number: Report(counts[number], tuple(members)) for number, members in inside.items() if counts[number] > 1}
