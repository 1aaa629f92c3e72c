"""A list of articles as pages show it: which, in which order, how many, and the addresses of other parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from index.search.engine import MAX_ARTICLES
from index.store.articles import Page, Sort
from index.store.facets import Facets
from index.store.records import Record
from service.application.archive import Wanted
from service.schemas.articles import NarrowedString
from service.web.pages.paging import Pages, part
from service.web.requests import newsquote, page_number


class Asked(NarrowedString):
    """What the address asks for."""

    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list; ``within`` is the id of the collection whose list it is, if it is one's."""

    asked: Asked
    page: Page
    facets: Facets
    number: int
    within: str | None

    @classmethod
    def asked_for(cls, within: str | None = None) -> Listing:
        """Return the part of the list that this request's address asks for.

        :raises ValidationError: if something in it is invalid; ``BadField`` as ``Archive.page`` does.
        """
        asked, number = asked_in_address(within), page_number()
        wanted = Wanted(asked.q, asked.filters(), asked.sort)
        archive = newsquote().archive
        page = archive.page(wanted, *part(number))
        return cls(asked, page, archive.facets(wanted), number, within)

    @property
    def pages(self) -> Pages:
        """The pages of the list."""
        return Pages(self.number, self.page.total, lambda number: list_address(self.asked, self.within, page=number))

    @property
    def is_narrowed(self) -> bool:
        """Whether words or filters, beside the collection whose list it is, leave articles out."""
        return bool(self.asked.q or self.narrowing)

    @property
    def narrowing(self) -> int:
        """How many filters are set, beside the collection whose list it is."""
        asked = self.asked
        chosen = () if self.within else asked.collection
        return sum(map(bool, (asked.publisher, asked.month, chosen, asked.source)))

    @property
    def is_cut(self) -> bool:
        """Whether there are more articles with these words than are listed."""
        return bool(self.asked.q) and self.page.total >= MAX_ARTICLES

    @property
    def sort(self) -> Sort:
        """The order in which they are."""
        return self.asked.sort or (Sort.BEST if self.asked.q.strip() else Sort.NEWEST)

    @property
    def records(self) -> tuple[Record, ...]:
        """The articles on this page."""
        return self.page.records

    def address(self, endpoint: str) -> str:
        """Return the address of another view of the same articles."""
        return url_for(endpoint, **_given(self.asked))

    @property
    def selected(self) -> str:
        """The address to which the articles that are selected on this page are sent."""
        place = _given(self.asked) | {"within": self.within, "page": self.number}
        return url_for("archive.selected", **place)


def asked_in_address(within: str | None = None) -> Asked:
    """Return what this request's address asks for; an empty value asks for nothing.

    :raises ValidationError: if something in it is invalid.
    """
    several = {
        name: [one for one in request.args.getlist(name) if one] for name in ("publisher", "collection", "source")
    }
    single = {name: request.args[name] for name in ("q", "month", "sort") if request.args.get(name)}
    if within:
        several["collection"] = [within]
    return Asked.model_validate(several | single)


def list_address(asked: Asked, within: str | None, **more: Any) -> str:
    """Return the address of the list."""
    if within:
        return url_for("collections.show", collection_id=within, **_given(asked, "collection"), **more)
    return url_for("archive.index", **_given(asked), **more)


def _given(asked: Asked, *without: str) -> dict[str, Any]:
    given: dict[str, Any] = {
        "q": asked.q,
        "publisher": asked.publisher,
        "month": asked.month,
        "collection": asked.collection,
    }
    given |= {"source": asked.source, "sort": asked.sort and asked.sort.value}
    return {name: value for name, value in given.items() if value and name not in without}
