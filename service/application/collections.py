"""Collections of articles, each for a story or a project, and asking within some of them."""

from __future__ import annotations

from collections.abc import Collection as Several
from dataclasses import replace

from index.articles import Filters
from index.formats.fields import MAX_COLLECTION_CHARS
from index.store.collections import Collection
from service.application.limits import check_at_once, check_characters, check_length
from service.errors import BadField
from service.wiring import Components


class Collections:
    """The collections of an archive."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def make(self, name: str) -> Collection:
        """Make an empty collection.

        :raises BadField: if the name is empty, too long, not text or in use.
        :raises FullCollections: if there are as many as there can be.
        """
        plain = _checked(name)
        made = self._components.store.collections.make(plain)
        if made is None:
            raise _taken(plain)
        return made

    def every(self) -> list[Collection]:
        """Return all collections, by name."""
        return self._components.store.collections.every()

    def one(self, collection_id: str) -> Collection:
        """Return the collection with this id.

        :raises UnknownCollection: if there is none.
        """
        return self._components.store.collections.one(collection_id)

    def id_of(self, given: str) -> str:
        """Return the id of the collection that is given by its id or its name.

        :raises BadField: if there is none.
        """
        (collection_id,) = self.resolved(Filters(collections=(given,)), "collection").collections
        return collection_id

    def rename(self, collection_id: str, name: str) -> Collection:
        """Give the collection another name, and return it.

        :raises BadField: if the name is empty, too long, not text or another's.
        :raises UnknownCollection: if there is none with this id.
        """
        plain = _checked(name)
        if not self._components.store.collections.rename(collection_id, plain):
            raise _taken(plain)
        return self.one(collection_id)

    def delete(self, collection_id: str) -> None:
        """Forget the collection; its articles stay in the archive.

        :raises UnknownCollection: if there is none with this id.
        """
        self._components.store.collections.delete(collection_id)

    def put(self, collection_id: str, article_ids: Several[str]) -> int:
        """Put articles in the collection, and return how many were not in it.

        :raises UnknownCollection: if there is none with this id.
        :raises UnknownArticle: if one of the articles is not here; ``RemovedArticle`` if it was removed.
        """
        self._check_articles(article_ids)
        return self._components.store.collections.put(collection_id, article_ids)

    def take_out(self, collection_id: str, article_ids: Several[str]) -> int:
        """Take articles out of the collection, and return how many were in it.

        :raises UnknownCollection: if there is none with this id.
        :raises UnknownArticle: if one of the articles is not here; ``RemovedArticle`` if it was removed.
        """
        self._check_articles(article_ids)
        return self._components.store.collections.take_out(collection_id, article_ids)

    def resolved(self, filters: Filters, field: str = "filters.collection") -> Filters:
        """Return the filters with the ids of their collections, which may be given by name.

        :raises BadField: if there is no such collection.
        """
        if not filters.collections:
            return filters
        check_characters(field, *filters.collections)
        ids = self._components.store.collections.ids(filters.collections)
        for given in filters.collections:
            if given not in ids:
                raise BadField(field, f"no collection is called {given[:MAX_COLLECTION_CHARS]!r}")
        return replace(filters, collections=tuple(dict.fromkeys(ids[given] for given in filters.collections)))

    def _check_articles(self, article_ids: Several[str]) -> None:
        check_at_once("article_id", article_ids, self._components.settings.max_page_size)
        known = self._components.store.articles.records(article_ids)
        for article_id in article_ids:
            if article_id not in known:
                self._components.store.articles.record(article_id)  # which says what is wrong with it


def _checked(name: str) -> str:
    check_characters("name", name)
    check_length("name", name, MAX_COLLECTION_CHARS)
    plain = " ".join(name.split())
    if not plain:
        raise BadField("name", "missing")
    return plain


def _taken(name: str) -> BadField:
    return BadField("name", f"another collection is already called {name!r}")
