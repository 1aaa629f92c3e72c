"""The archive as a list: searched, narrowed, counted, sorted, taken out, and removed from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from index.articles import Filters
from index.formats import jsonl
from index.search.engine import MAX_ARTICLES
from index.store.articles import Page, Sort
from index.store.facets import Counted, Facets, Totals
from index.store.records import Record
from index.text.sentences import heading
from service.application.collections import Collections
from service.application.limits import (
    check_at_once,
    check_characters,
    check_filters,
    check_length,
    check_page_size,
    searched_words,
)
from service.errors import BadField
from service.wiring import Components

_MAX_PUBLISHERS = 100
"""To choose from: as many as one question can name."""
_NEWEST = 6
"""Articles that the first page names: a screen of a desk has room for them below the first questions."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles: those that hold all of these words, if there are any, and pass the filters, in this order.

    By default the best match comes first or, without words, the newest.
    """

    words: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort | None = None


class Headline(NamedTuple):
    """An article as a list names it; ``title`` is its first words where it has none."""

    id: str
    title: str
    publisher: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the archive holds, and the newest of it."""

    totals: Totals
    newest: tuple[Headline, ...]

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self.totals.articles

    @property
    def publishers(self) -> tuple[Counted[str], ...]:
        """The publishers with the most articles, and how many they have: as many as one question can name."""
        return self.totals.publishers[:_MAX_PUBLISHERS]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of these, sorted."""
        return tuple(sorted(one.value for one in self.publishers))


class Archive:
    """The articles of an archive."""

    def __init__(self, components: Components, collections: Collections) -> None:
        self._components, self._collections = components, collections

    def overview(self) -> Overview:
        """Return what the archive holds now; it reads no more texts than there are newest articles."""
        store = self._components.store
        newest = (record.article for record in store.articles.page(0, _NEWEST).records)
        named = (Headline(one.id, heading(one), one.publisher, one.published) for one in newest)
        return Overview(Totals.of(store.database), tuple(named))

    def page(self, wanted: Wanted, offset: int, limit: int) -> Page:
        """Return some of the current articles that are wanted; of those with its words, the best ``MAX_ARTICLES``.

        :raises BadField: if ``limit`` is more than the settings allow, there is no such collection, a filter or the
            words are outside the limits, or they hold no word.
        """
        check_page_size(limit, self._components.settings.max_page_size)
        return self._pages(wanted)(offset, limit)

    def every(self, wanted: Wanted) -> Iterator[Record]:
        """Yield all of the current articles that are wanted, in their order.

        :raises BadField: as ``page`` does.
        """
        step, page = self._components.settings.max_page_size, self._pages(wanted)
        for offset in range(0, page(0, 0).total, step):
            yield from page(offset, step).records

    def facets(self, wanted: Wanted) -> Facets:
        """Return how many of the articles that are wanted there are by publisher, month, collection and source.

        :raises BadField: as ``page`` does.
        """
        wanted = self._checked(wanted)
        return Facets.of(self._components.store.database, wanted.filters, self._found(wanted.words, Filters()))

    def export(self, wanted: Wanted) -> Iterator[str]:
        """Yield the articles that are wanted as lines of JSON that ``add`` takes back, in the order in which they came.

        They are read as the lines are: there is never more than a few of them in memory.

        :raises BadField: as ``page`` does, before the first line.
        """
        wanted = self._checked(wanted)
        found = self._found(wanted.words, wanted.filters)
        records = self._components.store.articles.every(wanted.filters, found)
        return (jsonl.written(record.article, [one.name for one in record.collections]) for record in records)

    def remove(self, article_ids: Sequence[str]) -> int:
        """Remove the articles from all answers, and return how many were here; those that are gone already are passed.

        :raises BadField: if they are more than fit on a page.
        """
        check_at_once("article_id", article_ids, self._components.settings.max_page_size)
        here = self._components.store.articles.records(article_ids)
        for article_id in here:
            self._components.store.articles.remove(article_id)
        return len(here)

    def _pages(self, wanted: Wanted) -> Callable[[int, int], Page]:
        """Return what gives the page from an offset on, of at most so many: the words are searched for once."""
        wanted = self._checked(wanted)
        found = self._found(wanted.words, wanted.filters)
        sort = wanted.sort or (Sort.NEWEST if found is None else Sort.BEST)
        if sort is Sort.BEST and found is None:
            raise BadField("sort", "best needs words to search for")
        return partial(self._components.store.articles.page, filters=wanted.filters, sort=sort, found=found)

    def _checked(self, wanted: Wanted) -> Wanted:
        most = self._components.settings.max_question_chars
        check_length("q", wanted.words, most)
        check_characters("q", wanted.words)
        check_filters(wanted.filters, most)
        return replace(wanted, filters=self._collections.resolved(wanted.filters, "collection"))

    def _found(self, text: str, filters: Filters) -> list[int] | None:
        """Return the keys of the articles with these words, best first; None if there are no words."""
        if not text.strip():
            return None
        terms = searched_words("q", text)
        known = replace(filters, sources=())  # the rest is SQL's: no engine is told which source brings what
        matches = self._components.engine.search_articles(terms, MAX_ARTICLES, known)
        return [match.key for match in matches]
