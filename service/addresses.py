"""What lies at an address, as articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from index.articles import Article
from index.errors import Unfetchable, UnreadableArticle
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
        return [_at(outcome, fetched.url if is_alone else None) for outcome in found]

    def _outcomes(self, fetched: Fetched) -> Iterator[Outcome]:
        charset = f"; charset={fetched.encoding}" if fetched.encoding else ""
        media_type = fetched.media_type + charset if fetched.media_type else None
        limits = self._components.settings.limits
        yield from read(fetched.url, BytesIO(fetched.body), limits, media_type=media_type, url=fetched.url)


def _at(outcome: Outcome, url: str | None) -> Outcome:
    """Return the article with its address; one that no server could have stays as it is."""
    if isinstance(outcome, UnreadableArticle) or not (outcome.url or url):
        return outcome
    try:
        return replace(outcome, url=without_tracking(outcome.url or url or ""))
    except Unfetchable:
        return outcome
