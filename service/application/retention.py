"""What sources brought is removed again, the oldest first, where the settings or the source's own wishes limit it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from index.errors import UnknownArticle
from index.store.retention import Held
from index.store.sources import Source, now
from service.wiring import Components


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many articles were removed: for a source's limits, and for the archive's.

    ``beyond`` are more than the archive should have, and stay, as they are not a source's alone.
    """

    removed: int = 0
    for_quota: int = 0
    beyond: int = 0


class Retention:
    """Removes articles as ``remove`` does. One that another source or somebody brought, too, stays."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def tidy(self, goes_on: Callable[[], bool]) -> Tidied:
        """Remove what is more, or older, than is to be kept."""
        removed = sum(self._tidy(source, goes_on) for source in self._components.sources.every())
        most, kept = self._components.settings.max_articles, self._components.retention
        beyond = max(0, kept.kept() - most) if most else 0
        for_quota = self._remove(kept.oldest(beyond), goes_on) if beyond else 0
        return Tidied(removed, for_quota, beyond - for_quota)

    def _tidy(self, source: Source, goes_on: Callable[[], bool]) -> int:
        settings, wishes, kept = self._components.settings, source.wishes, self._components.retention
        days = settings.keep_source_days if wishes.keep_days is None else wishes.keep_days
        most = settings.keep_source_articles if wishes.keep_articles is None else wishes.keep_articles
        old = kept.before(source.number, now() - timedelta(days=days)) if days else []
        more = kept.beyond(source.number, most) if most else []
        return self._remove(list(dict.fromkeys((*old, *more))), goes_on)

    def _remove(self, held: Sequence[Held], goes_on: Callable[[], bool]) -> int:
        """Remove the articles first, and then forget that they were held: killed in between, it is done again."""
        removed = 0
        for one in held:
            if not goes_on():
                break
            if one.is_alone:
                try:
                    self._components.store.articles.remove(one.article_id)
                    removed += 1
                except UnknownArticle:  # somebody was first
                    pass
            self._components.retention.release([one])
        return removed
