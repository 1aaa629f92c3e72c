"""What the archive holds, for the pages: counted when it has changed, not whenever a page is opened."""

from __future__ import annotations

from dataclasses import dataclass

from index.store import Counts, Store

MAX_PUBLISHERS = 100
"""To choose from; a question can name as many."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What there was at a change of the archive."""

    change: int
    counts: Counts
    publishers: tuple[str, ...]


class Surveyor:
    """Keeps the latest overview."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest: Overview | None = None

    def overview(self) -> Overview:
        """Return what there is now."""
        change, latest = self._store.last_change(), self._latest
        if latest is None or latest.change != change:
            publishers = tuple(self._store.publishers(MAX_PUBLISHERS))
            self._latest = latest = Overview(change, self._store.counts(), publishers)
        return latest
