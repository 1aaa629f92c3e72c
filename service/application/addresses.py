"""What lies at an address, as articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from index.articles import Article
from index.errors import Unfetchable
from index.formats.files import Outcome, read
from index.sources.addresses import without_tracking
from index.sources.fetching import Fetched
from service.wiring import Components


class Addresses:
    """Fetches what is named by its address, and reads it."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def read(self, url: str) -> list[Outcome]:
        """Return the articles at the address, and what is there and cannot be read.

        An article that is alone there, and names no address of its own site, has this one; parameters that only track
        are dropped from both, so that the same article comes in once.

        :raises Unfetchable: if it cannot be fetched.
        """
        fetched = self._components.fetcher.fetch(without_tracking(url))
        found = list(self._outcomes(fetched))
        is_alone = sum(isinstance(outcome, Article) for outcome in found) == 1
        place = fetched.url if is_alone else None
        return [at(outcome, place) if isinstance(outcome, Article) else outcome for outcome in found]

    def _outcomes(self, fetched: Fetched) -> Iterator[Outcome]:
        charset = f"; charset={fetched.encoding}" if fetched.encoding else ""
        media_type = fetched.media_type + charset if fetched.media_type else None
        limits = self._components.settings.limits
        yield from read(fetched.url, BytesIO(fetched.body), limits, media_type=media_type, url=fetched.url)


def at(article: Article, url: str | None = None) -> Article:
    """Return the article with its address, or ``url`` if it has none; one that no server could have stays as it is."""
    if not (article.url or url):
        return article
    try:
        return replace(article, url=without_tracking(article.url or url or ""))
    except Unfetchable:
        return article
